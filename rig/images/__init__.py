"""Small OCI images of the rig's own binaries, written without any engine."""

from rig.images.catalog import (
    BUSYBOX_IMAGE,
    MULTUS_REPOSITORY,
    busybox,
    ensure_archive,
    multus_thick,
    multus_thin,
    pause,
    recipes,
)
from rig.images.oci import Directory, File, Image, Link, write_archive

__all__ = [
    "BUSYBOX_IMAGE",
    "MULTUS_REPOSITORY",
    "Directory",
    "File",
    "Image",
    "Link",
    "busybox",
    "ensure_archive",
    "multus_thick",
    "multus_thin",
    "pause",
    "recipes",
    "write_archive",
]
