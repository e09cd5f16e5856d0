"""What a rig says of itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from rig.cluster.state import State
from rig.errors import RigError
from rig.node.control import Node


@dataclass(frozen=True)
class Status:
    """State of a rig.

    Attributes:
        name: the rig's name.
        state: ``down`` (nothing of it exists), ``starting`` (or its ``up`` was interrupted),
            ``up``, ``degraded`` (a component ended by itself) or ``dead`` (the whole node did).
        kind: ``cluster`` or ``control-plane``, once it was up.
        kubeconfig: its path, once it was up.
        components: name → ``state`` (not started, running, stopped, dead), with ``pid`` (in the
            node), ``exit`` (negative: a signal) and ``since`` (seconds since 1970) where they
            apply.
    """

    name: str
    state: str
    kind: str | None = None
    kubeconfig: str | None = None
    components: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A plain object of it."""
        return asdict(self)


def of_node(state: State) -> dict[str, dict[str, Any]]:
    """What a further node says of its components; that it is dead where it says nothing."""
    try:
        return Node(state.directory, "").status()
    except RigError:
        return {"node": {"state": "dead"}}
