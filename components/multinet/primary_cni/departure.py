"""What is told at a destroy, before the primary CNI of a stack goes.

Nothing but a resource's delete can look at that moment: the program itself does not run then.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources
from typing import Final

import pulumi

from multinet import paths
from multinet.command import local
from multinet.kubernetes import Access
from multinet.multus.removal import at_destroy, with_kubectl

_STAYS: Final = {
    "calico": ("Calico", f"{paths.CALICO_CONF}, a credential, its programs, links and rules"),
    "cilium": ("Cilium", f"{paths.CILIUM_CONF}, its program, links, rules and BPF programs"),
}


def tell_departure(
    name: str, access: Access, plugin: str, nodes: Collection[str], opts: pulumi.ResourceOptions
) -> local.Command:
    """A command that runs at a destroy only: names pods that outlive the primary, and nodes.

    Args:
        plugin: calico or cilium.
        nodes: those that are declared, where the primary's leavings are taken away.
        opts: has to make it depend on the primary: then it runs before that goes.
    """
    primary, stays = _STAYS[plugin]
    environment = {
        "MULTINET_PRIMARY": primary,
        "MULTINET_STAYS": stays,
        "MULTINET_NODES": " ".join(sorted(nodes)),
    }
    return at_destroy(name, access, script(), environment, opts)


def script() -> str:
    """The POSIX shell script; its environment is described at its top."""
    own = resources.files("multinet.primary_cni") / "scripts" / "departure.sh"
    return with_kubectl(own.read_text("utf-8"))
