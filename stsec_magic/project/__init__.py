"""What stands around a notebook: the project's own files."""
