"""From hits to findings: which count, how they are masked, placed and named."""
