"""Where an object of a configuration stands, beyond the object itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """The surroundings of a plugin object, as far as they are known.

    Attributes:
        name: the CNI network's.
        namespace: of its NetworkAttachmentDefinition.
        position: in a list of plugins; None: it is a configuration of its own.
        nodes: how many nodes are declared; 0: not known.
        conf_dir: the nodes' directory of CNI configurations; empty: not known.
        brought: program that the environment brings to every node by an add-on → the namespace
            that it runs in.
    """

    name: str
    namespace: str
    position: int | None = None
    nodes: int = 0
    conf_dir: str = ""
    brought: Mapping[str, str] = dataclasses.field(default_factory=dict)
