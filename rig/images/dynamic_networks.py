"""The image of the controller that attaches running pods, where a binary of it is on PATH."""

from __future__ import annotations

from pathlib import Path

from multinet import versions
from rig.images.catalog import busybox
from rig.images.elf import static_on_path
from rig.images.oci import Entry, File, Image, write_archive
from rig.parts import ensure
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

PROGRAM = "dynamic-networks-controller"
"""The command that has to be on PATH for its image."""
REFERENCE = versions.DYNAMIC_NETWORKS_IMAGE.at(versions.DYNAMIC_NETWORKS)


def archive(progress: Progress) -> Path | None:
    """The image as an archive, made once; None where no binary of it is on PATH.

    It is in no registry of modules, so nothing here can build it: whoever has built the pinned
    release puts it on PATH. Raises RigError where that is not a static binary.
    """
    binary = static_on_path(PROGRAM)
    if binary is None:
        return None
    made_from = [*Path(__file__).parent.glob("*.py"), binary]
    entry = cache_root() / f"images-{PROGRAM}-{digest_of_files(made_from, REFERENCE)}"
    with locked(entry):
        if not entry.exists():
            programs: dict[str, Entry] = {f"/{PROGRAM}": File(binary)}
            layers = (*busybox(ensure("pause", progress=progress)).layers, programs)
            with progress.step(f"writing the image of {PROGRAM}"), fresh_directory(entry) as work:
                write_archive(
                    work / "controller.tar", REFERENCE, Image(layers, cmd=(f"/{PROGRAM}",))
                )
    return entry / "controller.tar"
