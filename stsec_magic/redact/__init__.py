"""A notebook with every secret masked, made in memory: what may be shown to anybody."""
