"""multinet's components in a stack of one's own: Multus and two networks on a given cluster."""

import sys
from pathlib import Path

import pulumi
from pulumi_kubernetes import Provider

# multinet of this checkout; in a project of your own it is an installed wheel.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "components"))

from multinet import (
    Access,
    Bridge,
    Existing,
    HostLocal,
    Macvlan,
    Multus,
    MultusArgs,
    Networks,
    PrimaryCni,
    attach,
)

config = pulumi.Config()
kubeconfig = config.get("kubeconfig") or None

# A provider of one's own. Objects that a killed update left are taken over by the next one.
cluster = Provider("cluster", kubeconfig=kubeconfig, upsert_existing_objects=True)


def after(*needs: pulumi.Resource) -> pulumi.ResourceOptions:
    """On this cluster, and not before `needs` are ready."""
    return pulumi.ResourceOptions(providers=[cluster], depends_on=[*needs])


# A wrong value is refused on its own line, with every problem, before anything is created.
primary = PrimaryCni("primary-cni", Existing(conf_file=config.require("confFile")), opts=after())
multus = Multus(
    "multus", MultusArgs(mode="thick"), primary.conf_file, after(primary), Access(kubeconfig)
)

# Two networks, checked together: a bridge on each node, and the LAN that the nodes' link is on.
networks = Networks(
    "lab",
    {
        "storage": Bridge(bridge="br-storage", ipam=HostLocal(subnet="10.91.0.0/24")),
        "sensors": Macvlan(master=config.require("master"), ipam=HostLocal(subnet="10.92.0.0/24")),
    },
    after(multus.last),
)

# What a pod's template takes to be on both.
pulumi.export("annotation", attach(networks["storage"], "default/sensors@sensors0"))
pulumi.export("networks", {name: network.summary for name, network in networks.networks.items()})
