"""Comparison: what each policy changes, how surely, at what cost, and where the change comes from."""
