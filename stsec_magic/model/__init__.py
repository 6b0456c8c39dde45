"""The words of the product as frozen data: nothing here reads, searches or prints."""
