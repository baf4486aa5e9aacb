"""Selection: the best policy with a guarantee, or the cheapest that keeps every limit."""
