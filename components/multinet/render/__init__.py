"""Runs the real program without engine and cluster, and writes what it would create."""

from multinet.render.program import Plan, Planned, run
from multinet.render.write import Rendered, manifests_of, write

__all__ = ["Plan", "Planned", "Rendered", "manifests_of", "run", "write"]
