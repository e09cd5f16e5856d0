"""What a node is to be: written by ``up``, read by the node's first process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

CONTROL_SOCKET = "control.sock"
RECORD = "supervisor.json"
SPEC = "spec.json"
LOGS = "logs"
LAN_NETNS = "/run/multinet/lan"
"""Where the second network namespace, which stands for the LAN, is held inside the node."""


@dataclass(frozen=True)
class Component:
    """A process of the node.

    Attributes:
        name: its name in commands and the stem of its log file.
        argv: its command, with an absolute path.
        env: variables added to the node's environment.
        listener: whether it gets the listening socket, as descriptor 3.
    """

    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    listener: bool = False


@dataclass(frozen=True)
class Network:
    """Addresses of the node and of the LAN it hangs on.

    Attributes:
        uplink: the node's interface on the LAN.
        port: its other end, at the LAN's switch.
        node: the node's address there, with its prefix length.
        gateway: address of the LAN's gateway, with its prefix length.
        pods: routed by the LAN to the node; None: nothing yet.
        services: routed by the node towards the LAN, where nothing answers; kube-proxy catches
            them before. Without a route the kernel would refuse before kube-proxy's rules.
        refused: ranges that the node refuses at once.
    """

    uplink: str
    port: str
    node: str
    gateway: str
    pods: str | None
    services: str
    refused: list[str]


@dataclass(frozen=True)
class NodeSpec:
    """Everything the node's first process needs to know.

    Attributes:
        hostname: the node's name in its own UTS namespace.
        state: the rig's state directory, at the same path inside the node.
        cgroup: name of its cgroup under the root of each hierarchy.
        path: PATH of everything in the node.
        private: directory in the node → directory under ``state`` that is mounted there.
        components: what it may run; nothing is started before it is asked for.
    """

    hostname: str
    state: str
    cgroup: str
    path: str
    network: Network
    private: dict[str, str]
    components: list[Component]

    def save(self) -> None:
        """Write it into the state directory."""
        (Path(self.state) / SPEC).write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls, state: Path) -> NodeSpec:
        """Read it back. Raises OSError or ValueError."""
        raw = json.loads((state / SPEC).read_text())
        raw["network"] = Network(**raw["network"])
        raw["components"] = [Component(**component) for component in raw["components"]]
        return cls(**raw)
