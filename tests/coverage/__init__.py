"""How often the program's intervals hold the truth, and its choices are right, where the truth is known exactly."""
