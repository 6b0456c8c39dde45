"""A report drawn: one file, one format."""
