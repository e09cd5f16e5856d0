"""What differs between two environments, by meaning: defaults filled in, order and form aside."""

from multinet.diff.comparable import comparable
from multinet.diff.compare import ABSENT, Change, Difference, compare

__all__ = ["ABSENT", "Change", "Difference", "comparable", "compare"]
