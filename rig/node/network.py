"""The node's network: an uplink to a LAN of its own, and no way out.

The LAN is a second network namespace with a switch, which further nodes of the cluster hang on
as well, and a gateway. None of them is connected to the machine's, so nothing that a pod sends can
reach anything but the nodes and the gateway.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from rig.errors import CommandError
from rig.node.kernel import CLONE_NEWNET, MS_BIND, mount, setns, unshare
from rig.node.spec import LAN_NETNS, Network

_SWITCH = "lan0"
_SWITCH_MAC = "02:00:00:00:00:01"
"""Of its own: a bridge's changes with its ports otherwise, and neighbours lose the gateway."""
_SELF = "/proc/thread-self/ns/net"


def build(network: Network, lan: int | None = None) -> None:
    """Set up the node's network namespace, which this process must be in, and its LAN.

    ``lan`` is an open descriptor of the network namespace of a LAN that is there already; without
    one the node makes its own. Raises OSError and CommandError.
    """
    _hold_lan(lan)
    if lan is None:
        _in_lan(
            "link set lo up",
            # As a switch in a cupboard: it forwards, and has no opinion on multicast.
            f"link add {_SWITCH} address {_SWITCH_MAC} type bridge mcast_snooping 0",
            f"address add {network.gateway} dev {_SWITCH}",
            f"link set {_SWITCH} up",
            "route add unreachable default",
        )
    node = network.node.split("/")[0]
    gateway = network.gateway.split("/")[0]
    _ip(
        "link set lo up",
        f"link add {network.uplink} type veth peer name {network.port} netns {LAN_NETNS}",
        f"address add {network.node} dev {network.uplink}",
        f"link set {network.uplink} up",
        f"route add {network.services} via {gateway} dev {network.uplink}",
        *(f"route add unreachable {cidr}" for cidr in network.refused),
    )
    _in_lan(f"link set {network.port} master {_SWITCH} up")
    if network.pods:
        _in_lan(f"route add {network.pods} via {node} dev {_SWITCH}")
    _forward()
    # Traffic between two pods through a service address crosses the bridge twice; only when
    # bridged packets pass the packet filter does the answer find its way back.
    _set("net/bridge/bridge-nf-call-iptables", "1")


def _hold_lan(lan: int | None) -> None:
    """Have the LAN's namespace, a new one or that of the descriptor, at its place in the node."""
    held = Path(LAN_NETNS)
    held.parent.mkdir(parents=True, exist_ok=True)
    held.touch()
    node = os.open(_SELF, os.O_RDONLY)
    try:
        if lan is None:
            unshare(CLONE_NEWNET)
            # Here too: a packet for an unknown address is to be answered, not lost.
            _forward()
        else:
            setns(lan, CLONE_NEWNET)
        mount(_SELF, held, flags=MS_BIND)
        setns(node, CLONE_NEWNET)
    finally:
        os.close(node)


def _in_lan(*commands: str) -> None:
    node = os.open(_SELF, os.O_RDONLY)
    lan = os.open(LAN_NETNS, os.O_RDONLY)
    try:
        setns(lan, CLONE_NEWNET)
        _ip(*commands)
    finally:
        setns(node, CLONE_NEWNET)
        os.close(node)
        os.close(lan)


def _ip(*commands: str) -> None:
    for command in commands:
        argv = ["ip", *command.split()]
        ran = subprocess.run(argv, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise CommandError(argv, ran.returncode, ran.stdout, ran.stderr)


def _forward() -> None:
    _set("net/ipv4/ip_forward", "1")
    # By default one "unreachable" per second: the others would wait for their timeout.
    _set("net/ipv4/icmp_ratelimit", "0")


def _set(name: str, value: str) -> None:
    setting = Path("/proc/sys") / name
    if setting.exists():
        setting.write_text(value)
