"""Reads files and YAML that may be anything: within limits of size, values, depth and time."""

from __future__ import annotations

import dataclasses
import os
import re
import select
import stat
import time
from pathlib import Path
from typing import Any, Final, Literal

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import Node, ScalarNode
from ruamel.yaml.resolver import VersionedResolver

MAX_BYTES: Final = 8 * 2**20
"""Of one file. Ten thousand networks need about 3 MiB."""

MAX_VALUES: Final = 500_000
"""Of one document, keys included; aliases count as often as they are used."""

MAX_DEPTH: Final = 100
"""Levels of nesting of one document."""

MAX_NUMBER: Final = 400
"""Characters of a number; a longer one stays text. Reading one takes time that grows with its
square, and no float has more."""

PIPE_SECONDS: Final = 60.0
"""How long a pipe may take to deliver everything, e.g. the output of a decrypting program."""

_CHUNK = 2**20
# What the library takes for a boolean or a float of YAML 1.1, and PyYAML does not.
_TEXT_IN_1_1 = re.compile(r"[yYnN]|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+").fullmatch
_KINDS = (
    (stat.S_ISDIR, "is a directory"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
    (stat.S_ISSOCK, "is a socket"),
)


class TooMuch(ValueError):
    """Beyond a limit; the message says which, as a rule of a finding does."""


class NotAFile(OSError):
    """Neither a file nor a pipe, or a pipe that delivers nothing; `strerror` says which."""

    def __init__(self, problem: str) -> None:
        super().__init__(0, problem)


def read_bytes(file: Path, limit: int = MAX_BYTES) -> bytes:
    """What is in a file, or comes through a pipe.

    Raises TooMuch beyond `limit` bytes, NotAFile for a directory, a device, or a pipe that is
    not done within PIPE_SECONDS, and OSError where it cannot be opened. Never waits for a
    writer, and never reads what has no end.
    """
    # A pipe that nobody writes to would keep a blocking open() for ever.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        mode = os.fstat(descriptor).st_mode
        for is_kind, problem in _KINDS:
            if is_kind(mode):
                raise NotAFile(problem)
        return _read_all(descriptor, limit, pipe=stat.S_ISFIFO(mode))
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, limit: int, *, pipe: bool) -> bytes:
    parts: list[bytes] = []
    size = 0
    until = time.monotonic() + PIPE_SECONDS
    while size <= limit:
        if pipe and not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
            raise NotAFile(f"is a pipe that was not done after {PIPE_SECONDS:g} s")
        part = os.read(descriptor, _CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    raise TooMuch(f"is larger than {limit // 2**20} MiB")


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A YAML document: its root (None: empty), and what makes scalars of nodes."""

    root: Node | None
    constructor: SafeConstructor
    version: str = "1.2"

    def scalar(self, node: ScalarNode) -> Any:
        """A scalar's value by the rules of the document's version; text where it is none of them."""
        if len(node.value) > MAX_NUMBER or (self.version == "1.1" and _TEXT_IN_1_1(node.value)):
            return node.value
        try:
            return self.constructor.construct_object(node)
        except Exception:  # whatever the library makes of a hostile scalar: it stays text
            return node.value


def compose(text: str, version: Literal["1.1", "1.2"] = "1.2") -> Document:
    """The nodes of one YAML document. Raises YAMLError, or TooMuch beyond a limit.

    version: of YAML, 1.2 as Pulumi reads it, or 1.1 as Ansible does (PyYAML): `yes` is true.
    """
    yaml = YAML(typ="safe", pure=True)
    if version == "1.1":
        yaml.Resolver = _Yaml11
    yaml.Composer = _Counting
    yaml.max_depth = MAX_DEPTH
    try:
        return Document(yaml.compose(text), yaml.constructor, version)
    except (MaxDepthExceededError, RecursionError):
        raise TooMuch(f"is nested more than {MAX_DEPTH} levels deep") from None


class _Yaml11(VersionedResolver):
    """Scalars by the rules of YAML 1.1, whatever the document says of its version."""

    @property
    def processing_version(self) -> tuple[int, int]:
        return 1, 1


class _Counting(Composer):
    """Stops before a document's nodes take more memory than they may."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        # Two anchors of one name are allowed: the later one counts from there on.
        self.warn_double_anchors = False
        self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._nodes += 1
        if self._nodes > MAX_VALUES:
            raise TooMuch(f"holds more than {MAX_VALUES} values")
        return super().compose_node(parent, index)
