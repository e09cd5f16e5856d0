"""The IPAM plugins that are known field by field. A new one: its model's file, and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from multinet.cni import by_type
from multinet.cni.ipam.base import IpamConf, OpaqueIpam
from multinet.cni.ipam.dhcp import Dhcp
from multinet.cni.ipam.host_local import HostLocal
from multinet.cni.ipam.kube_ovn import KubeOvnIpam
from multinet.cni.ipam.nv_ipam import NvIpam
from multinet.cni.ipam.spiderpool import Spiderpool
from multinet.cni.ipam.static import Static
from multinet.cni.ipam.whereabouts import Whereabouts
from multinet.findings import errors
from multinet.findings.model import carrier

IPAM_PLUGINS: dict[str, type[IpamConf]] = {
    "dhcp": Dhcp,
    "host-local": HostLocal,
    "kube-ovn": KubeOvnIpam,
    "nv-ipam": NvIpam,
    "spiderpool": Spiderpool,
    "static": Static,
    "whereabouts": Whereabouts,
}


def ipam(raw: Any) -> IpamConf:
    """The typed `ipam` object. Raises, with every finding, inside pydantic's validation."""
    if isinstance(raw, IpamConf):
        return raw
    if isinstance(raw, Mapping) and raw.get("type") in (None, ""):
        return OpaqueIpam.model_validate({**raw, "type": ""})
    model, findings = by_type.checked(raw, IPAM_PLUGINS, OpaqueIpam, "IPAM plugin")
    if model is None or errors(findings):
        raise carrier(errors(findings))
    return model


AnyIpam = Annotated[IpamConf, PlainValidator(ipam), WithJsonSchema({"x-ref": "#/$defs/Ipam"})]
