"""Nodes: what the networks need on each, checked, made and undone over SSH."""
