"""Value types of the settings: CIDRs without host bits, Kubernetes names, quantities, paths."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, SecretStr
from pydantic_core import CoreSchema, core_schema

from multinet.findings.model import refusal
from multinet.findings.ways_out import text_like
from multinet.untrusted.plain_json import encodable

_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_QUANTITY = re.compile(r"\+?(\d+|\d+\.\d*|\.\d+)(m|[kMGTPE]|[KMGTPE]i|[eE]\d+)?")
_MAX_ANNOTATION = 256 * 2**10
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,250}")
_NODE_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")
_DIRECTORY = re.compile(r"(/[A-Za-z0-9._@+-]+)+/?")


def _is_network(text: str) -> str:
    rule, way_out = "must be a network in CIDR notation", "write network/prefix length, like "
    head, slash, length = text.partition("/")
    try:
        if not slash:
            raise ValueError(text)
        interface = ipaddress.ip_interface(text)
    except ValueError:
        raise refusal("not-a-cidr", rule, f"{way_out}10.233.64.0/18") from None
    # What Python reads beyond Go, in which everything is written that gets it.
    if "%" in head:
        rule = "names a zone, an interface of one node: a network has none"
        without = f"{head.partition('%')[0]}/{length}"
        raise refusal("not-a-cidr", rule, f"leave the zone out: {without}")
    if not length.isdigit():
        rule = "has a mask behind the slash: only the prefix length is read"
        raise refusal("not-a-cidr", rule, f"write {interface.network}")
    if (mapped := getattr(interface.ip, "ipv4_mapped", None)) is not None:
        rule = "is an IPv4 address written as IPv6, which is read as either of the two"
        bits = max(interface.network.prefixlen - 96, 0)
        raise refusal("not-a-cidr", rule, f"write {ipaddress.ip_network((mapped, bits), False)}")
    if interface.ip != interface.network.network_address:
        rule = "has host bits set: a network ends in zeros after its prefix"
        raise refusal("cidr-host-bits", rule, f"write {interface.network}")
    return text


def _is_dns_label(text: str) -> str:
    if not _DNS_LABEL.fullmatch(text):
        rule = "must be a DNS-1123 label: a-z, 0-9 and '-', at most 63, no dash at the ends"
        raise refusal("not-a-dns-label", rule, "rename it")
    return text


def _is_label_key(text: str) -> str:
    prefix, slash, name = text.rpartition("/")
    prefixed = len(prefix) <= 253 and _SUBDOMAIN.fullmatch(prefix.lower()) if slash else True
    if not prefixed or not _QUALIFIED.fullmatch(name):
        rule = "must be a name of at most 63 letters, digits, '-', '_' and '.', perhaps domain/name"
        raise refusal("not-a-label", rule, "write it like team or example.org/team")
    return text


def _is_label_value(text: str) -> str:
    if text and not _QUALIFIED.fullmatch(text):
        rule = "must be empty or at most 63 letters, digits, '-', '_' and '.'"
        raise refusal("not-a-label", rule, "longer texts belong into an annotation")
    return text


def _is_annotation(text: str) -> str:
    if len(text) > _MAX_ANNOTATION:
        rule = f"is longer than {_MAX_ANNOTATION} characters"
        raise refusal("not-a-label", rule, "the API server takes no more")
    return text


def _is_file_name(text: str) -> str:
    if not _FILE_NAME.fullmatch(text):
        rule = "must be a file name without directories: letters, digits, '.', '_' and '-'"
        raise refusal("not-a-file-name", rule, "give the name alone; its directory is cniConfDir")
    return text


def _is_directory(text: str) -> str:
    if not _DIRECTORY.fullmatch(text) or ".." in text.split("/"):
        rule = "must be an absolute directory: letters, digits and . _ @ + - between slashes"
        raise refusal("not-a-directory", rule, "write it like /etc/cni/net.d")
    return text.rstrip("/")


def _is_node_name(text: str) -> str:
    if not _NODE_NAME.fullmatch(text) or ".." in text:
        rule = "must be a Kubernetes node's name: a-z, 0-9, '-' and '.', at most 63"
        raise refusal("not-a-node-name", rule, "`kubectl get nodes` lists them")
    return text


def _is_quantity(text: str) -> str:
    if not _QUANTITY.fullmatch(text):
        rule = "must be a Kubernetes quantity"
        raise refusal("not-a-quantity", rule, "write it like 100m, 0.5, 128Mi or 1Gi")
    return text


Network = Annotated[str, AfterValidator(_is_network)]
"""A network in CIDR notation without host bits, e.g. `10.233.64.0/18`."""

DnsLabel = Annotated[str, AfterValidator(_is_dns_label)]
"""A Kubernetes name of the strictest kind (RFC 1123 label)."""

LabelKey = Annotated[str, AfterValidator(_is_label_key)]
"""The key of a label or an annotation, e.g. `example.org/team`."""

LabelValue = Annotated[str, AfterValidator(_is_label_value)]
"""The value of a label."""

AnnotationValue = Annotated[str, AfterValidator(_is_annotation)]
"""The value of an annotation: any text, at most 256 KiB."""

FileName = Annotated[str, AfterValidator(_is_file_name)]
"""A file's name without its directory."""

ImageText = Annotated[
    str,
    text_like(
        r"^[^\s]+$",
        "must be an image's reference, without blanks",
        "write it like registry.example.org/multus-cni:v1.2.3-thick",
        min_length=1,
    ),
]
"""An image's reference; see `settings.references` for its grammar."""

Directory = Annotated[str, AfterValidator(_is_directory)]
"""An absolute directory on a node."""

NodeName = Annotated[str, AfterValidator(_is_node_name)]
"""A node's name in Kubernetes."""

Quantity = Annotated[str, AfterValidator(_is_quantity)]
"""A Kubernetes resource quantity as text."""

Duration = Annotated[
    str, text_like(r"^\d+[smh]$", "must be a whole number of s, m or h", "write it like 10m")
]
"""How long, e.g. `10m`."""

ContextName = Annotated[
    str,
    text_like(
        r"^[^\x00-\x1f\x7f]*$",
        "must be one line of text",
        "`kubectl config get-contexts -o name` lists them",
        min_length=1,
    ),
]
"""The name of a kubeconfig's context."""

Port = Annotated[int, Field(ge=1, le=65535)]
"""A TCP or UDP port."""


class Ciphertext(BaseModel):
    """A value that the stack file holds encrypted: `{secure: …}`. Opaque without the engine."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    secure: str


def _is_unicode(secret: SecretStr) -> SecretStr:
    if not encodable(secret.get_secret_value()):
        raise refusal("wrong-value", "holds half a character", "write it in UTF-8")
    return secret


class _SecretSchema:
    """Text that is masked wherever it is shown, or a ciphertext of it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(
            _is_unicode, handler.generate_schema(SecretStr)
        )
        cipher = handler.generate_schema(Ciphertext)
        return core_schema.tagged_union_schema(
            {"text": text, "cipher": cipher},
            lambda v: "cipher" if isinstance(v, dict | Ciphertext) else "text",
        )


Secret = Annotated[SecretStr | Ciphertext, _SecretSchema]
"""Secret text; `{secure: …}` where the engine has not decrypted it."""


def reveal(secret: SecretStr | Ciphertext | None) -> str | None:
    """The secret's text for handing to a resource; None when absent or still encrypted."""
    return secret.get_secret_value() if isinstance(secret, SecretStr) else None
