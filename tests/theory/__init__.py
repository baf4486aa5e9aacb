"""Queueing theory against the simulator: exact values, the cases, and the rule that judges them together."""
