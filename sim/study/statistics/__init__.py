"""What numbers of replications can prove: intervals, differences, stopping rules, selection; no simulation in here."""
