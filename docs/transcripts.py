"""The fenced blocks of pages as transcripts: what is typed, what is printed, and how both compare."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

ANYWHERE = frozenset(
    {"validate", "render", "images", "diagram", "diff", "schema", "import-kubespray"}
)
"""Subcommands that need neither cluster nor nodes."""
PREPARED = ("make setup", "export PATH=$PWD/.venv/bin:$PATH")
"""What is done already for every block."""
LOOKING = frozenset({"cat", "cd", "head", "ls", "echo"})
"""What else may be typed beside them; `echo` knows `$?` alone."""

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
