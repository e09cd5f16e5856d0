"""A file system of Debian packages, for images whose programs no Go module builds.

Nothing is installed on the machine: the packages and what they depend on are downloaded by apt-get,
which checks them against the archive's signed lists, and unpacked into a directory of the cache.
Their scripts are not run; what those would do is for the image's recipe.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rig.errors import BuildError
from rig.images.oci import Directory, Entry, File, Link
from rig.parts.store import digest, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

_MERGED = ("bin", "sbin", "lib", "lib64")
"""Links into /usr, as every Debian has them since version 12."""

_LEFT_OUT = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info")


def unpacked(name: str, packages: Sequence[str], progress: Progress) -> Path:
    """The directory with these packages and all that they depend on, from the cache or made now.

    Raises BuildError.
    """
    entry = cache_root() / f"debian-{name}-{digest(*packages)}"
    with locked(entry):
        if not entry.exists():
            title = (
                f"unpacking {len(packages)} Debian packages for {name} (once; kept in the cache)"
            )
            with progress.step(title), fresh_directory(entry) as work:
                _unpack(_download(packages, work / "archives"), work / "root")
                _run(["rm", "-r", str(work / "archives")])
    return entry / "root"


def entries(root: Path) -> dict[str, Entry]:
    """What an image has of such a directory: documentation, manuals and translations left out."""
    found: dict[str, Entry] = {}
    for directory, below, files in os.walk(root):
        inside = Path(directory).relative_to(root)
        below[:] = [name for name in below if str(inside / name) not in _LEFT_OUT]
        for name in (*below, *files):
            path = Path(directory, name)
            target = f"/{inside / name}"
            if path.is_symlink():
                found[target] = Link(str(path.readlink()))
            elif path.is_dir():
                found[target] = Directory(path.stat().st_mode & 0o7777)
            elif path.is_file():
                found[target] = File(path, path.stat().st_mode & 0o7777)
    return found


def _download(packages: Sequence[str], to: Path) -> list[Path]:
    (to / "partial").mkdir(parents=True)
    status = to / "status"  # of a machine that has nothing: all dependencies are wanted
    status.touch()
    options = {"Dir::State::status": status, "Dir::Cache::archives": to, "Debug::NoLocking": "1"}
    argv = ["apt-get", "-q", "-y", "--no-install-recommends", "--download-only"]
    for key, value in options.items():
        argv += ["-o", f"{key}={value}"]
    _run([*argv, "install", *packages])
    return sorted(to.glob("*.deb"))


def _unpack(archives: Sequence[Path], root: Path) -> None:
    for name in _MERGED:
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for archive in archives:
        reads = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE
        )
        with reads:
            _run(
                ["tar", "--extract", "--keep-directory-symlink", "--directory", str(root)],
                reads.stdout,
            )
        if reads.returncode:
            raise BuildError(f"{archive.name} cannot be unpacked")


def _run(argv: list[str], stdin: object = subprocess.DEVNULL) -> None:
    ran = subprocess.run(
        argv,
        stdin=stdin,  # type: ignore[call-overload]
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if ran.returncode:
        said = (ran.stdout + ran.stderr).strip()[-2000:]
        raise BuildError(f"`{' '.join(argv[:6])} …` failed (status {ran.returncode}):\n{said}")
