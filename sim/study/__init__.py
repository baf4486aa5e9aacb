"""Studies: replications, measures, precision and the results on disk."""
