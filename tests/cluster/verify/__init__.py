"""`multinet verify` against a real cluster."""
