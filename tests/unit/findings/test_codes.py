"""Every code that is raised anywhere is on the page of findings, which users read, and only those."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs import codes
from multinet.findings.codes import CODES, ERRORS, WARNINGS

SOURCES = Path(__file__).resolve().parents[3] / "components" / "multinet"
PAGE = codes.entries()
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


def test_every_code_raised_is_on_the_page() -> None:
    missing = {code: file for code, file in _codes().items() if code not in PAGE}
    assert missing == {}


def test_every_code_of_the_page_is_raised_somewhere() -> None:
    written = {
        node.value
        for file in SOURCES.rglob("*.py")
        if file != codes.MODULE
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(PAGE) - written - set(_codes()) == set()


def test_the_module_is_what_make_docs_makes_of_the_page() -> None:
    assert codes.MODULE.read_text() == codes.module()
    assert {*PAGE} == CODES
    assert {code for code, entry in PAGE.items() if entry.severity == "error"} == ERRORS
    assert not ERRORS & WARNINGS


def test_the_page_has_its_codes_in_order() -> None:
    for severity in ("error", "warning"):
        of_it = [code for code, entry in PAGE.items() if entry.severity == severity]
        assert of_it == sorted(of_it)


def test_a_finding_without_a_way_out_is_a_type_error(tmp_path: Path) -> None:
    file = tmp_path / "rules.py"
    head = "from multinet.findings import Finding\nfrom multinet.findings.model import refusal\n"
    right = """Finding("unknown-key", (), "no such key", "write another")\n"""
    wrong = [
        """Finding("unknown-key", (), "no such key")""",
        """refusal("unknown-key", "no such key")""",
    ]
    file.write_text(head + right + "\n".join(wrong) + "\n")
    mypy = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(file)]
    told = subprocess.run(mypy, cwd=SOURCES.parents[1], capture_output=True, text=True, check=False)
    lines = [int(n) for n in re.findall(r"rules\.py:(\d+): error", told.stdout)]
    assert lines == [4, 5], told.stdout


def test_codes_are_written_out_where_they_are_raised() -> None:
    # These hand codes on that were written elsewhere: in models, in the nodes' scripts, in tables.
    computed = {
        str(file.relative_to(SOURCES))
        for file in SOURCES.rglob("*.py")
        for call in _made(ast.parse(file.read_text()))
        if not isinstance(call.args[0], ast.Constant)
    }
    known = {"findings/translate.py", "preflight/report.py"}
    assert computed <= known | {"verify/eth0.py", "verify/words.py"}


@pytest.mark.parametrize("code", PAGE)
def test_an_entry_says_enough(code: str) -> None:
    entry = PAGE[code]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    assert 10 < len(entry.title) < 70
    assert len(entry.explanation) > 60
    assert entry.explanation.endswith(".")
