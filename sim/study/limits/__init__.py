"""Limits: what a measure must keep, and whether replications show that it does."""
