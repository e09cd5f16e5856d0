"""What differs between two environments, by meaning: defaults filled in, order and form aside."""

from multinet.diff.compare import ABSENT, Difference, Kind, compare
from multinet.diff.plain import plain

__all__ = ["ABSENT", "Difference", "Kind", "compare", "plain"]
