"""Management: what is seen of a period, and what is done about it before the next one. State in, State out."""
