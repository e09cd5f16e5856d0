"""whereabouts' image: its four programs at the root, and the commands of busybox, as upstream's."""

from __future__ import annotations

from pathlib import Path

from rig.images.catalog import ROOT_GROUP, ROOT_USER, busybox
from rig.images.oci import Entry, File, Image, Link, write_archive
from rig.parts import Parts, ensure, version_of
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root, which
from rig.progress import Progress

PART = "whereabouts"
REPOSITORY = "ghcr.io/k8snetworkplumbingwg/whereabouts"


def reference() -> str:
    """Its name, as manifests have it."""
    return f"{REPOSITORY}:{version_of(PART)}"


def archive(progress: Progress) -> Path:
    """The image as an archive, made once; the programs are built for it. Raises BuildError."""
    parts = ensure(PART, progress=progress)
    shell = which("busybox")
    made_from = [*Path(__file__).parent.glob("*.py"), *([shell] if shell else [])]
    entry = cache_root() / f"images-{PART}-{digest_of_files(made_from, str(parts.directory(PART)))}"
    with locked(entry):
        if not entry.exists():
            with fresh_directory(entry) as work:
                write_archive(work / "whereabouts.tar", reference(), _image(parts))
    return entry / "whereabouts.tar"


def _image(parts: Parts) -> Image:
    programs: dict[str, Entry] = {
        f"/{path.name}": File(path) for path in parts.directory(PART).iterdir()
    }
    around: dict[str, Entry] = {
        "/etc/passwd": ROOT_USER,
        "/etc/group": ROOT_GROUP,
        "/var/run": Link("/run"),
    }
    return Image((*busybox(parts).layers, programs, around), cmd=("sh",))
