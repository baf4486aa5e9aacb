"""What managers do between days: training and the bookkeeping of its effect."""
