"""What customers make of it: perceived waits, gaps, memory and satisfaction, computed from the log."""
