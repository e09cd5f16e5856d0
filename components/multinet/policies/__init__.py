"""Policies: which traffic of pods passes on which networks."""
