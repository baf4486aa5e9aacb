"""What is counted of each day, one family of measures in a file; tallies add up and turn into rows."""
