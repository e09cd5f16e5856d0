"""What a primary CNI of ours leaves on a node when it is gone from the cluster. Pure.

Calico 3.28 and Cilium 1.20, as they were found there after a destroy.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from multinet import paths


@dataclasses.dataclass(frozen=True, slots=True)
class Leavings:
    """What is to be taken away.

    Attributes:
        agent: name of the agent's process: where it runs, all of it is in use.
        what: `file:PATH`, also of a directory; `link:NAME`; `rules:CHAINS COMMENTS`: iptables rules in
            chains of that prefix, and rules elsewhere that lead there or have such a comment;
            `sets:NAMES`: IP sets of that prefix; `routes:PROTOCOL`: black holes of that protocol.
    """

    agent: str = ""
    what: tuple[str, ...] = ()


NONE: Final = Leavings()


def leavings(plugin: str, conf_dir: str, bin_dir: str) -> Leavings:
    """Of Calico or Cilium; of an existing primary none: it is others'.

    What may hold a mount of the agent's (/run/calico, /run/cilium) goes at the next boot by itself.
    """
    if plugin == "calico":
        files = [
            "/var/log/calico",
            "/var/lib/calico",
            f"{bin_dir}/calico",
            f"{bin_dir}/calico-ipam",
            f"{conf_dir}/calico-kubeconfig",
            f"{conf_dir}/{paths.CALICO_CONF}",
        ]
        other = ["rules:cali- cali:", "sets:cali", "routes:80"]
        return Leavings("calico-node", _all(["vxlan.calico", "vxlan-v6.calico"], other, files))
    if plugin == "cilium":
        files = [
            "/etc/sysctl.d/99-zzz-override_cilium.conf",
            # Its programs stay on the node's links as long as they are pinned.
            "/sys/fs/bpf/cilium",
            f"{bin_dir}/cilium-cni",
            f"{conf_dir}/{paths.CILIUM_CONF}",
        ]
        links = ["cilium_vxlan", "cilium_geneve", "cilium_host", "lxc_health"]
        return Leavings("cilium-agent", _all(links, ["rules:CILIUM_ cilium"], files))
    return NONE


def _all(links: list[str], other: list[str], files: list[str]) -> tuple[str, ...]:
    """In the order of coming: undone backwards, the configuration first."""
    return (*(f"link:{name}" for name in links), *other, *(f"file:{path}" for path in files))
