"""Reads a stack file (Pulumi.<stack>.yaml) without the engine, and knows each value's line."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from multinet.findings import Finding, Path
from multinet.findings.suggest import did_you_mean
from multinet.findings.text import printable
from multinet.names import PROJECT, stack_key
from multinet.untrusted import bounded_yaml
from multinet.untrusted.plain_json import encodable

_KEY_OF_SECRETS = ("secretsprovider", "encryptedkey", "encryptionsalt")
_FILE_KEYS = ("config", *_KEY_OF_SECRETS, "environment", "backend")


@dataclasses.dataclass(frozen=True)
class StackFile:
    """What a stack file holds.

    Attributes:
        config: the `multinet:` keys without that prefix, as plain data.
        others: keys of other projects, which a program may have of its own: `namespace:key`.
        lines: path below `config:` → 1-based line of the value.
        findings: what is wrong with the file itself.
        source: the file's name as the user gave it.
    """

    source: str
    config: dict[str, Any] = dataclasses.field(default_factory=dict)
    others: dict[str, Any] = dataclasses.field(default_factory=dict)
    lines: dict[Path, int] = dataclasses.field(default_factory=dict)
    findings: list[Finding] = dataclasses.field(default_factory=list)

    def located(self, finding: Finding) -> Finding:
        """The finding with the line of its path, or of the nearest enclosing value."""
        path = finding.path
        while path and path not in self.lines:
            path = path[:-1]
        return dataclasses.replace(finding, line=finding.line or self.lines.get(path))


def stack_path(project_dir: FilePath, stack: str) -> FilePath:
    """The file of a stack: Pulumi.<stack>.yaml beside Pulumi.yaml."""
    return project_dir / f"Pulumi.{stack}.yaml"


def read(file: FilePath) -> StackFile:
    """Read a stack file. Never raises for what the file holds: see `findings`."""
    try:
        text = bounded_yaml.read_bytes(file).decode("utf-8-sig")
    except bounded_yaml.TooMuch as error:
        way_out = "split the environment into several stacks"
        return _refused(file, Finding("file-too-large", (), str(error), way_out))
    except bounded_yaml.NotAFile as error:
        way_out = "give a stack file, or a pipe that one comes through"
        return _refused(file, Finding("file-not-readable", (), str(error.strerror), way_out))
    except OSError as error:
        rule = f"cannot be read: {error.strerror or error}"
        near = (
            sorted(p.name for p in file.parent.glob("Pulumi.*.yaml"))
            if file.parent.is_dir()
            else []
        )
        way_out = f"stack files here: {', '.join(near) or 'none'}"
        if not near:
            way_out += "; of a stack without configuration `config: {}` is all that one holds"
        return _refused(file, Finding("file-not-readable", (), rule, way_out))
    except UnicodeDecodeError as error:
        rule = f"is not UTF-8 text (byte {error.start})"
        return _refused(file, Finding("file-not-yaml", (), rule, "save it as UTF-8"))
    except ValueError as error:  # a name with a NUL in it
        return _refused(file, Finding("file-not-readable", (), str(error), "correct its name"))
    return parse(text, printable(str(file)))


def parse(text: str, source: str) -> StackFile:
    """Read a stack file's text; see `read`."""
    try:
        document = bounded_yaml.compose(text)
    except bounded_yaml.TooMuch as error:
        return StackFile(source, findings=[_too_much(error)])
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        rule = f"is not valid YAML: {error.problem or error.context or 'syntax error'}"
        way_out = "check indentation, quotes and colons at that line"
        return StackFile(source, findings=[Finding("file-not-yaml", (), rule, way_out, line=line)])
    except YAMLError as error:
        rule = f"is not valid YAML: {' '.join(str(error).split())[:200]}"
        way_out = "correct it there; Pulumi reads the same file"
        return StackFile(source, findings=[Finding("file-not-yaml", (), rule, way_out)])
    if document.root is None:
        rule = "is empty: there is no `config:` in it"
        way_out = "start from Pulumi.dev.yaml, or write `config: {}` for all defaults"
        return StackFile(source, findings=[Finding("file-empty", (), rule, way_out)])
    return _Reader(source, document).read(document.root)


def _refused(file: FilePath, finding: Finding) -> StackFile:
    return StackFile(printable(str(file)), findings=[finding])


def _too_much(error: bounded_yaml.TooMuch) -> Finding:
    way_out = "write the values out flat, or split the environment into several stacks"
    return Finding("file-too-large", (), str(error), way_out)


class _Reader:
    """Turns YAML nodes into plain data, keeping lines and refusing what YAML would hide."""

    def __init__(self, source: str, scalars: bounded_yaml.Document) -> None:
        self.source = source
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []
        self.values = 0
        self.depth = 0
        self.scalars = scalars

    def read(self, root: Node) -> StackFile:
        try:
            document = self._value(root, ())
        except bounded_yaml.TooMuch as error:
            return StackFile(self.source, findings=[_too_much(error)])
        if not isinstance(document, dict):
            rule = "is not a stack file: its top level must be a mapping with `config:`"
            way_out = "start it with `config:`, and what is below it by two blanks further in"
            finding = Finding("file-not-a-stack", (), rule, way_out)
            return StackFile(self.source, findings=[finding])
        for key in document:
            if key not in _FILE_KEYS:
                way_out = did_you_mean(str(key), _FILE_KEYS)
                rule = "is not a key of a stack file"
                line = self.lines.get((key,))
                self.findings.append(Finding("unknown-key", (key,), rule, way_out, line=line))
        # All that Pulumi writes into the file of a stack without configuration is its key.
        if not document.keys() & {"config", *_KEY_OF_SECRETS}:
            rule = "has no `config:`"
            way_out = "start from Pulumi.dev.yaml, or write `config: {}` for all defaults"
            self.findings.append(Finding("file-not-a-stack", (), rule, way_out))
        lines = {
            _below_config(path): line
            for path, line in self.lines.items()
            if path[:1] == ("config",)
        }
        findings = [dataclasses.replace(f, path=_below_config(f.path)) for f in self.findings]
        config = document.get("config")
        own, others = _own_keys(config, findings), _other_keys(config)
        return StackFile(self.source, own, others, lines, findings)

    def _value(self, node: Node, path: Path) -> Any:
        # Counted here as well as in composing: an alias is one node and many values, and one
        # that leads into itself, also through a merge, has no end.
        self.values += 1
        if self.values > bounded_yaml.MAX_VALUES:
            raise bounded_yaml.TooMuch(
                f"holds more than {bounded_yaml.MAX_VALUES} values, aliases written out"
            )
        self.depth += 1
        if self.depth > bounded_yaml.MAX_DEPTH:
            raise bounded_yaml.TooMuch(f"is nested more than {bounded_yaml.MAX_DEPTH} levels deep")
        try:
            return self._plain(node, path)
        finally:
            self.depth -= 1

    def _plain(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        first_line: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged |= self._merge(value_node, path)
                continue
            key = key_node.value if isinstance(key_node, ScalarNode) else None
            if not isinstance(key, str) or not encodable(key):
                rule = "a key must be plain text"
                way_out = "write a word before the colon, in quotes if it is an odd one"
                self.findings.append(Finding("file-not-yaml", path, rule, way_out, line=line))
                continue
            if key in result:
                rule = f"the name is given twice, first in line {first_line[key]}: only one would count"
                way_out = "rename or remove one of the two"
                self.findings.append(
                    Finding("duplicate-key", (*path, key), rule, way_out, line=line)
                )
                continue
            first_line[key] = line
            self.lines[*path, key] = line
            result[key] = self._value(value_node, (*path, key))
        return {**merged, **result}

    def _merge(self, node: Node, path: Path) -> dict[str, Any]:
        parts = node.value if isinstance(node, SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            value = self._value(part, path)
            merged |= value if isinstance(value, dict) else {}
        return merged

    def _scalar(self, node: ScalarNode) -> Any:
        value = self.scalars.scalar(node)
        if isinstance(value, datetime.date | bytes | set):
            return node.value  # Pulumi reads JSON's types only: a date stays text
        return value


def _below_config(path: Path) -> Path:
    """A path from the file's top as findings write it: without `config`, with the project."""
    if path[:1] != ("config",) or len(path) < 2:
        return () if path == ("config",) else path
    key = str(path[1])
    return (key if ":" in key else stack_key(key), *path[2:])


def _other_keys(config: Any) -> dict[str, Any]:
    """Other projects' keys, but for what the file holds encrypted."""
    given = config.items() if isinstance(config, dict) else ()
    return {
        key: value
        for key, value in given
        if ":" in key and not key.startswith(f"{PROJECT}:") and not _is_encrypted(value)
    }


def _is_encrypted(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _own_keys(config: Any, findings: list[Finding]) -> dict[str, Any]:
    """The project's own keys; `multinet:x` and the short form `x` are the same to Pulumi."""
    if config is None:
        return {}
    if not isinstance(config, dict):
        way_out = "write the keys below it, each two blanks further in"
        findings.append(Finding("wrong-type", ("config",), "must be a mapping", way_out))
        return {}
    own: dict[str, Any] = {}
    for key, value in config.items():
        namespace, colon, name = key.partition(":")
        if not colon:
            own[namespace] = value
        elif namespace == PROJECT:
            own[name] = value
    return own
