"""What every object of a CNI configuration is: its keys, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, WithJsonSchema

from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel

CNI_VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")
CniVersion = Annotated[str, WithJsonSchema({"enum": list(CNI_VERSIONS)})]
RESERVED = ("prevResult",)
"""Keys whose value only the runtime can know."""


def is_runtimes(key: object) -> bool:
    """Whether a runtime writes that key of a plugin object, rather than the user.

    Everything under `cni.dev/` does no harm where it stands written out.
    """
    return key in RESERVED or (isinstance(key, str) and key.startswith("cni.dev/"))


class CniModel(CheckedModel):
    """An object of a CNI configuration that Python users can also write typed.

    UNREAD: keys that its documentation has and nobody reads, and what to do instead.
    SOURCE: project and version whose source the rules were read from.
    BROUGHT_BY: who lays the program out on nodes; empty: the archive of the reference plugins.
    """

    SOURCE: ClassVar[str] = ""
    BROUGHT_BY: ClassVar[str] = ""
    UNREAD: ClassVar[Mapping[str, str]] = {}

    def to_cni(self) -> dict[str, Any]:
        """As a mapping with the specification's keys: the type, and only what was set."""
        fields = type(self).model_fields
        written = {"type", *self.model_fields_set}
        known = {f.alias or n: getattr(self, n) for n, f in fields.items() if n in written}
        whole = known | (self.model_extra or {})
        return {key: _plain(value) for key, value in whole.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, CniModel):
        return value.to_cni()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def no_effect(path: Path, rule: str, way_out: str = "remove it") -> Finding:
    """A warning about something that the plugin takes and then ignores."""
    return Finding("no-effect", path, rule, way_out, severity=Severity.WARNING)
