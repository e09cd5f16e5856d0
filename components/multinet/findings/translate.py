"""What pydantic says about wrong data, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from multinet.findings.finding import Finding, Path
from multinet.findings.suggest import did_you_mean
from multinet.findings.ways_out import of_bounds, of_pattern, of_type

CARRIER = "findings"
"""Kind of the errors that carry findings in their context."""

SECRET_KEYS = frozenset({"kubeconfig", "privateKey", "password", "privateKeyPassword"})
"""Keys whose values are never shown."""

_WANTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
    "float_type": "a number",
}


def findings_of(
    details: Sequence[ErrorDetails], model: type[BaseModel], hints: Mapping[str, str] | None = None
) -> list[Finding]:
    """pydantic's errors about data for a model, in the order of its keys.

    `hints`: unknown key → the known one that it is mistaken for, or what to write instead.
    """
    known = sorted(field.alias or name for name, field in model.model_fields.items())
    return [f for detail in details for f in _translate(detail, known, hints or {})]


def _translate(
    detail: ErrorDetails, known: Sequence[str], hints: Mapping[str, str]
) -> Iterator[Finding]:
    kind, context = detail["type"], detail.get("ctx", {})
    loc = _as_written(detail["loc"])
    value = None if _is_secret(loc) else _shown(detail["input"])
    if kind == CARRIER:
        for finding in context["findings"]:
            yield finding.under(loc)
    elif kind == "rule":
        yield Finding(context["code"], loc, context["rule"], context["way_out"], value)
    elif kind == "extra_forbidden":
        rule = f"{loc[-1]!r} is not a key of this object"
        yield Finding("unknown-key", loc, rule, _meant(str(loc[-1]), known, hints))
    elif kind == "missing":
        yield Finding("missing-key", loc, f"{loc[-1]!r} is required here", "add the key")
    elif kind in _WANTED:
        wanted = _WANTED[kind]
        rule = f"must be {wanted}, not {_kind_of(detail['input'])}"
        in_list = bool(loc) and isinstance(loc[-1], int)
        given = f"write {wanted}"  # a secret's value is not quoted
        way_out = given if _is_secret(loc) else of_type(kind, detail["input"], in_list=in_list)
        yield Finding("wrong-type", loc, rule, way_out, value)
    elif kind in ("enum", "literal_error"):
        words = context["expected"].replace(" or ", ",").split(",")
        allowed = [word for w in words if (word := w.strip().strip("'"))]
        rule = f"must be one of {', '.join(allowed)}"
        way_out = did_you_mean(str(detail["input"]), allowed)
        yield Finding("unknown-value", loc, rule, way_out, value)
    elif kind == "string_pattern_mismatch":
        yield Finding("wrong-value", loc, *of_pattern(context["pattern"]), value)
    else:
        rule, way_out = of_bounds(kind, context)
        said = detail["msg"][:1].lower() + detail["msg"][1:]
        page = "docs/reference/settings.md says what it takes"
        yield Finding("wrong-value", loc, rule or said, way_out or page, value)


def _meant(key: str, known: Sequence[str], hints: Mapping[str, str]) -> str:
    hint = hints.get(key)
    if hint is None:
        return did_you_mean(key, known)
    return f"write it as {hint!r}" if hint in known else hint


def _as_written(loc: Path) -> Path:
    """A path as the file has it: without pydantic's steps for a key, or for one of several kinds."""
    return tuple(
        step
        for before, step in zip((None, *loc), loc, strict=False)
        if step != "[key]" and not (before in SECRET_KEYS and step in _OF_SECRETS)
    )


_OF_SECRETS = ("cipher", "text")


def _kind_of(value: object) -> str:
    if value is None:
        return "empty"
    names = {bool: "a boolean", int: "a whole number", float: "a number", str: "a string"}
    if type(value) in names:
        return names[type(value)]
    return (
        "a mapping"
        if isinstance(value, Mapping)
        else "a list"
        if isinstance(value, list)
        else "that"
    )


def _shown(value: object) -> object:
    """Scalars and lists of scalars as they are; nothing that could hold a secret inside."""
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(v, str | int | float | bool) for v in value):
        return value
    return None


def _is_secret(loc: Path) -> bool:
    return any(step in SECRET_KEYS for step in loc)
