"""Decisions of staff and customers: pure functions of numbers, one idea per file, used by every engine."""
