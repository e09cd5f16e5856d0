"""Readers of text that others wrote: bounded in size, depth and time."""
