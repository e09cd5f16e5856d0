"""Where something was read from, as it may be written down."""

from __future__ import annotations

from pathlib import Path


def lasts(path: Path) -> bool:
    """Whether a path still leads there when the command has ended.

    One of a pipe does not: the shell's `<(…)` gives `/dev/fd/63`, which is nobody's, or somebody
    else's, afterwards.
    """
    here = path.expanduser().resolve()
    return here.is_file() or here.is_dir()


def source_name(path: Path | str) -> str:
    """What a written text calls its source: the name without its directory, or that it is a pipe."""
    return Path(path).absolute().name if lasts(Path(path)) else "a pipe"
