"""Every code that is raised anywhere is in the catalogue, which users read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from multinet.findings.catalog import CATALOG

SOURCES = Path(__file__).resolve().parents[3] / "components" / "multinet"
_MAKERS = {"Finding", "refusal", "_rule"}


def _made(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "id", None)
        if isinstance(node, ast.Call) and name in _MAKERS and node.args:
            yield node


_OF_SCRIPT = re.compile(r"\bproblem \S+ (node-[a-z-]+)")


def _codes() -> dict[str, str]:
    """Code → file that raises it, the nodes' shell scripts included."""
    scripts = {
        code: str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.sh")
        for code in _OF_SCRIPT.findall(file.read_text())
    }
    return scripts | {
        str(call.args[0].value): str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.py")
        for call in _made(ast.parse(file.read_text()))
        if isinstance(call.args[0], ast.Constant)
    }


def test_every_code_raised_is_in_the_catalogue() -> None:
    missing = {code: file for code, file in _codes().items() if code not in CATALOG}
    assert missing == {}


def test_every_entry_of_the_catalogue_is_raised_somewhere() -> None:
    assert set(CATALOG) - set(_codes()) == set()


def test_codes_are_written_out_where_they_are_raised() -> None:
    # These hand codes on that were written elsewhere: in models, in the nodes' scripts, in a table.
    computed = {
        str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.py")
        for call in _made(ast.parse(file.read_text()))
        if not isinstance(call.args[0], ast.Constant)
    }
    assert computed <= {"findings/translate.py", "preflight/report.py", "verify/words.py"}


@pytest.mark.parametrize("code", CATALOG)
def test_an_entry_says_enough(code: str) -> None:
    entry = CATALOG[code]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    assert 10 < len(entry.title) < 70
    assert len(entry.explanation) > 60
    assert entry.explanation.endswith(".")
