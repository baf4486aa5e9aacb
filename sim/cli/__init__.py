"""The command line: parse, call, print; one file for a family of verbs."""
