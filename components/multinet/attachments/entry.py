"""What Multus and the plugins read of one entry of a pod's annotation, checked.

multi-net-spec v1.3, Multus v4.3.0 (pkg/types). Keys are the specification's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WrapValidator

from multinet.cni.plugins.bandwidth import limit_findings
from multinet.cni.types import Mac, address, interface_name_problem
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal
from multinet.findings.suggest import did_you_mean
from multinet.untrusted import plain_json

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_GUID = re.compile(r"[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\1[0-9a-fA-F]{2}){6}")
_PROTOCOLS = ("TCP", "UDP", "SCTP")


def _is_reference(key: str, text: str) -> str:
    labels = text.split(".") if key == "name" else [text]
    if not all(_LABEL.fullmatch(label) for label in labels):
        rule = f"is not a {key} that Kubernetes has: lower case letters, digits and '-'"
        raise refusal("not-a-reference", rule, _reference_way_out(text))
    return text


def _reference_way_out(text: str) -> str:
    namespace, slash, name = text.rpartition("/")
    if text.lstrip().startswith("["):
        return "attach writes the JSON: give it an Attachment with the same keys"
    if "," in text:
        named = ", ".join(repr(part.strip()) for part in text.split(",") if part.strip())
        return f"give each network as an argument of its own: {named}"
    if slash and namespace:
        return f"write Attachment({name!r}, {namespace!r}): the namespace has a place of its own"
    return "write [namespace/]name"


def _is_interface(text: str) -> str:
    if problem := interface_name_problem(text):
        raise refusal("not-an-interface-name", problem, "choose another")
    return text


def _is_guid(text: str) -> str:
    if not _GUID.fullmatch(text):
        rule, way_out = "must be a GUID of eight octets", "write it like 24:8a:07:03:00:8d:ae:2e"
        raise refusal("not-a-guid", rule, way_out)
    return text


def _is_gateway(text: str) -> str:
    return _address(text, "a gateway's address, without prefix length", "write it like 192.0.2.1")


def _is_host_address(text: str) -> str:
    return _address(text, "an address of the node", "leave it out for all of them")


def _address(text: str, what: str, way_out: str) -> str:
    try:
        address(text)
    except ValueError:
        raise refusal("not-an-address", f"must be {what}", way_out) from None
    return text


def _is_port(value: Any) -> int:
    if type(value) is not int or not 0 < value < 65536:
        raise refusal("not-a-port", "must be a port, 1 to 65535", "correct it")
    return value


def _is_protocol(text: str) -> str:
    if text.upper() not in _PROTOCOLS:
        rule = f"must be one of {', '.join(_PROTOCOLS)}"
        raise refusal("unknown-value", rule, did_you_mean(text, _PROTOCOLS))
    return text


def _is_list(value: Any) -> Any:
    """Python takes a text for a list of its characters; Multus refuses one."""
    if isinstance(value, str):
        rule = "must be a list of addresses, not a string"
        raise refusal("wrong-type", rule, f'write ["{value}"]')
    return list(value) if isinstance(value, tuple) else value


def _is_json(value: Any, then: Callable[[Any], Any]) -> Any:
    """Told of as a whole: what stands in it is the plugins' own."""
    if isinstance(value, dict) and plain_json.read(value)[1]:
        rule = "holds something that JSON does not have"
        raise refusal("not-a-json-value", rule, "use strings, numbers and lists")
    return then(value)


Texts = Annotated[list[str], BeforeValidator(_is_list)]
Port = Annotated[int, BeforeValidator(_is_port)]


class PortEntry(CheckedModel):
    """A port of the node that leads to one of the pod."""

    host_port: Port
    container_port: Port
    protocol: Annotated[str, AfterValidator(_is_protocol)] = "TCP"
    host_ip: Annotated[str, AfterValidator(_is_host_address)] | None = Field(None, alias="hostIP")


class BandwidthEntry(CheckedModel):
    """Limits for one pod: rates in bit/s, bursts in bits."""

    ingress_rate: Annotated[int, Field(ge=0)] = 0
    ingress_burst: Annotated[int, Field(ge=0)] = 0
    egress_rate: Annotated[int, Field(ge=0)] = 0
    egress_burst: Annotated[int, Field(ge=0)] = 0

    def rules(self) -> Iterator[Finding]:
        """As the bandwidth plugin has it."""
        yield from limit_findings("ingress", self.ingress_rate, self.ingress_burst)
        yield from limit_findings("egress", self.egress_rate, self.egress_burst)


class Entry(CheckedModel):
    """An entry of the annotation's JSON form."""

    name: Annotated[str, AfterValidator(lambda text: _is_reference("name", text))]
    namespace: (
        Annotated[str, AfterValidator(lambda text: _is_reference("namespace", text))] | None
    ) = None
    interface: Annotated[str, AfterValidator(_is_interface)] | None = None
    ips: Texts = []
    mac: Mac | None = None
    infiniband_guid: Annotated[str, AfterValidator(_is_guid)] | None = Field(
        None, alias="infiniband-guid"
    )
    port_mappings: list[PortEntry] = []
    bandwidth: BandwidthEntry | None = None
    default_route: Annotated[
        list[Annotated[str, AfterValidator(_is_gateway)]], BeforeValidator(_is_list)
    ] = Field([], alias="default-route")
    cni_args: Annotated[dict[str, Any], WrapValidator(_is_json)] = Field({}, alias="cni-args")
    ipam_claim_reference: str | None = Field(None, alias="ipam-claim-reference")

    def rules(self) -> Iterator[Finding]:
        """Addresses have one source; a pod has one default route of each IP family."""
        if self.ips and self.ipam_claim_reference:
            rule = "addresses come from 'ips' or from the claim, not from both"
            yield Finding("ips-and-claim", ("ipam-claim-reference",), rule, "keep one of them")
        versions = [address(text).version for text in self.default_route]
        for version in (4, 6):
            if versions.count(version) > 1:
                rule = f"has several IPv{version} gateways; there is one default route per family"
                yield Finding("default-route-twice", ("default-route",), rule, "keep one of them")
