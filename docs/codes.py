"""The codes that docs/reference/findings.md explains, and the module that knows them all."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
PAGE = _ROOT / "docs" / "reference" / "findings.md"
MODULE = _ROOT / "components" / "multinet" / "findings" / "codes.py"
_ENTRY = re.compile(r"^### `([^`\n]+)`\n\n\*\*(.+?)\.\*\* (.+?)\n*(?=^##|\Z)", re.M | re.S)
_HEAD = '''\
"""Every finding's code. Made by `make docs` from docs/reference/findings.md, which explains them.

A code is stable: users write it in `ignore`.
"""

from __future__ import annotations

from typing import Final

'''
_FOOT = """
CODES: Final = ERRORS | WARNINGS
"""


@dataclasses.dataclass(frozen=True)
class Entry:
    """What the page says of a code.

    Attributes:
        severity: what it usually is. One that is a warning in some cases is listed as one,
            since those cases can be ignored.
        title: the rule in a few words.
        explanation: what happens on a node if it stands, and the way out.
    """

    severity: str
    title: str
    explanation: str


def entries() -> dict[str, Entry]:
    """Code → what the page says of it, in the page's order."""
    _, errors, warnings = re.split(r"^## (?:Errors|Warnings)$", PAGE.read_text(), flags=re.M)
    return {**_read("error", errors), **_read("warning", warnings)}


def _read(severity: str, section: str) -> dict[str, Entry]:
    found = _ENTRY.findall(section)
    assert len(found) == section.count("\n### "), "an entry is `### code`, **a title.** and a text"
    return {code: Entry(severity, title, " ".join(text.split())) for code, title, text in found}


def module() -> str:
    """The module's text."""
    known = entries()
    errors = [code for code, entry in known.items() if entry.severity == "error"]
    warnings = [code for code, entry in known.items() if entry.severity == "warning"]
    return (
        _HEAD
        + "\n".join(_set("ERRORS", errors, "Certain damage: nothing is created."))
        + "\n"
        + "\n".join(_set("WARNINGS", warnings, "Possible damage, in some cases at least."))
        + "\n"
        + _FOOT
    )


def _set(name: str, codes: Iterable[str], text: str) -> Iterator[str]:
    yield f"{name}: Final = frozenset("
    yield "    {"
    yield from (f'        "{code}",' for code in codes)
    yield "    }"
    yield ")"
    yield f'"""{text}"""'


def main() -> None:
    """Write the module."""
    MODULE.write_text(module(), encoding="utf-8")


if __name__ == "__main__":
    main()
