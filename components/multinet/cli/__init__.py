"""The `multinet` command: what needs no engine."""

from multinet.cli.app import main

__all__ = ["main"]
