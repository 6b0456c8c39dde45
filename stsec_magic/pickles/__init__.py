"""What a pickle would do if it were loaded: read from its bytes, never loaded."""
