"""Texts of any language by their tokens: Pygments' lexers, and readers of our own for shells and .env files."""
