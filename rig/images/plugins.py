"""The image that brings the CNI reference plugins, under the name that the add-on's manifests have.

Not among the default ones, since it is large: whoever tries the add-on imports it.
"""

from __future__ import annotations

from pathlib import Path

from multinet import versions
from rig.images.catalog import busybox
from rig.images.oci import Entry, File, Image, write_archive
from rig.parts import ensure
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

REFERENCE = versions.CNI_PLUGINS_IMAGE.at(versions.CNI_PLUGINS_IMAGE_TAG)


def plugins_archive(progress: Progress) -> Path:
    """The archive, made once per set of binaries: all plugins in /opt/cni/bin, and a shell.

    Raises RigError.
    """
    parts = ensure("cni-plugins", progress=progress)
    binaries = parts.directory("cni-plugins")
    made_from = [*Path(__file__).parent.glob("*.py")]
    entry = cache_root() / f"images-plugins-{digest_of_files(made_from, str(binaries), REFERENCE)}"
    with locked(entry):
        if not entry.exists():
            programs: dict[str, Entry] = {
                f"/opt/cni/bin/{path.name}": File(path) for path in binaries.iterdir()
            }
            with progress.step("writing the plugins' image"), fresh_directory(entry) as work:
                layers = (*busybox(parts).layers, programs)
                write_archive(work / "plugins.tar", REFERENCE, Image(layers, cmd=("sh",)))
    return entry / "plugins.tar"
