"""The stack's outputs, which other stacks read through a StackReference."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from multinet.multus.component import Multus
from multinet.networks.component import Network
from multinet.primary_cni.component import PrimaryCni


def export(primary: PrimaryCni, multus: Multus, networks: Mapping[str, Network]) -> None:
    """Export `primaryCni`, `multus` and `networks`; docs/reference describes their shape."""
    pulumi.export(
        "primaryCni",
        {
            "plugin": primary.plugin,
            "version": primary.version,
            "confFile": primary.conf_file,
            "podCidrs": primary.pod_cidrs,
        },
    )
    pulumi.export(
        "multus",
        {
            "enabled": multus.enabled,
            "mode": multus.mode,
            "version": multus.version,
            "namespace": multus.namespace,
        },
    )
    pulumi.export("networks", {name: network.summary for name, network in networks.items()})
