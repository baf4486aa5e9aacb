"""Chance: keyed random streams and the laws that turn a uniform number into a duration."""
