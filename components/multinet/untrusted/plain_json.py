"""Reading a network's configuration as plain JSON data: what a NAD can hold, and nothing else."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from multinet.findings import Finding, Path

MAX_TEXT = 1_000_000
"""Characters of JSON text. etcd takes objects up to 1.5 MiB."""

MAX_VALUES = 20_000
"""Values in a configuration. One with a thousand routes and a thousand ranges has some 6,000."""

MAX_DEPTH = 50
"""Levels of nesting. CNI configurations need about six."""

_LARGEST_INTEGER = 2**64


class _Duplicate(ValueError):
    """A key that is twice in one JSON object."""


def read(raw: object) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The configuration as a mapping of plain JSON values, and what was wrong.

    Values that JSON does not have are left out of the copy, so that the rest can still be
    checked; each is an error. None when there is no mapping to check at all.
    """
    if isinstance(raw, str):
        raw, findings = _from_text(raw)
        if findings:
            return None, findings
    if not isinstance(raw, Mapping):
        rule = "a network's configuration is a mapping, or a JSON string that holds one object"
        way_out = "write it like {cniVersion: 1.0.0, type: macvlan, master: eth0}"
        return None, [Finding("not-a-configuration", (), rule, way_out, _scalar(raw))]
    reader = _Reader()
    data = reader.copy(raw, ())
    return (data if isinstance(data, dict) else None), reader.findings


def loads(text: str | bytes) -> Any:
    """JSON that anybody may have written, such as a pod's annotation or a node's answer.

    Raises ValueError for what cannot be read, also where it is nested so deeply that reading it
    would take the program's stack.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _scalar(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) else None


def _from_text(text: str) -> tuple[object, list[Finding]]:
    if len(text) > MAX_TEXT:
        rule = f"is {len(text)} characters long; a network's configuration has at most {MAX_TEXT}"
        return None, [Finding("too-large", (), rule, "it belongs into a file, if it is one")]
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant), []
    except _Duplicate as error:
        rule = f"the key {error} is twice in one object; only the last one would count"
        return None, [Finding("duplicate-key", (), rule, "remove one of them")]
    except RecursionError:
        return None, [_too_deep(())]
    except json.JSONDecodeError as error:
        rule = f"is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        way_out = _json_way_out(text, error)
        return None, [Finding("not-json", (), rule, way_out, text.strip()[:60])]
    except ValueError as error:
        return None, [Finding("not-json", (), f"is not JSON: {error}", "correct it")]


def _json_way_out(text: str, error: json.JSONDecodeError) -> str:
    """What to do about the usual mistakes: commas, comments, quotes, plugins without a list."""
    whole = text.strip()
    if whole[:1] in ("'", '"') and whole[1:2] in ("{", "'", '"'):
        return "remove the quotes around it: in a block (| or >) they are part of the text"
    rest = text[error.pos :].lstrip(", \t\r\n")
    before = text[: len(text) - len(rest)].rstrip()
    if rest.startswith(("}", "]")) and before.endswith(","):
        return "remove the comma after the last entry"
    if rest.startswith(("#", "//", "/*")):
        return "remove the comment: JSON has none"
    if rest.startswith(tuple("“”„‘’'")):
        return 'use straight double quotes: "'
    if rest.startswith("{") and before.endswith(","):
        return 'put several plugins into a list: "plugins": [{…}, {…}]'
    if rest.startswith('"') and "','" in error.msg:
        return "add the comma that is missing before it"
    return "correct it there, or write the configuration as a mapping"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _Duplicate(repr(key))
        made[key] = value
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"it has no {name}")


def _too_deep(path: Path) -> Finding:
    rule = f"is nested more than {MAX_DEPTH} levels deep"
    return Finding("too-deep", path[:3], rule, "no CNI configuration is; check for a loop")


class _Reader:
    """Copies plain data and keeps a finding for whatever is not plain."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._values = 0

    def copy(self, value: object, path: Path) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            if self._values == MAX_VALUES + 1:
                rule = f"has more than {MAX_VALUES} values"
                self.findings.append(Finding("too-large", (), rule, "check for a loop"))
            return None
        if len(path) > MAX_DEPTH:
            self.findings.append(_too_deep(path))
            return None
        if isinstance(value, Mapping):
            return self._mapping(value, path)
        if isinstance(value, list | tuple):
            return [self.copy(item, (*path, i)) for i, item in enumerate(value)]
        problem = _why_not_json(value)
        if problem:
            rule, way_out = problem
            self.findings.append(Finding("not-a-json-value", path, rule, way_out))
            return None
        return value

    def _mapping(self, value: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, item in value.items():
            if not isinstance(key, str) or not encodable(key):
                rule = f"the key {key!r} is not a string that JSON can hold"
                way_out = f'write it with quotes: "{key}"'
                self.findings.append(Finding("not-a-json-value", path, rule, way_out))
                continue
            before = len(self.findings)
            copied = self.copy(item, (*path, key))
            if len(self.findings) == before or isinstance(copied, dict | list):
                made[key] = copied
        return made


def _why_not_json(value: object) -> tuple[str, str] | None:
    """Rule and way out for a value that JSON cannot hold, or Go cannot read; else None."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return None if encodable(value) else ("holds half a character", "write it in UTF-8")
    if isinstance(value, int):
        if abs(value) < _LARGEST_INTEGER:
            return None
        return "is larger than any number a plugin can read", "use a smaller one"
    if isinstance(value, float):
        return None if math.isfinite(value) else ("JSON has no such number", "use a number")
    kind = type(value).__name__
    return f"is a {kind}, which JSON does not have", "write it with quotes, if it is text"


def encodable(text: str) -> bool:
    """Whether text is Unicode as a whole: half a surrogate pair is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
