"""Benchmarks: figures side by side in one run, never a verdict on time."""
