"""What happens between two periods, worked out by hand."""
