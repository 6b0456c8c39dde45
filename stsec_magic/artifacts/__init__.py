"""A file, a folder or bytes to a verdict: what would happen if they were loaded?"""
