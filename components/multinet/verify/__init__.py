"""A live cluster against what a stack declares: a short-lived pod on every network."""
