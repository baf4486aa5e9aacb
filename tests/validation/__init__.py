"""Published figures, and what the program gives for them: `python -m tests.validation.table` writes the page."""
