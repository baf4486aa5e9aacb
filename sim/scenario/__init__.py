"""The blueprint of a site: what a scenario file may say, read and checked."""
