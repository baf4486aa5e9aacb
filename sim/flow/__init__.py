"""What happens at the site: the plan of one replication, the engine that runs it, the log it writes."""
