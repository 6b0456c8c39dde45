"""What is looked for: one file, one rule."""
