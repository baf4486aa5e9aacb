"""Results: what a run found, as tables, in memory and on disk."""
