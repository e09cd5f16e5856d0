"""Hundreds of networks from a table: one VLAN, one subnet and one network per row."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi

# multinet of this checkout; in a project of your own it is an installed wheel.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "components"))

from multinet import Multus, Network, PrimaryCni, environment, stack_settings
from multinet.ownership.required import require_unclaimed
from multinet.stack.cluster import access, provider

TABLE = Path(__file__).with_name("networks.csv")


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and settings of each row's network, as a stack file would have them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            config = {
                "cniVersion": "1.0.0",
                "type": "bridge",
                "bridge": "br-plant",
                "vlan": int(row["vlan"]),
                "mtu": int(row["mtu"]),
                "ipam": {"type": "whereabouts", "range": row["subnet"]},
            }
            yield row["name"], {"namespace": row["namespace"], "config": config}


# Settings: the stack's configuration and the table's networks, checked together: a mistake in any
# row is refused here, with every other one, before anything is created.
stack = stack_settings(networks=rows())
cluster = pulumi.ResourceOptions(providers=[provider(stack)])


def after(*needs: pulumi.Resource) -> pulumi.ResourceOptions:
    """On this cluster, and not before `needs` are ready."""
    return pulumi.ResourceOptions.merge(cluster, pulumi.ResourceOptions(depends_on=[*needs]))


# Ownership: what others have in this cluster is refused here, not written over.
require_unclaimed(stack)

# Nodes: checked all together, then given what their networks need; undone after Multus is gone.
nodes = environment.node_networks(stack)

# Primary CNI: every pod's eth0.
primary = PrimaryCni("primary-cni", stack.primary_cni, stack.multus, cluster)

# Multus: calls the primary CNI for eth0 and a plugin for each further network.
ready = after(primary, *nodes.values())
conf_file = stack.primary_cni.effective_conf_file
multus = Multus("multus", stack.multus, conf_file, ready, access(stack))

# Networks: one NetworkAttachmentDefinition each.
running = after(multus.last)
networks = {name: Network(name, network, running) for name, network in stack.networks.items()}

# Outputs: what other stacks attach their pods with.
environment.export(primary, multus, networks)
