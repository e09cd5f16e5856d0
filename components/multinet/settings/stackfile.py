"""Reads a stack file (Pulumi.<stack>.yaml) without the engine, and knows each value's line."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from multinet.findings import Finding, Path
from multinet.findings.suggest import did_you_mean

PROJECT = "multinet"

_FILE_KEYS = (
    "config",
    "secretsprovider",
    "encryptedkey",
    "encryptionsalt",
    "environment",
    "backend",
)
_MAX_BYTES = 32 * 2**20
_MAX_VALUES = 2_000_000  # aliases that repeat each other grow exponentially: count what comes out
_MAX_DEPTH = 100


@dataclasses.dataclass(frozen=True)
class StackFile:
    """What a stack file holds.

    Attributes:
        config: the `multinet:` keys without that prefix, as plain data.
        lines: path below `config:` → 1-based line of the value.
        findings: what is wrong with the file itself.
        source: the file's name as the user gave it.
    """

    source: str
    config: dict[str, Any] = dataclasses.field(default_factory=dict)
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
        if file.stat().st_size > _MAX_BYTES:
            rule = f"is larger than {_MAX_BYTES // 2**20} MiB"
            way_out = "split the environment into several stacks"
            return _refused(file, Finding("file-too-large", (), rule, way_out))
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        rule = f"cannot be read: {error.strerror or error}"
        near = (
            sorted(p.name for p in file.parent.glob("Pulumi.*.yaml"))
            if file.parent.is_dir()
            else []
        )
        way_out = f"stack files here: {', '.join(near) or 'none'}"
        return _refused(file, Finding("file-not-readable", (), rule, way_out))
    except UnicodeDecodeError as error:
        rule = f"is not UTF-8 text (byte {error.start})"
        return _refused(file, Finding("file-not-yaml", (), rule, "save it as UTF-8"))
    return parse(text, str(file))


def parse(text: str, source: str) -> StackFile:
    """Read a stack file's text; see `read`."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except RecursionError:
        finding = Finding("file-not-yaml", (), "is nested too deeply", "flatten it")
        return StackFile(source, findings=[finding])
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        rule = f"is not valid YAML: {error.problem or error.context or 'syntax error'}"
        way_out = "check indentation, quotes and colons at that line"
        return StackFile(source, findings=[Finding("file-not-yaml", (), rule, way_out, line=line)])
    except YAMLError as error:
        rule = f"is not valid YAML: {' '.join(str(error).split())[:200]}"
        return StackFile(source, findings=[Finding("file-not-yaml", (), rule)])
    if root is None:
        rule = "is empty: there is no `config:` in it"
        way_out = "start from Pulumi.dev.yaml, or write `config: {}` for all defaults"
        return StackFile(source, findings=[Finding("file-empty", (), rule, way_out)])
    return _Reader(source, yaml.constructor).read(root)


def _refused(file: FilePath, finding: Finding) -> StackFile:
    return StackFile(str(file), findings=[finding])


class _TooMuch(Exception):
    pass


class _Reader:
    """Turns YAML nodes into plain data, keeping lines and refusing what YAML would hide."""

    def __init__(self, source: str, scalars: SafeConstructor) -> None:
        self.source = source
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []
        self.values = 0
        self.scalars = scalars

    def read(self, root: Node) -> StackFile:
        try:
            document = self._value(root, ())
        except _TooMuch as error:
            finding = Finding("file-too-large", (), str(error), "write the values out")
            return StackFile(self.source, findings=[finding])
        if not isinstance(document, dict):
            rule = "is not a stack file: its top level must be a mapping with `config:`"
            return StackFile(self.source, findings=[Finding("file-not-a-stack", (), rule)])
        for key in document:
            if key not in _FILE_KEYS:
                way_out = did_you_mean(str(key), _FILE_KEYS)
                rule = "is not a key of a stack file"
                line = self.lines.get((key,))
                self.findings.append(Finding("unknown-key", (key,), rule, way_out, line=line))
        if "config" not in document:
            rule = "has no `config:`"
            way_out = "start from Pulumi.dev.yaml, or write `config: {}` for all defaults"
            self.findings.append(Finding("file-not-a-stack", (), rule, way_out))
        lines = {
            _below_config(path): line
            for path, line in self.lines.items()
            if path[:1] == ("config",)
        }
        findings = [dataclasses.replace(f, path=_below_config(f.path)) for f in self.findings]
        return StackFile(self.source, _own_keys(document.get("config"), findings), lines, findings)

    def _value(self, node: Node, path: Path) -> Any:
        self.values += 1
        if self.values > _MAX_VALUES or len(path) > _MAX_DEPTH:
            raise _TooMuch("holds too many values, or they are nested too deeply")
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
            if not isinstance(key, str):
                rule = "a key must be plain text"
                self.findings.append(Finding("file-not-yaml", path, rule, line=line))
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
        try:
            value = self.scalars.construct_object(node)
        except Exception:  # whatever the library makes of a hostile scalar: it stays text
            value = node.value
        if isinstance(value, datetime.date | bytes | set):
            return node.value  # Pulumi reads JSON's types only: a date stays text
        return value


def _below_config(path: Path) -> Path:
    """A path from the file's top as findings write it: without `config`, with the project."""
    if path[:1] != ("config",) or len(path) < 2:
        return () if path == ("config",) else path
    key = str(path[1])
    return (key if ":" in key else f"{PROJECT}:{key}", *path[2:])


def _own_keys(config: Any, findings: list[Finding]) -> dict[str, Any]:
    """The project's own keys; `multinet:x` and the short form `x` are the same to Pulumi."""
    if config is None:
        return {}
    if not isinstance(config, dict):
        findings.append(Finding("wrong-type", ("config",), "must be a mapping"))
        return {}
    own: dict[str, Any] = {}
    for key, value in config.items():
        namespace, colon, name = key.partition(":")
        if not colon:
            own[namespace] = value
        elif namespace == PROJECT:
            own[name] = value
    return own
