"""Settings of one secondary network: where its NAD lives and the CNI configuration it holds."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from multinet.cni.config import NetworkConfig, parse
from multinet.findings import errors
from multinet.findings.model import CheckedModel, carrier
from multinet.settings.types import AnnotationValue, DnsLabel, LabelKey, LabelValue


def _parse_config(raw: Any) -> NetworkConfig:
    if isinstance(raw, NetworkConfig):
        return raw
    config, findings = parse(raw)
    if config is None:
        raise carrier(errors(findings))
    return config


CniConfig = Annotated[
    NetworkConfig, PlainValidator(_parse_config), WithJsonSchema({"title": "CniConfig"})
]


class NetworkSettings(CheckedModel):
    """One network: `config` in the CNI specification's own keys, as mapping, JSON or list.

    resource_name: of a device plugin (SR-IOV …); Multus hands the device on. ignore:
    warnings that are known and accepted: code → reason. node_selector: which nodes' pods can
    use it; empty: all.
    """

    config: CniConfig
    namespace: DnsLabel = "default"
    resource_name: Annotated[str, Field(pattern=r"^[a-z0-9A-Z._-]+/[a-z0-9A-Z._-]+$")] | None = None
    labels: dict[LabelKey, LabelValue] = {}
    annotations: dict[LabelKey, AnnotationValue] = {}
    node_selector: dict[LabelKey, LabelValue] = {}
    ignore: dict[str, str] = {}
