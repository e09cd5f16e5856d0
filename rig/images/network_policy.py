"""The image of what enforces policies on networks, where a binary of it is on PATH."""

from __future__ import annotations

from pathlib import Path

from multinet import versions
from rig.images.debian import entries, unpacked
from rig.images.elf import static_on_path
from rig.images.oci import Entry, File, Image, write_archive
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

PROGRAM = "multi-networkpolicy-nftables"
"""The command that has to be on PATH for its image."""
REFERENCE = versions.NETWORK_POLICY_IMAGE.at(versions.NETWORK_POLICY)
_PACKAGES = ("nftables", "dash")
"""What it runs, and the shell of its probe."""


def archive(progress: Progress) -> Path | None:
    """The image as an archive, made once; None where no binary of it is on PATH.

    It is in no registry of modules, so nothing here can build it: whoever has built the pinned
    release puts it on PATH. Raises RigError where that is not a static binary, BuildError where
    Debian's packages cannot be had.
    """
    binary = static_on_path(PROGRAM)
    if binary is None:
        return None
    made_from = [*Path(__file__).parent.glob("*.py"), binary]
    entry = cache_root() / f"images-{PROGRAM}-{digest_of_files(made_from, REFERENCE, *_PACKAGES)}"
    with locked(entry):
        if not entry.exists():
            root = unpacked(PROGRAM, _PACKAGES, progress)
            programs: dict[str, Entry] = {f"/{PROGRAM}": File(binary)}
            with progress.step(f"writing the image of {PROGRAM}"), fresh_directory(entry) as work:
                image = Image((entries(root), programs), cmd=(f"/{PROGRAM}",))
                write_archive(work / "enforcer.tar", REFERENCE, image)
    return entry / "enforcer.tar"
