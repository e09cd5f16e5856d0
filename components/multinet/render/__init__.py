"""Runs the real program without engine and cluster, and writes what it would create."""

from multinet.render.program import Plan, Planned, run
from multinet.render.steps import Step, manifests_of
from multinet.render.write import Rendered, write

__all__ = ["Plan", "Planned", "Rendered", "Step", "manifests_of", "run", "write"]
