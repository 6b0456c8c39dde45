"""Plans carried out: files written, whole or not at all."""
