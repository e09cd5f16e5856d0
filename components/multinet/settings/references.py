"""How an image and a registry are written: the grammar of github.com/distribution/reference v0.6.0.

Kubelets and runtimes read references by it (`ParseNormalizedNamed`), and refuse others with
`InvalidImageName`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import AfterValidator

from multinet.findings import Finding, Path, Severity
from multinet.findings.model import refusal

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]{{1,5}})?"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = rf"{_PART}(?:/{_PART})*"
REFERENCE: Final = re.compile(
    rf"(?P<name>(?:{_HOST}/)?{_PATH})"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
"""An image's reference; the rarer digests are left out."""

_REGISTRY = re.compile(rf"(?P<host>{_HOST})(?:/{_PATH})?/?")
_LONGEST_NAME = 255
_LONGEST_REGISTRY = 200  # what is put after it has room


def _is_registry(text: str) -> str:
    rule = "is not a registry: host[:port], and perhaps a path in lower case"
    way_out = "write it like registry.example.org/mirror"
    if "://" in text:
        rule = "has a scheme: an image's reference has none, the nodes' runtime chooses it"
        way_out = f"write {text.partition('://')[2].strip('/')}"
    elif _REGISTRY.fullmatch(text) and len(text) <= _LONGEST_REGISTRY:
        return text
    elif (whole := REFERENCE.fullmatch(text)) and (whole["tag"] or whole["digest"]):
        rule = "is an image, with a tag or a digest: what is put after it makes no reference"
        way_out = "name the registry alone"
    elif text.lower() != text and _REGISTRY.fullmatch(text.lower()):
        rule, way_out = "has upper case in its path, which no image has", f"write {text.lower()}"
    raise refusal("not-a-registry", rule, way_out)


Registry = Annotated[str, AfterValidator(_is_registry)]
"""A mirror's prefix of images, like `registry.example.org/mirror`; a slash at its end is taken."""


def registry_findings(text: str, path: Path) -> Iterator[Finding]:
    """A warning where its first part is no host to those who pull: it is below docker.io then."""
    host = text.partition("/")[0]
    if any(c in host for c in ".:") or host == "localhost" or host.lower() != host:
        return
    rule = f"{host!r} is read as a path on docker.io: a host has a dot, a port, or is localhost"
    way_out, warning = f"write the host, like {host}.example.org", Severity.WARNING
    yield Finding("registry-without-host", path, rule, way_out, text, warning)


def read_reference(text: str) -> re.Match[str] | None:
    """The parts of an image's reference; None where it is none."""
    found = REFERENCE.fullmatch(text)
    return found if found is not None and len(found["name"]) <= _LONGEST_NAME else None
