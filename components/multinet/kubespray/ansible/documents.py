"""Ansible's YAML files: variables with the place where each is set."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from multinet.findings.text import printable
from multinet.untrusted import bounded_yaml

_VAULT: Final = "$ANSIBLE_VAULT"
_MERGE: Final = "<<"


class NotKubespray(Exception):
    """What was given is no inventory of Kubespray, or cannot be read; the message says why."""


class Encrypted(NotKubespray):
    """A file that Ansible Vault encrypted as a whole."""


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """A variable as the inventory sets it.

    Attributes:
        name, value: of the variable; a value that cannot be read is a `Sealed`.
        source: file and line, for the user to find it.
    """

    name: str
    value: Any
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """A value with a YAML tag that only Ansible can open, such as `!vault`."""

    tag: str


def text_of(path: Path, name: str) -> str:
    """A file's text, within limits. Raises NotKubespray, `name` being what the user calls it."""
    try:
        text = bounded_yaml.read_bytes(path).decode("utf-8-sig")
    except bounded_yaml.TooMuch as error:
        raise NotKubespray(f"{name} {error}") from None
    except UnicodeDecodeError:
        raise NotKubespray(f"{name} cannot be read: it is not UTF-8 text") from None
    except bounded_yaml.NotAFile as error:
        raise NotKubespray(f"{name} {error.strerror}") from None
    except OSError as error:
        raise NotKubespray(f"{name} cannot be read: {error.strerror}") from None
    if text.startswith(_VAULT):
        raise Encrypted(f"{name} is encrypted by Ansible Vault: give it decrypted")
    return text


class YamlFile:
    """One YAML document, by the rules of YAML 1.1 as Ansible's reader has them.

    `yes`, `no`, `on` and `off` are booleans, `010` is eight; `y`, `n` and `1e3` are text. The
    last of equal keys counts. Raises NotKubespray where it is no YAML, or beyond a limit.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._values = 0
        self._depth = 0
        try:
            self._document = bounded_yaml.compose(text, "1.1")
        except (YAMLError, bounded_yaml.TooMuch) as error:
            raise self._invalid(error) from None

    @property
    def root(self) -> Node | None:
        """The document's node; None where there is none but comments."""
        root = self._document.root
        empty = isinstance(root, ScalarNode) and self._document.scalar(root) is None
        return None if empty else root

    def variables(self) -> list[Given]:
        """The variables that its top level sets. Raises NotKubespray where it is no mapping."""
        if self.root is None:
            return []
        if not isinstance(self.root, MappingNode):
            raise NotKubespray(f"{self.name} holds no variables: its top level must be a mapping")
        return self.given(self.root)

    def given(self, node: MappingNode) -> list[Given]:
        """The variables that a mapping sets, each with its line."""
        try:
            return [Given(key, self.plain(value), at) for key, at, value in self.pairs(node)]
        except bounded_yaml.TooMuch as error:
            raise self._invalid(error) from None

    def pairs(self, node: MappingNode) -> Iterator[tuple[str, str, Node]]:
        """Key, place and value of a mapping, `<<` resolved; keys that are no scalar are left out.

        What a mapping says itself wins over what it merges in, and comes after it.
        """
        own: list[tuple[str, str, Node]] = []
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                continue
            if key.value == _MERGE and not key.style:
                yield from self._merged(value)
            else:
                own.append((str(key.value), f"{self.name}:{key.start_mark.line + 1}", value))
        yield from own

    def _merged(self, value: Node) -> Iterator[tuple[str, str, Node]]:
        self._enter()
        # Of several merged mappings the first one wins, so it comes last.
        sources = reversed(value.value) if isinstance(value, SequenceNode) else [value]
        for source in sources:
            if isinstance(source, MappingNode):
                yield from self.pairs(source)
        self._depth -= 1

    def plain(self, node: Node) -> Any:
        """Plain data of a node."""
        # An alias is one node and many values, and one that leads into itself has no end.
        self._enter()
        try:
            if isinstance(node, MappingNode):
                return {key: self.plain(value) for key, _, value in self.pairs(node)}
            if isinstance(node, SequenceNode):
                return [self.plain(item) for item in node.value]
        finally:
            self._depth -= 1
        assert isinstance(node, ScalarNode)
        tag = str(node.tag)
        if tag.startswith("!"):
            return str(node.value) if tag == "!unsafe" else Sealed(tag)
        return usual(self._document.scalar(node), str(node.value))

    def _enter(self) -> None:
        self._values += 1
        if self._values > bounded_yaml.MAX_VALUES or self._depth >= bounded_yaml.MAX_DEPTH:
            raise bounded_yaml.TooMuch("it holds too many values, or they are nested too deeply")
        self._depth += 1

    def _invalid(self, error: Exception) -> NotKubespray:
        mark = getattr(error, "problem_mark", None)
        at = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or printable(str(error), 200)
        return NotKubespray(f"{self.name}{at} is not valid YAML: {problem}")


def usual(value: Any, text: str) -> Any:
    """A scalar that a stack file can hold; dates, bytes and `.inf` stay the text they are."""
    if isinstance(value, float) and not isfinite(value):
        return text
    return value if isinstance(value, str | int | float | None) else text


def variables(path: Path, name: str) -> list[Given]:
    """The variables of a file of variables; none where it holds nothing but comments."""
    return YamlFile(text_of(path, name), name).variables()
