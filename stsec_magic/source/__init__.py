"""A notebook's code: magics taken out, cells parsed, names and values followed."""
