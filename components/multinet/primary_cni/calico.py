"""Calico: values of its tigera-operator chart, and the operator's resources taken out of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from multinet import paths, versions
from multinet.multus.settings import MultusSettings
from multinet.primary_cni.options import CalicoSettings
from multinet.primary_cni.settings import PrimaryCniSettings

Values = dict[str, Any]

API_VERSION = "operator.tigera.io/v1"

API_SERVER = "apiServer"
"""Of the chart's values: whether Calico's own API server runs."""

# Keys of the chart's values that make a custom resource → its kind and the line that brought it.
_RESOURCES: Mapping[str, tuple[str, versions.Line]] = {
    "installation": ("Installation", (0, 0)),
    API_SERVER: ("APIServer", (0, 0)),
    "goldmane": ("Goldmane", (3, 30)),
    "whisker": ("Whisker", (3, 30)),
}


def calico_values(primary: PrimaryCniSettings, multus: MultusSettings) -> Values:
    """Values of the tigera-operator chart; `installation` is an Installation's spec.

    Goldmane, Whisker and the CSI driver serve no pod's network and are off, whatever the
    chart's version has as its default; `values` turns them on.
    """
    options = primary.calico or CalicoSettings()
    network: Values = {
        "bgp": _enabled(options.bgp),
        "linuxDataplane": options.dataplane,
        "ipPools": _ip_pools(primary.pod_cidrs, options),
    }
    if primary.mtu:
        network["mtu"] = primary.mtu
    if options.node_address_autodetection is not None:
        network["nodeAddressAutodetectionV4"] = options.node_address_autodetection
    installation = {
        "enabled": True,
        "kubernetesProvider": "",  # found by the operator
        "kubeletVolumePluginPath": "None",
        "cni": {"type": "Calico", **_directories(multus)},
        "calicoNetwork": network,
    }
    values: Values = {
        "installation": installation,
        API_SERVER: {"enabled": options.api_server},
        "goldmane": {"enabled": False},
        "whisker": {"enabled": False},
        # Where charts before 3.30 have it.
        "kubeletVolumePluginPath": "None",
    }
    if multus.api_server:
        host, port = multus.api_server.host, str(multus.api_server.port)
        values["kubernetesServiceEndpoint"] = {"host": host, "port": port}
    if primary.registry:
        mirror = primary.registry.rstrip("/")
        installation["registry"] = f"{mirror}/"  # the operator wants the slash
        values["tigeraOperator"] = {"registry": mirror}
        values["calicoctl"] = {"image": f"{mirror}/calico/ctl"}
    return values


def resources(values: Mapping[str, Any], line: versions.Line) -> list[dict[str, Any]]:
    """The custom resources that the chart would make of these values, the Installation first.

    They are created apart from the chart: only then can the Installation be waited for, and
    all of them be deleted while the operator, which has to clean up after them, still runs.
    """
    secrets = [*(_installation(values).get("imagePullSecrets") or [])]
    secrets += [{"name": name} for name in (values.get("imagePullSecrets") or {})]
    found = []
    for key, (kind, since) in _RESOURCES.items():
        given = values.get(key)
        if not isinstance(given, Mapping) or not given.get("enabled") or line < since:
            continue
        spec = {k: v for k, v in given.items() if k != "enabled"}
        if kind == "Installation":
            spec["imagePullSecrets"] = secrets
        resource = {
            "apiVersion": API_VERSION,
            "kind": kind,
            "metadata": {"name": "default"},
            "spec": spec,
        }
        found.append(resource)
    return found


def declared_pools(values: Mapping[str, Any]) -> list[Values]:
    """The pools of the Installation that these values make."""
    network = _installation(values).get("calicoNetwork")
    pools = network.get("ipPools") if isinstance(network, Mapping) else None
    return [dict(pool) for pool in pools or () if isinstance(pool, Mapping)]


def without_resources(values: Mapping[str, Any]) -> Values:
    """The same values for the chart itself, told to make none of `resources`."""
    off = {key: {**(values.get(key) or {}), "enabled": False} for key in _RESOURCES}
    return {**values, **off}


def _installation(values: Mapping[str, Any]) -> Mapping[str, Any]:
    given = values.get("installation")
    return given if isinstance(given, Mapping) else {}


def _directories(multus: MultusSettings) -> Values:
    """Directories of the node, where they are not the usual: older operators know no others."""
    usual = paths.CNI_DIRS["kubeadm"]
    given = {"binDir": (multus.dirs.bin, usual.bin), "confDir": (multus.dirs.conf, usual.conf)}
    return {key: wanted for key, (wanted, default) in given.items() if wanted != default}


def _ip_pools(cidrs: list[str], options: CalicoSettings) -> list[Values]:
    pools = [_ip_pool(cidr, options) for cidr in cidrs]
    first = next((p for p in pools if ":" not in p["cidr"]), None)
    if options.pool_name and first:
        first["name"] = options.pool_name
    return pools


def _ip_pool(cidr: str, options: CalicoSettings) -> Values:
    family = ipaddress.ip_network(cidr).version
    return {
        "cidr": cidr,
        "encapsulation": options.encapsulation_of(family),
        "natOutgoing": _enabled(options.nat_outgoing_of(family)),
        "blockSize": options.block_size_of(family),
        "nodeSelector": "all()",
    }


def _enabled(on: bool) -> str:
    return "Enabled" if on else "Disabled"
