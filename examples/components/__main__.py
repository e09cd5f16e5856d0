"""multinet's components in a stack of one's own: Multus and two networks on a given cluster."""

import sys
from pathlib import Path

import pulumi
from pulumi_kubernetes import Provider

# multinet of this checkout; in a project of your own it is an installed wheel.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "components"))

from multinet import (
    Access,
    Multus,
    MultusSettings,
    Network,
    NetworkSettings,
    PrimaryCni,
    PrimaryCniSettings,
    attach,
    checked,
)

config = pulumi.Config()
kubeconfig = config.get("kubeconfig") or None
master = config.require("master")

# A provider of one's own. Objects that a killed update left are taken over by the next one.
cluster = Provider("cluster", kubeconfig=kubeconfig, upsert_existing_objects=True)
on_cluster = pulumi.ResourceOptions(provider=cluster)

# The same settings, with the same keys, as in a stack file: a wrong one is refused here, with every
# problem, before anything is created.
primary_settings = checked(
    PrimaryCniSettings,
    {"plugin": "existing", "confFile": config.require("confFile")},
    "the primary CNI",
)
multus_settings = checked(MultusSettings, {"mode": "thick"}, "Multus")

primary = PrimaryCni("primary-cni", primary_settings, multus_settings, on_cluster)
after_primary = pulumi.ResourceOptions.merge(
    on_cluster, pulumi.ResourceOptions(depends_on=[primary])
)
conf_file = primary_settings.effective_conf_file
multus = Multus("multus", multus_settings, conf_file, after_primary, Access(kubeconfig))


def network(name: str, plugin: dict[str, object], subnet: str) -> Network:
    """A network that hands out addresses of `subnet`, there as soon as Multus is."""
    whole = {"cniVersion": "1.0.0", **plugin, "ipam": {"type": "host-local", "subnet": subnet}}
    settings = checked(NetworkSettings, {"config": whole}, f"network {name}")
    after_multus = pulumi.ResourceOptions(depends_on=[multus.last])
    return Network(name, settings, pulumi.ResourceOptions.merge(on_cluster, after_multus))


# Two networks: a bridge on each node, and the LAN that the nodes' link is on.
storage = network("storage", {"type": "bridge", "bridge": "br-storage"}, "10.91.0.0/24")
sensors = network("sensors", {"type": "macvlan", "master": master}, "10.92.0.0/24")

# What a pod's template takes to be on both.
pulumi.export("annotation", attach("default/storage", "default/sensors@sensors0"))
pulumi.export("networks", {"storage": storage.summary, "sensors": sensors.summary})
