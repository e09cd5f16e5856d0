"""Keys in another case than they are documented in: Go's decoding reads them all the same.

Plugins decode into Go structs, whose keys match whatever their case (encoding/json). libcni writes
every plugin object anew with its keys sorted by their bytes before it runs the plugin, so of two
spellings the last one in that order counts. A field without a tag is a key of its own, by its exact
name (OTHER_FIELDS of a model). The top of a list is libcni's own, which looks its
keys up as they are written (v1.3.0, libcni/conf.go).
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from multinet.cni.ipam.base import IpamConf, OpaqueIpam
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.known import PLUGINS
from multinet.cni.plugins.opaque import OpaquePlugin
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import models_in

_FOLDED = str.maketrans({"ſ": "s", "\N{KELVIN SIGN}": "k"})
"""The two letters beyond ASCII that Go takes for one of ASCII's."""


@dataclasses.dataclass(frozen=True)
class Documented:
    """A configuration with its keys as they are documented.

    Attributes:
        data: the same values; of a key that was there in two spellings, the one that counts.
        spelled: path in `data` → path as it was written, where they differ.
        findings: a warning for each key in another case.
    """

    data: dict[str, Any]
    spelled: Mapping[Path, Path]
    findings: Sequence[Finding]

    def written(self, path: Path) -> Path:
        """A path of `data` as it is in the user's configuration."""
        return as_written(path, self.spelled)


def as_written(path: Path, spelled: Mapping[Path, Path]) -> Path:
    """The path with the longest part of it that was spelled otherwise put in."""
    for length in range(len(path), 0, -1):
        if path[:length] in spelled:
            return (*spelled[path[:length]], *path[length:])
    return path


def documented(data: Mapping[str, Any]) -> Documented:
    """The configuration as its readers take it: one plugin object, or a list's."""
    reader = _Reader()
    if "plugins" not in data:
        made = reader.object(data, PluginConf, (), ())
        if "name" in made and "name" not in data:
            del made["name"]  # Multus adds the NAD's as `name`, which comes after
            reader.findings = [_name_without_effect(f) for f in reader.findings]
    else:
        made = dict(data)
        entries = data["plugins"]
        if isinstance(entries, list):
            at: Path = ("plugins",)
            made["plugins"] = reader.value(entries, [PluginConf], at, at)
    return Documented(made, reader.spelled, reader.findings)


def _name_without_effect(finding: Finding) -> Finding:
    if len(finding.path) != 1 or _folded(str(finding.path[0])) != "name":
        return finding
    rule = "is read as 'name' only: Multus adds the NAD's name, which counts"
    return dataclasses.replace(finding, code="no-effect", rule=rule, way_out="write 'name'")


class _Reader:
    """Renames keys, going down where a model says what is below."""

    def __init__(self) -> None:
        self.spelled: dict[Path, Path] = {}
        self.findings: list[Finding] = []

    def value(
        self, value: Any, models: Sequence[type[BaseModel]], path: Path, written: Path
    ) -> Any:
        """A value and what is in it; `path`: in the result, `written`: in the user's."""
        if isinstance(value, list):
            return [self.value(v, models, (*path, i), (*written, i)) for i, v in enumerate(value)]
        if isinstance(value, Mapping) and models:
            return self.object(value, models[0], path, written)
        return value

    def _below(
        self, value: Any, models: Sequence[type[BaseModel]], path: Path, written: Path
    ) -> Any:
        return self.value(value, models, path, written) if models else value

    def object(
        self, value: Mapping[str, Any], model: type[BaseModel], path: Path, written: Path
    ) -> dict[str, Any]:
        """An object whose keys are those of the model, in any case."""
        known = _by_type(value, model)
        names, below = _fields(known)
        if value.keys() <= below.keys():  # as documented, and nothing else
            return {
                k: self._below(v, below[k], (*path, k), (*written, k)) for k, v in value.items()
            }
        apart = getattr(known, "OTHER_FIELDS", ())
        spellings: dict[str, list[str]] = {}
        for key in value:
            name = key if key in apart else names.get(_folded(key), key)
            spellings.setdefault(name, []).append(key)
        made: dict[str, Any] = {}
        for name, keys in spellings.items():
            for key in sorted(keys):
                inner = self.value(value[key], below.get(name, ()), (*path, name), (*written, key))
                if len(keys) > 1 and isinstance(inner, dict):
                    for child in inner:
                        self.spelled.setdefault((*path, name, child), (*written, key, child))
                made[name] = _joined(made.get(name), inner)
            if name in below:
                self.findings += _of_two_kinds(name, {k: value[k] for k in sorted(keys)}, written)
            counts = [key for key in sorted(keys) if value[key] is not None] or [name]
            if counts[-1] != name:
                self.spelled[(*path, name)] = (*written, counts[-1])
            for key in keys:
                if key != name and (len(keys) > 1 or key not in names.values()):
                    self.findings.append(_other_case(name, key, sorted(keys), written))
        return made


def _other_case(name: str, key: str, keys: Sequence[str], path: Path) -> Finding:
    rule, way_out = f"is documented as {name!r}; its reader takes it in any case", f"write {name!r}"
    if len(keys) > 1:
        together = " and ".join(repr(k) for k in keys)
        rule = f"{together} are one key to their reader; where they differ, {keys[-1]!r} counts"
        way_out = f"keep one, as {name!r}"
    return Finding("key-in-another-case", (*path, key), rule, way_out, None, Severity.WARNING)


def _of_two_kinds(name: str, values: Mapping[str, Any], path: Path) -> list[Finding]:
    """A key's reader decodes every spelling of it: one that it cannot makes it fail."""
    kinds = {key: _kind(value) for key, value in values.items() if value is not None}
    wrong = [key for key, kind in kinds.items() if kind != [*kinds.values()][-1]]
    rule = f"is {name!r} to its reader too, which cannot be of two kinds"
    return [Finding("wrong-type", (*path, key), rule, f"keep one, as {name!r}") for key in wrong]


def _kind(value: Any) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "number" if number else type(value).__name__


@functools.cache
def _fields(model: type[BaseModel]) -> tuple[dict[str, str], dict[str, list[type[BaseModel]]]]:
    """Folded key → key as documented; key → the models of what is below it."""
    names: dict[str, str] = {}
    below: dict[str, list[type[BaseModel]]] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        names[_folded(key)] = key
        below[key] = models_in(field.annotation)
    return names, below


def _by_type(value: Mapping[str, Any], model: type[BaseModel]) -> type[BaseModel]:
    """The model that the object's own `type` names."""
    kind = ""
    if "type" in value:  # of all spellings the last one in the order of bytes
        kind = str(value["type"])
    elif kinds := [value[key] for key in sorted(value) if _folded(key) == "type"]:
        kind = str(kinds[-1])
    if model is PluginConf:
        return PLUGINS.get(kind, OpaquePlugin)
    return IPAM_PLUGINS.get(kind, OpaqueIpam) if model is IpamConf else model


def _joined(before: Any, later: Any) -> Any:
    """What Go has of a key that comes twice: objects are joined, null changes nothing."""
    if later is None:
        return before
    if isinstance(before, dict) and isinstance(later, dict):
        return {**before, **{k: _joined(before.get(k), v) for k, v in later.items()}}
    return later


def _folded(key: str) -> str:
    return key.translate(_FOLDED).lower()
