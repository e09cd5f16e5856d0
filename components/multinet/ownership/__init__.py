"""Whose the objects are that a stack is about to write: others' are not taken over."""
