"""Who knows whom in the package, read from the source, is what docs/architecture.md says."""

from __future__ import annotations

import ast
import graphlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import multinet

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "components" / "multinet"
_ROW = re.compile(r"\|\s*((?:`\w+/?`\s*)+)\|([^|]*)\|([^|]*)\|")
_NAME = re.compile(r"`(\w+)/?`")
_GROUND = "everybody"  # what its row says that may know it

Known = Mapping[str, set[str]]


def _modules() -> dict[str, Path]:
    """Dotted name below the package → file; a folder has its own name."""
    files = {path.relative_to(PACKAGE).with_suffix(""): path for path in PACKAGE.rglob("*.py")}
    named = {
        ".".join(p.parts[:-1] if p.name == "__init__" else p.parts): f for p, f in files.items()
    }
    return {name: file for name, file in named.items() if name}


def _imported(file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """What a file imports of the package: at its top, for types alone, and late in a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name[9:] for a in node.names if a.name.startswith("multinet."))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            if node.module == "multinet" or (node.module or "").startswith("multinet."):
                within = (node.module or "")[9:]
                for alias in node.names:
                    whole = f"{within}.{alias.name}".lstrip(".")
                    yield whole if whole in modules else within or "__init__"


def _imports() -> dict[str, set[str]]:
    modules = _modules()
    face = "__init__"  # whose only other use is __version__
    return {name: {*_imported(file, modules)} - {name, face} for name, file in modules.items()}


def _siblings(imports: Known, folder: str) -> dict[str, set[str]]:
    """The files and folders right within a folder, each folder taken as one: who knows whom."""
    depth = len(folder.split(".")) if folder else 0
    inside = f"{folder}." if folder else ""
    known: dict[str, set[str]] = defaultdict(set)
    for name, others in imports.items():
        if name.startswith(inside):
            own = name.split(".")[depth]
            known[own] |= {o.split(".")[depth] for o in others if o.startswith(inside)} - {own}
    return known


def _table() -> tuple[dict[str, set[str]], set[str]]:
    """Part → what it knows, in the page's order, and the parts that everybody may know."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows: dict[str, set[str]] = {}
    ground: set[str] = set()
    for parts, _, knows in _ROW.findall(page):
        names = _NAME.findall(parts)
        rows |= {name: set(_NAME.findall(knows)) for name in names}
        if _GROUND in knows:
            ground |= {*names}
    return rows, ground


def test_each_part_knows_what_the_page_says_and_nothing_else() -> None:
    rows, ground = _table()
    found = _siblings(_imports(), "")
    assert found.keys() == rows.keys()
    drawn = {(part, known) for part in rows for known in rows[part]}
    built = {(part, known) for part in found for known in found[part] - ground}
    assert built - drawn == set(), "imports that the page does not name"
    assert drawn - built == set(), "what the page names and nobody imports"


def test_the_pages_order_is_that_of_the_building_every_part_stands_on_rows_above_it() -> None:
    rows, ground = _table()
    above = set(ground)
    for part, known in rows.items():
        assert known <= above, f"{part} knows what stands below it in the table"
        above.add(part)


def test_no_file_is_in_a_circle_of_imports_late_ones_counted() -> None:
    imports = _imports()
    known = {name: others & imports.keys() for name, others in imports.items()}
    assert [*graphlib.TopologicalSorter(known).static_order()]


def test_no_folder_is_in_a_circle_with_its_neighbours() -> None:
    imports = _imports()
    folders = {name.rpartition(".")[0] for name in imports}
    for folder in sorted(folders):
        assert [*graphlib.TopologicalSorter(_siblings(imports, folder)).static_order()], folder


def test_what_a_program_imports_is_there_and_the_package_itself_does_not_go_through_it() -> None:
    assert {name for name in multinet.__all__ if getattr(multinet, name, None) is None} == set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "multinet":
                names = {alias.name for alias in node.names}
                assert not names & {*multinet.__all__}, f"{file.name} imports from the face"
