"""What to do about a value that is not of the kind that is wanted, in words for its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

_SAID: dict[str, tuple[str, str]] = {}


_BY_COMMAND = "; with `pulumi config set`: --type {}"
"""For whoever does not write the file: the command takes `true` and numbers for what they are."""


def text_like(pattern: str, rule: str, way_out: str, **limits: Any) -> Any:
    """A field for text of that form: pydantic's `Field` with a pattern, which says what is meant.

    Args:
        pattern: a regular expression for the whole text.
        rule: what it must be, e.g. `must be a duration`.
        way_out: how it is written, e.g. `write it like 10m`.
        limits: `min_length`, `max_length`, in characters.
    """
    _SAID[pattern] = (rule, way_out)
    return Field(pattern=pattern, **limits)


def of_pattern(pattern: str) -> tuple[str, str]:
    """Rule and way out for text that is not of that form."""
    other = (f"must match {pattern}", f"write it so that {pattern} matches")
    return _SAID.get(pattern, other)


def of_bounds(kind: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Rule and way out for what is too small, too large, too short or too long."""
    what = "characters" if kind.startswith("string") else "entries"
    most, least = context.get("max_length"), context.get("min_length")
    said: dict[str, tuple[str, str]] = {
        "greater_than_equal": ("must be {ge} or more", "choose {ge} or more"),
        "greater_than": ("must be more than {gt}", "choose more than {gt}"),
        "less_than_equal": ("must be {le} or less", "choose {le} or less"),
        "less_than": ("must be less than {lt}", "choose less than {lt}"),
        "too_short": (f"must have {least} {what} or more", f"give at least {least}"),
        "string_too_short": (f"must have {least} {what} or more", "write it, or remove the key"),
        "too_long": (f"must have {most} {what} or less", f"keep {most} of them"),
        "string_too_long": (f"must have {most} {what} or less", "shorten it"),
    }
    rule, way_out = said.get(kind, ("", ""))
    return rule.format(**context), way_out.format(**context)


def of_type(wanted: str, value: object, *, in_list: bool = False) -> str:
    """How a value of another type is written.

    Args:
        wanted: pydantic's name of the kind of error, e.g. `int_type`.
        in_list: whether it stands in a list.
    """
    if value is None:
        return "give it a value, or remove the key"
    if wanted == "int_type":
        number = isinstance(value, str) and value.strip().lstrip("-").isdigit()
        written = f"write {str(value).strip()} without quotes{_BY_COMMAND.format('int')}"
        return written if number else "write a whole number"
    if wanted == "float_type":
        return "write a number, without quotes"
    if wanted == "bool_type":
        word = str(value).lower() if isinstance(value, str) else ""
        written = f"write {word} without quotes{_BY_COMMAND.format('bool')}"
        return written if word in ("true", "false") else "write true or false"
    if wanted == "string_type":
        return _of_text(value)
    if wanted == "list_type":
        return _of_list(value, in_list=in_list)
    if isinstance(value, list):
        return "write it without the list around it: key: value"
    text = isinstance(value, str) and value.lstrip().startswith(("{", "'{", '"{'))
    return "write it without quotes around it" if text else "write key: value pairs"


def _of_text(value: object) -> str:
    if isinstance(value, bool | int | float):
        text = str(value).lower() if isinstance(value, bool) else value
        return f'write it with quotes: "{text}"{_BY_COMMAND.format("string")}'
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f"write it without the list around it: {value[0]}"
    return "write one text, in quotes"


def _of_list(value: object, *, in_list: bool) -> str:
    if isinstance(value, Mapping):
        return "each entry is a list of its own: write [[{…}]]" if in_list else "write [{…}]"
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(",")]
        return f"write [{', '.join(parts)}]" if len(value) < 200 else "write it as a list"
    return f"write [{value}]" if isinstance(value, bool | int | float) else "write it as a list"
