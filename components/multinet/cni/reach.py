"""Which pods on a network can talk to each other."""

from __future__ import annotations

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Whether two pods can talk: True: they must; None: it may be tried; False: they cannot.

    Attributes:
        across: pods on different nodes.
        same_node: pods on one node.
        why: why not, where both are False.
    """

    across: bool | None
    same_node: bool | None
    why: str = ""

    def between(self, one: str, other: str) -> bool | None:
        """For pods on the nodes of these names."""
        return self.same_node if one == other else self.across


def nobody(why: str) -> Reach:
    """No two pods."""
    return Reach(across=False, same_node=False, why=why)


EVERYBODY: Final = Reach(across=True, same_node=True)
UNKNOWN: Final = Reach(across=None, same_node=None)
