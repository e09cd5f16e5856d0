"""Tests of verify that need no cluster."""
