"""Values in Markdown: shown as they are, never as markup, never breaking a table."""

from __future__ import annotations

import re

from multinet.findings.text import printable

_SPECIAL = re.compile(r"[\\`*_\[\]|]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """A value as text of one line."""
    marked = _SPECIAL.sub(r"\\\g<0>", printable(text))
    return re.sub("[&<>]", lambda found: _HTML[found[0]], marked)


def code(text: str) -> str:
    """A value as a code span; in a table, too, where a pipe would end the cell."""
    shown = printable(text).replace("|", "\\|")
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"
