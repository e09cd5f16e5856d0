"""The cache: entries appear complete or not at all, and one builder works at an entry."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rig.paths import cache_root


def digest(*pieces: str | bytes) -> str:
    """A short digest of what an entry is made from.

    Each piece is preceded by its length: ("ab", "c") and ("a", "bc") must differ.
    """
    sha = hashlib.sha256()
    for piece in pieces:
        raw = piece.encode() if isinstance(piece, str) else piece
        sha.update(str(len(raw)).encode() + b":" + raw)
    return sha.hexdigest()[:16]


def digest_of_files(files: Iterable[Path], *more: str) -> str:
    """A digest of files by name and content, and of further pieces."""
    pieces: list[str | bytes] = list(more)
    for path in sorted(files):
        pieces += [path.name, path.read_bytes()]
    return digest(*pieces)


@contextmanager
def locked(entry: Path) -> Iterator[None]:
    """Hold the lock of a cache entry; a second builder waits, then finds the work done."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    lock = entry.parent / f".{entry.name}.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def fresh_directory(entry: Path) -> Iterator[Path]:
    """A temporary directory that becomes ``entry`` when the block ends well, else vanishes."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{entry.name}.", dir=entry.parent))
    try:
        yield work
        work.chmod(0o755)
        work.rename(entry)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def log_file(name: str) -> Path:
    """Where the log of a part's last build is kept."""
    directory = cache_root() / "logs"
    directory.mkdir(parents=True, exist_ok=True)
    return directory / f"{name}.log"


def tail(path: Path, lines: int = 30) -> str:
    """The last lines of a text file; empty where there is none."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
