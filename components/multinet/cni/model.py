"""What every object of a CNI configuration is: its keys, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, WithJsonSchema

from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel, refusal

CNI_VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")


def _is_text(value: object) -> object:
    """A version that YAML takes for a number: with quotes alone it is none yet."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = f"{float(value)}.0"
        way_out = f'write "{text}"' if text in CNI_VERSIONS else f'write "{CNI_VERSIONS[-2]}"'
        way_out += ", in quotes; with `pulumi config set`: --type string"
        raise refusal("wrong-type", "must be a string, not a number", way_out)
    return value


CniVersion = Annotated[str, BeforeValidator(_is_text), WithJsonSchema({"enum": list(CNI_VERSIONS)})]
RESERVED = ("prevResult",)
"""Keys whose value only the runtime can know."""


def is_runtimes(key: object) -> bool:
    """Whether a runtime writes that key of a plugin object, rather than the user.

    Everything under `cni.dev/` does no harm where it stands written out.
    """
    return key in RESERVED or (isinstance(key, str) and key.startswith("cni.dev/"))


class CniModel(CheckedModel):
    """An object of a CNI configuration.

    UNREAD: keys that its documentation has and nobody reads, and what to do instead.
    SOURCE: project and version whose source the rules were read from.
    BROUGHT_BY: who lays the program out on nodes; empty: the archive of the reference plugins.
    """

    SOURCE: ClassVar[str] = ""
    BROUGHT_BY: ClassVar[str] = ""
    UNREAD: ClassVar[Mapping[str, str]] = {}


def no_effect(path: Path, rule: str, way_out: str = "remove it") -> Finding:
    """A warning about something that the plugin takes and then ignores."""
    return Finding("no-effect", path, rule, way_out, severity=Severity.WARNING)
