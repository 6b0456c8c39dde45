"""What can be mended and how: hits to edits. Nothing is written here."""
