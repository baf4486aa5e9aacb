"""Sensitivity: which of the assumed parameters matter, and which conclusions they turn."""
