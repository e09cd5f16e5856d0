"""Reads the variables of a Kubespray inventory: its group_vars, as far as they are for all nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from multinet.findings.text import printable
from multinet.untrusted import bounded_yaml

_SUFFIXES = ("", ".yml", ".yaml", ".json")
# Groups whose variables hold for every node, the later ones over the earlier ones.
_FOR_ALL = ("all", "k8s_cluster", "k8s-cluster")
_MOST_FILES = 1000
_VAULT = "$ANSIBLE_VAULT"
_TRUE, _FALSE = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


class NotKubespray(Exception):
    """What was given is no inventory of Kubespray, or cannot be read; the message says why."""


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


@dataclasses.dataclass(frozen=True)
class Inventory:
    """What was read.

    Attributes:
        given: name → variable, after precedence.
        skipped: file → why nothing of it was read.
    """

    given: dict[str, Given]
    skipped: dict[str, str]


def read(path: Path) -> Inventory:
    """Read a group_vars file, a group_vars directory or an inventory's directory.

    Raises NotKubespray where there is no such file, it cannot be read, or it is not YAML with
    variables in it.
    """
    try:
        if path.is_dir():
            return _read_directory(path)
        if not path.exists():
            raise NotKubespray("does not exist")
        return Inventory({g.name: g for g in _read_file(path, path.name)}, {})
    except OSError as error:
        raise NotKubespray(f"{error.filename or path} cannot be read: {error.strerror}") from None


def truth(value: Any) -> bool | None:
    """A boolean as Ansible understands one (`yes`, `on`, `"true"`); None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def has_jinja(value: Any) -> bool:
    """Whether a value, or anything inside it, is a template that only Ansible can fill."""
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if isinstance(value, dict):
        return any(has_jinja(item) for pair in value.items() for item in pair)
    return isinstance(value, list) and any(has_jinja(item) for item in value)


def _read_directory(path: Path) -> Inventory:
    base = path if path.name == "group_vars" else path / "group_vars"
    if not base.is_dir():
        raise NotKubespray(f"{path} holds no group_vars: name an inventory, or a group_vars file")
    given: dict[str, Given] = {}
    skipped: dict[str, str] = {}
    files = [file for group in _FOR_ALL for file in _files_of(base, group)]
    if len(files) > _MOST_FILES:
        raise NotKubespray(f"{base} holds more than {_MOST_FILES} files of variables")
    for file in files:
        name = str(file.relative_to(base.parent))
        try:
            given |= {g.name: g for g in _read_file(file, name)}
        except _Vault:
            skipped[name] = "is encrypted by Ansible Vault"
    if len(given) > bounded_yaml.MAX_VALUES:
        raise NotKubespray(f"{base} sets more than {bounded_yaml.MAX_VALUES} variables")
    for folder in (base, path / "host_vars"):
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            group = entry.name.partition(".")[0]
            if folder != base or group not in _FOR_ALL:
                what = "single hosts" if folder != base else f"group {group}"
                name = str(entry.relative_to(base.parent))
                skipped[name] = f"is for {what} only; an environment is one for all nodes"
    if not given and not skipped:
        raise NotKubespray(f"{base} sets no variables for the groups all and k8s_cluster")
    return Inventory(given, skipped)


def _files_of(base: Path, group: str) -> Iterator[Path]:
    """A group's files in Ansible's order: its own file, then its directory's by name."""
    for suffix in _SUFFIXES:
        if (file := base / f"{group}{suffix}").is_file():
            yield file
    if (base / group).is_dir():
        yield from sorted(
            f for f in (base / group).rglob("*") if f.is_file() and f.suffix in _SUFFIXES
        )


class _Vault(NotKubespray):
    """The file as a whole is encrypted."""


def _read_file(path: Path, name: str) -> Iterator[Given]:
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
        raise _Vault(f"{name} is encrypted by Ansible Vault: give it decrypted")
    try:
        document = bounded_yaml.compose(text)
        if document.root is None:
            return
        if not isinstance(document.root, MappingNode):
            raise NotKubespray(f"{name} holds no variables: its top level must be a mapping")
        reader = _Reader(document)
        for key, value in document.root.value:
            if isinstance(key, ScalarNode):
                source = f"{name}:{key.start_mark.line + 1}"
                yield Given(str(key.value), reader.plain(value), source)
    except (YAMLError, bounded_yaml.TooMuch) as error:
        mark = getattr(error, "problem_mark", None)
        at = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or printable(str(error), 200)
        raise NotKubespray(f"{name}{at} is not valid YAML: {problem}") from None


class _Reader:
    """Plain data of nodes; the last of equal keys counts, as with Ansible."""

    def __init__(self, document: bounded_yaml.Document) -> None:
        self._document = document
        self._values = 0
        self._depth = 0

    def plain(self, node: Node) -> Any:
        # An alias is one node and many values, and one that leads into itself has no end.
        self._values += 1
        if self._values > bounded_yaml.MAX_VALUES or self._depth >= bounded_yaml.MAX_DEPTH:
            raise bounded_yaml.TooMuch("it holds too many values, or they are nested too deeply")
        self._depth += 1
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node)
            if isinstance(node, SequenceNode):
                return [self.plain(item) for item in node.value]
        finally:
            self._depth -= 1
        assert isinstance(node, ScalarNode)
        tag = str(node.tag)
        if tag.startswith("!"):
            return str(node.value) if tag == "!unsafe" else Sealed(tag)
        return self._document.scalar(node)

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        own = [(k, v) for k, v in node.value if isinstance(k, ScalarNode)]
        return {str(key.value): self.plain(value) for key, value in own}
