"""docs/reliability.md: every test that it names exists, and every scenario names one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
COLUMNS = ["scenario", "what happens", "test", "figure"]


def rows() -> list[list[str]]:
    """Cells of every row of the page's tables, without their heads."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row != COLUMNS and not set("".join(row)) <= set("-: ")]


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_says_what_happens_and_names_a_test_that_exists() -> None:
    assert len(rows()) > 15
    for row in rows():
        assert len(row) == len(COLUMNS), row
        scenario, happens, tests, _figure = row
        assert scenario, row
        assert happens, row
        named = NAMED.findall(tests)
        assert named, f"{scenario}: names no test"
        for file, function in named:
            path = ROOT / file
            assert path.is_file(), f"{scenario}: there is no {file}"
            assert function in functions(path), f"{scenario}: {file} has no {function}"


def test_every_test_of_faults_is_on_the_page() -> None:
    named = {
        (file, function) for _, _, tests, _ in rows() for file, function in NAMED.findall(tests)
    }
    there = {
        (str(path.relative_to(ROOT)), function)
        for path in (ROOT / "tests/cluster/reliability").glob("test_*.py")
        for function in functions(path)
        if function.startswith("test_")
    }
    assert there - named == set()
