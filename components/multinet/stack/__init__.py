"""A stack's configuration as typed, checked values."""

from multinet.stack.load import Environment, load
from multinet.stack.settings import StackSettings

__all__ = ["Environment", "StackSettings", "load"]
