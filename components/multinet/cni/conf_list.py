"""The list form of a CNI configuration: its own keys, and which plugins' keys stand there in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from multinet.cni import by_type
from multinet.cni.model import CNI_VERSIONS, CniModel, CniVersion
from multinet.cni.plugins import known
from multinet.cni.plugins.base import PluginConf
from multinet.cni.types import NetworkName
from multinet.findings import Finding, Path

_VERSION = re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")

AnyPlugin = Annotated[
    PluginConf, PlainValidator(known.plugin), WithJsonSchema({"x-ref": "#/$defs/Plugin"})
]


class ConfList(CniModel):
    """The list form: `plugins` that run one after the other. CNI specification 1.1.0.

    libcni reads these keys strictly: null is an error.
    """

    cni_version: CniVersion = ""
    """Version of the CNI specification that the plugins are given."""
    cni_versions: list[str] = []
    """More versions that may be used; the highest known one is."""
    name: NetworkName = ""
    """Of the CNI network; absent: the NAD's."""
    disable_check: bool = False
    """Leave CNI CHECK out."""
    disable_gc: bool = Field(False, alias="disableGC")
    """Leave CNI GC out."""
    load_only_inlined_plugins: bool = False
    """Take no plugins from files beside it."""
    plugins: list[AnyPlugin]
    """In the order in which they run."""

    @property
    def version(self) -> str:
        """The one that libcni picks: the highest that is not above its own, as it is written.

        libcni takes `1.0` for 1.0.0, and gives it to plugins, which do not.
        """
        if not self.cni_versions:
            return self.cni_version
        newest = _numbers(CNI_VERSIONS[-1])
        given = [v for v in (*self.cni_versions, self.cni_version) if _numbers(v) <= newest]
        return max(
            given, key=lambda v: (_numbers(v), v not in CNI_VERSIONS), default=self.cni_version
        )


def _numbers(version: str) -> tuple[int, ...]:
    """A version as libcni compares it: what is missing is 0, and no version is 0.1.0."""
    read = [int(n) for n in version.split(".")] if _VERSION.fullmatch(version) else [0, 1]
    return (*read, 0)[:3]


def version_list_findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    """libcni reads every version that is given, also one that is not the highest."""
    versions = data.get("cniVersions")
    if not isinstance(versions, list):
        return
    given: list[tuple[Path, Any]] = [(("cniVersions", i), v) for i, v in enumerate(versions)]
    if any(isinstance(v, str) and _VERSION.fullmatch(v) for v in versions):
        given.append((("cniVersion",), data.get("cniVersion") or None))
    for path, version in given:
        if isinstance(version, str) and not _VERSION.fullmatch(version):
            yield Finding(
                "unknown-cni-version", path, "is not a version like 1.0.0", "correct it", version
            )


_OF_PLUGINS = ("capabilities", "ipam", "args", "runtimeConfig")
MISPLACED = ("type", *_OF_PLUGINS)


def misplaced(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Keys of a plugin object at the top of a list, where nobody reads them."""
    if "type" in data:
        rule = "'type' beside 'plugins': Multus takes it as one plugin and drops the list"
        yield Finding("type-beside-plugins", ("type",), rule, "remove one of the two", data["type"])
    for key in _OF_PLUGINS:
        if key in data:
            rule = f"{key!r} belongs to a plugin; at the top of a list nobody reads it"
            yield Finding("misplaced-key", (key,), rule, "move it into an entry of 'plugins'")
    yield from by_type.reserved(data)
