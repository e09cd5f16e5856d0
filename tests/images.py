"""Images that a registry would have, as archives."""

from __future__ import annotations

from pathlib import Path

from multinet.versions import KUBECTL, KUBECTL_IMAGE
from rig import parts
from rig.images.catalog import kubectl
from rig.images.oci import write_archive

KUBECTLS = KUBECTL_IMAGE.at(KUBECTL)


def kubectl_archive(directory: Path) -> Path:
    """What the blocks' claims run in."""
    archive = directory / "kubectl.tar"
    write_archive(archive, KUBECTLS, kubectl(parts.ensure("kubernetes")))
    return archive
