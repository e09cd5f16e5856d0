"""What becomes of the book of numbers when no network is one of blocks: given back, unless in use.

Nodes make its Leases, the stack does not; this is the resource that looks, when nobody takes
numbers any more, whose are in use. Only a delete can look at that moment.
"""

from __future__ import annotations

import operator
from importlib import resources

import pulumi

from multinet.blocks import objects
from multinet.blocks.book import selector
from multinet.command import local
from multinet.kubernetes import Access
from multinet.multus.removal import at_destroy, with_kubectl
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.settle import Settled


def removal(
    name: str, of: Settled[dict[str, str]], access: Access, opts: pulumi.ResourceOptions
) -> local.Command:
    """A command that runs at the end only, with kubectl; without kubectl it says so and keeps.

    The DaemonSet has to depend on it: then it is deleted, and so runs, after that. `of`: variables.
    """
    names = variables(MultusSettings(), {})
    environment: dict[str, pulumi.Input[str]] = {n: of.map(operator.itemgetter(n)) for n in names}
    return at_destroy(name, access, script(), environment, opts)


def variables(multus: MultusSettings, networks: objects.Networks) -> dict[str, str]:
    """The script's environment, but for how the cluster is reached."""
    of = objects.served(networks)

    def reference(name: str, network: NetworkSettings) -> str:
        return f"{network.namespace}/{name}"

    return {
        "MULTINET_NAMESPACE": multus.namespace,
        "MULTINET_SELECTOR": selector(),
        "MULTINET_PODS": ",".join(f"{key}={value}" for key, value in objects.LABELS.items()),
        "MULTINET_NETWORKS": " ".join(reference(n, networks[n]) for n in sorted(of)),
    }


def script() -> str:
    """The POSIX shell script; its environment is described at its top."""
    own = resources.files("multinet.blocks") / "scripts" / "remove.sh"
    return with_kubectl(own.read_text("utf-8"))
