"""Perception by hand: small logs written out, and what their customers make of them."""
