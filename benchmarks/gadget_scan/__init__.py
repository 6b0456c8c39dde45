"""Reads libraries, never importing them, for functions that do harm with what they are called with."""
