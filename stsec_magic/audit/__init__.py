"""Many notebooks: which files, with which choices, on how many processes."""
