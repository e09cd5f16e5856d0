"""Holds what the pages show of commands to what the commands print.

A fenced `console` block is a transcript: lines that start with `$ ` are typed, the rest was printed.
The blocks of a page share a scratch directory with the project's program and environments. An HTML
comment before a block says more about it:

- `<!-- file: NAME -->`: this block, of any language, is written to NAME in the scratch directory;
- `<!-- cluster -->`: it is run by the cluster tests, against the rig;
- `<!-- cluster: dev -->`: the same, where the dev environment has been brought up;
- `<!-- by hand -->`: it is run by nobody but people.

A block without a comment is run where all of its commands can run anywhere (`ANYWHERE`), and is
only shown otherwise. A line `…` stands for any number of lines, `…` in a line for any text.

`python -m docs.console` compares all pages, `--update` writes what was printed into them, `--list`
says of each block what holds it true. `--kubeconfig FILE` does the blocks of a cluster instead; with
them numbers (addresses, ages, times) and the width of columns do not count.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.transcripts import PREPARED, Block, Step, blocks, matches, without_numbers

PROJECT = Path(__file__).resolve().parents[1]
PAGES = (PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md")))
ON_RIG = {"10-calico.conflist": "10-rig.conflist"}
"""Texts of the pages' files that are others on the rig: its primary CNI is its own."""

_COLUMNS = "80"


@dataclasses.dataclass(frozen=True)
class Difference:
    """A command that prints something else than its page shows."""

    block: Block
    step: Step
    printed: tuple[str, ...]

    def __str__(self) -> str:
        where = os.path.relpath(self.block.page, PROJECT)
        lines = difflib.unified_diff(
            self.step.shown, self.printed, "the page", "the command", lineterm="", n=1
        )
        return "\n".join([f"{where}:{self.block.line}: $ {self.step.typed}", *lines])


class Scratch:
    """The directory in which a page's commands run."""

    def __init__(self, directory: Path, environment: Mapping[str, str] | None = None) -> None:
        self.root = self.here = directory
        self._status = 0
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "MULTINET_"))},
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
            "COLUMNS": _COLUMNS,
            "NO_COLOR": "1",
            **(environment or {}),
        }
        for name in (
            "Pulumi.yaml",
            "__main__.py",
            *(p.name for p in PROJECT.glob("Pulumi.*.yaml")),
        ):
            shutil.copyfile(PROJECT / name, directory / name)
        shutil.copytree(PROJECT / "examples", directory / "examples")
        schema = directory / "docs" / "reference" / "multinet.schema.json"
        schema.parent.mkdir(parents=True)
        schema.symlink_to(PROJECT / "docs" / "reference" / schema.name)
        (directory / ".venv" / "bin").mkdir(parents=True)
        (directory / ".venv" / "bin" / "multinet").symlink_to(
            Path(sys.executable).with_name("multinet")
        )

    def run(self, typed: str) -> list[str]:
        """Run one command by the shell; the lines it printed on both streams."""
        argv = shlex.split(typed, comments=True)
        if argv[0] == "cd":
            self.here = (self.here / argv[1]).resolve()
            return []
        if typed in PREPARED:
            return []
        if argv == ["echo", "$?"]:
            return [str(self._status)]
        ran = subprocess.run(
            ["sh", "-c", typed],
            cwd=self.here,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self._status = ran.returncode
        return [line.rstrip() for line in ran.stdout.splitlines()]


def differences(
    page: Path,
    kinds: Sequence[str] = ("run",),
    environment: Mapping[str, str] | None = None,
    replaced: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
) -> Iterator[Difference]:
    """Run the page's blocks of these kinds, in order, in a scratch directory of its own.

    `environment`: further variables of the commands. `replaced`: texts of the page's files that
    are others on the cluster at hand, and what they are there. `files`: name → content of files of
    the scratch directory that are others as well.
    """
    exact = "cluster" not in kinds
    with tempfile.TemporaryDirectory() as directory:
        scratch = Scratch(Path(directory), environment)
        for name, content in (files or {}).items():
            (scratch.root / name).write_text(content, encoding="utf-8")
        for block in blocks(page):
            if block.kind == "file":
                text = block.text()
                for there, here in (replaced or {}).items():
                    text = text.replace(there, here)
                file = scratch.root / block.file
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            if block.kind not in kinds:
                continue
            scratch.here = scratch.root
            for step in block.steps:
                printed = scratch.run(step.typed)
                shown, seen = list(step.shown), printed
                if not exact:
                    shown = [without_numbers(line) for line in shown]
                    seen = [without_numbers(line) for line in printed]
                while shown and not shown[-1]:
                    shown.pop()
                while seen and not seen[-1]:
                    seen = seen[:-1]
                if not matches(shown, seen):
                    yield Difference(block, step, tuple(printed))


def update(page: Path, found: Sequence[Difference]) -> None:
    """Write what was printed into the page; elided lines have to be elided anew."""
    text = page.read_text(encoding="utf-8")
    for block in reversed(blocks(page)):
        changed = {d.step.typed: d.printed for d in found if d.block.line == block.line}
        if not changed:
            continue
        lines: list[str] = []
        for step in block.steps:
            lines += [f"$ {step.typed}", *changed.get(step.typed, step.shown)]
        body = "".join(f"{block.indent}{line}".rstrip() + "\n" for line in lines)
        text = text[: block.span[0]] + body + text[block.span[1] :]
    page.write_text(text, encoding="utf-8")


def main() -> int:
    """The command line; exit 1 where a page and a command differ."""
    parser = argparse.ArgumentParser(prog="python -m docs.console", description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--update", action="store_true", help="write what was printed")
    parser.add_argument("--list", action="store_true", help="what holds each block true")
    parser.add_argument("--kubeconfig", type=Path, help="of a cluster; kubectl is on PATH")
    asked = parser.parse_args()
    kinds, environment = ("run",), {}
    if asked.kubeconfig:
        kinds, environment = ("cluster",), {"KUBECONFIG": str(asked.kubeconfig.resolve())}
    pages = [page.resolve() for page in asked.pages] or PAGES
    code = 0
    for page in pages:
        if asked.list:
            for block in blocks(page):
                if block.language == "console":
                    print(f"{block.kind:8}{page.relative_to(PROJECT)}:{block.line}")
            continue
        found = list(differences(page, kinds, environment, ON_RIG if asked.kubeconfig else None))
        for difference in found:
            print(difference, end="\n\n")
            code = 1
        if asked.update and found:
            update(page, found)
    return code


if __name__ == "__main__":
    sys.exit(main())
