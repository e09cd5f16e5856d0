"""Settings of where a node's CNI reference plugins come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from multinet import versions
from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.nodes.values import (
    Architecture,
    BinaryName,
    LocalPath,
    MirrorUrl,
    PluginsVersion,
    Sha256,
)


class CniPluginsSettings(CheckedModel):
    """Where the node's CNI reference plugins come from."""

    source: Literal["check", "mirror", "archive"] = "check"
    """check: they must be there; mirror: the node downloads
    `<url>/cni-plugins-linux-<architecture>-<version>.tgz`; archive: that file, uploaded.
    """
    url: MirrorUrl | None = None
    """With source mirror: the directory that holds the archives."""
    archive: LocalPath | None = None
    """With source archive: path of the archive on the machine that runs the program."""
    version: PluginsVersion = versions.CNI_PLUGINS
    """Release of the reference plugins."""
    sha256: dict[Architecture, Sha256] = {}
    """Architecture → checksum of the archive; known for the pinned version."""
    provided: list[BinaryName] = []
    """Plugins that others lay out later (a DaemonSet of SR-IOV, whereabouts …): not looked for."""

    @property
    def checksums(self) -> dict[str, str]:
        """Architecture → SHA-256 of the archive."""
        sums = dict(versions.CNI_PLUGINS_SHA256) if self.version == versions.CNI_PLUGINS else {}
        sums.update((str(architecture), value) for architecture, value in self.sha256.items())
        return sums

    def rules(self) -> Iterator[Finding]:
        """Each source has its key, and a checksum."""
        yield from apart(
            lambda: self._of_source("url", self.url, "mirror"),
            lambda: self._of_source("archive", self.archive, "archive"),
            self._unknown_checksum(),
        )

    def _of_source(self, key: str, value: str | None, source: str) -> Iterator[Finding]:
        if self.source == source and value is None:
            rule = f"with source {source}, {key!r} says where"
            yield Finding("plugins-source", (key,), rule, f"add {key}")
        if self.source != source and value is not None:
            rule = f"{key!r} has no effect with source {self.source}"
            yield Finding("plugins-source", (key,), rule, f"set source: {source}", value)

    def _unknown_checksum(self) -> Iterator[Finding]:
        if self.source != "check" and not self.checksums:
            rule = f"no checksum is known for {self.version}"
            way_out = "add sha256: {amd64: …}; each release has a .sha256 file beside the archive"
            yield Finding("plugins-checksum", ("sha256",), rule, way_out, self.version)
