"""Nodes: settings, derived needs, scripts."""
