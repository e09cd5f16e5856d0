"""What authors write of plugins source. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class CniPluginsArgs(Typed):
    """Where the node's CNI reference plugins come from."""

    source: Input[Literal["check", "mirror", "archive"]] | None = None
    """check: they must be there; mirror: the node downloads
    `<url>/cni-plugins-linux-<architecture>-<version>.tgz`; archive: that file, uploaded.
    """

    url: Input[str] | None = None
    """With source mirror: the directory that holds the archives."""

    archive: Input[str] | None = None
    """With source archive: path of the archive on the machine that runs the program."""

    version: Input[str] | None = None
    """Release of the reference plugins."""

    sha256: Input[Mapping[str, Input[str]]] | None = None
    """Architecture → checksum of the archive; known for the pinned version."""

    provided: Input[Sequence[Input[str]]] | None = None
    """Plugins that others lay out later (a DaemonSet of SR-IOV, whereabouts …): not looked for."""
