"""The CNI plugins that are known field by field. A new one: its model's file, and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.cni import by_type
from multinet.cni.plugins.bandwidth import Bandwidth
from multinet.cni.plugins.base import OpaquePlugin, PluginConf
from multinet.cni.plugins.bridge import Bridge
from multinet.cni.plugins.dummy import Dummy
from multinet.cni.plugins.firewall import Firewall
from multinet.cni.plugins.host_device import HostDevice
from multinet.cni.plugins.ipvlan import Ipvlan
from multinet.cni.plugins.loopback import Loopback
from multinet.cni.plugins.macvlan import Macvlan
from multinet.cni.plugins.ovs import Ovs
from multinet.cni.plugins.portmap import Portmap
from multinet.cni.plugins.ptp import Ptp
from multinet.cni.plugins.route_override import RouteOverride
from multinet.cni.plugins.sbr import Sbr
from multinet.cni.plugins.sriov import Sriov
from multinet.cni.plugins.tap import Tap
from multinet.cni.plugins.tuning import Tuning
from multinet.cni.plugins.vlan import Vlan
from multinet.cni.plugins.vrf import Vrf
from multinet.findings import Finding
from multinet.findings.model import carrier

PLUGINS: dict[str, type[PluginConf]] = {
    "bandwidth": Bandwidth,
    "bridge": Bridge,
    "dummy": Dummy,
    "firewall": Firewall,
    "host-device": HostDevice,
    "ipvlan": Ipvlan,
    "loopback": Loopback,
    "macvlan": Macvlan,
    "ovs": Ovs,
    "portmap": Portmap,
    "ptp": Ptp,
    "route-override": RouteOverride,
    "sbr": Sbr,
    "sriov": Sriov,
    "tap": Tap,
    "tuning": Tuning,
    "vlan": Vlan,
    "vrf": Vrf,
}

_MULTUS = (
    "Multus cannot be a network of its own: it would call itself",
    "name the plugin that makes the interface, e.g. macvlan",
)
_REFUSED = {
    "multus": _MULTUS,
    "multus-shim": _MULTUS,
    "cilium-cni": (
        "Cilium serves a pod's first interface only and fails on a second one",
        "use the primary CNI for it; here name e.g. macvlan, ipvlan or bridge",
    ),
}


def plugin(raw: Any) -> PluginConf:
    """The typed plugin object. Raises, with every finding, inside pydantic's validation."""
    if isinstance(raw, PluginConf):
        return raw
    model, findings = checked_plugin(raw)
    if model is None:
        raise carrier(findings)
    return model


def checked_plugin(raw: Any) -> tuple[PluginConf | None, list[Finding]]:
    """The typed plugin object, or None and every error."""
    model, findings = by_type.checked(raw, PLUGINS, OpaquePlugin, "CNI plugin")
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if isinstance(kind, str) and kind in _REFUSED:
        rule, way_out = _REFUSED[kind]
        findings.insert(0, Finding("type-refused", ("type",), rule, way_out, kind))
    return (None if findings else model), findings
