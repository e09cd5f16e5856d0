"""Which IPAM plugins are known, and from an object to the model that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from multinet.cni import by_type
from multinet.cni import ipam as models
from multinet.cni.ipam.base import IpamConf, OpaqueIpam
from multinet.findings import errors
from multinet.findings.model import carrier

IPAM_PLUGINS = by_type.registered(models, IpamConf)
"""Type → model, by name."""


def ipam(raw: Any) -> IpamConf:
    """The typed `ipam` object. Raises, with every finding, inside pydantic's validation."""
    if isinstance(raw, IpamConf):
        return raw
    if isinstance(raw, Mapping) and raw.get("type") in (None, ""):
        return OpaqueIpam.model_validate({**raw, "type": ""})
    model, findings = by_type.checked(raw, IPAM_PLUGINS, OpaqueIpam, "IPAM plugin")
    if model is None or errors(findings):
        raise carrier(findings, model)
    return model


AnyIpam = Annotated[IpamConf, PlainValidator(ipam), WithJsonSchema({"x-ref": "#/$defs/Ipam"})]
