"""From a file to addressed texts: read, upgrade, walk, and find places again in the file."""
