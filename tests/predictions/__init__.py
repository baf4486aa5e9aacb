"""What the model predicts: the direction of each effect, found on the same customers under two policies."""
