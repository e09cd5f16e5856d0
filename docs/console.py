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
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGES = (PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md")))
ANYWHERE = frozenset(
    {"validate", "render", "images", "diagram", "diff", "schema", "import-kubespray"}
)
"""Subcommands that need neither cluster nor nodes."""
PREPARED = ("make setup", "export PATH=$PWD/.venv/bin:$PATH")
"""What is done already for every block."""
LOOKING = frozenset({"cat", "cd", "head", "ls", "echo"})
"""What else may be typed beside them; `echo` knows `$?` alone."""
ON_RIG = {"10-calico.conflist": "10-rig.conflist"}
"""Texts of the pages' files that are others on the rig: its primary CNI is its own."""

_COLUMNS = "80"
_BLOCK = re.compile(
    r"^(?:<!-- (?P<comment>[^\n]*?) -->\n+)?(?P<indent> *)```(?P<language>\w+)\n"
    r"(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclasses.dataclass(frozen=True)
class Step:
    """A command as typed, and what the page shows of its output."""

    typed: str
    shown: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        comment: what the HTML comment before it says; empty without one.
        line: of the page, from 1, where the block starts.
        span: where its body is in the page's text.
        indent: white space before each of its lines.
    """

    page: Path
    line: int
    language: str
    comment: str
    body: str
    span: tuple[int, int]
    indent: str

    @property
    def steps(self) -> list[Step]:
        """The commands with their output."""
        steps: list[Step] = []
        shown: list[str] = []
        for raw in self.body.splitlines():
            line = raw.removeprefix(self.indent)
            if line.startswith("$ "):
                shown = []
                steps.append(Step(line[2:], ()))
            elif steps:
                shown.append(line)
                steps[-1] = dataclasses.replace(steps[-1], shown=tuple(shown))
        return steps

    @property
    def kind(self) -> str:
        """`run`, `cluster`, `file`, or `shown`: what holds it true."""
        if self.comment.startswith("file: "):
            return "file"
        if self.language != "console" or self.comment == "by hand":
            return "shown"
        if self.comment in ("cluster", "cluster: dev"):
            return "cluster"
        return "run" if all(_runs_anywhere(s.typed) for s in self.steps) else "shown"

    @property
    def on_dev(self) -> bool:
        """Whether it is about a cluster with the dev environment."""
        return self.comment == "cluster: dev"

    @property
    def file(self) -> str:
        """The name in the scratch directory of a `file` block."""
        return self.comment.removeprefix("file: ").strip()

    def text(self) -> str:
        """The body as it is without the page's indentation."""
        lines = self.body.splitlines(keepends=True)
        return "".join(line.removeprefix(self.indent) for line in lines)


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


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page,
            text.count("\n", 0, found.start("body")),
            found["language"],
            found["comment"] or "",
            found["body"],
            found.span("body"),
            found["indent"],
        )
        for found in _BLOCK.finditer(text)
    ]


def _runs_anywhere(typed: str) -> bool:
    if any(sign in typed for sign in ("|", ">", ";", "&&")):
        return False
    argv = shlex.split(typed, comments=True)
    command = argv[0] if argv else ""
    if command in ("multinet", ".venv/bin/multinet"):
        return len(argv) > 1 and (argv[1] in ANYWHERE or "--help" in argv or argv[1] == "--version")
    return command in LOOKING or typed in PREPARED


def matches(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the output is what a page shows; see the module's words on `…`."""
    pattern = ""
    for line in shown:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n"
    text = "".join(f"{line.rstrip()}\n" for line in printed)
    return re.fullmatch(pattern, text) is not None


def without_numbers(line: str) -> str:
    """A line of which the numbers do not count: addresses, ages, times, hashes of pods' names."""
    hashes = re.sub(r"-[a-z0-9]{5}\b(?=\s|$)", "-HASH", line)
    return re.sub(r"\s+", " ", re.sub(r"\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b|\d+", "N", hashes))


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
