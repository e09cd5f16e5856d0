"""Expressions of templates, as far as they say where a value stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from multinet.findings.text import printable

Step = str | int
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<text>'[^'\\]*'|\"[^\"\\]*\")|(?P<number>-?\d{1,18}(?![\w.]))"
    r"|(?P<mark>[.|()\[\],]))"
)
_CONSTANTS: Final[Mapping[str, Any]] = {
    "true": True, "True": True, "false": False, "False": False, "none": None, "None": None,
    "omit": None,
}  # fmt: skip
_TRUE, _FALSE = ("yes", "true", "on", "1", "y", "t"), ("no", "false", "off", "0", "n", "f")


class Unfillable(Exception):
    """A template that only Ansible can fill; the message says why, after `is a template: `."""


class Undefined(Unfillable):
    """A name, or something inside it, that is not set; `default` has a say."""


def truth(value: Any) -> bool | None:
    """A boolean as Ansible understands one (`yes`, `on`, `"true"`); None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def evaluate(text: str, lookup: Callable[[str], Any]) -> Any:
    """The value of an expression: a name, a place in it, a constant, and simple filters.

    lookup: a name's value. Raises Unfillable, and what `lookup` raises.
    """
    return _Expression(text, lookup).value()


class _Expression:
    """One expression: an operand, and filters that need no more than it."""

    def __init__(self, text: str, lookup: Callable[[str], Any]) -> None:
        self._text = printable(text.strip(), 60)
        self._lookup = lookup
        self._tokens = [*self._split(text)]
        self._at = 0

    def value(self) -> Any:
        try:
            found: Any = self._operand()
        except Undefined as undefined:
            found = undefined
        while self._is("|"):
            found = self._filtered(found)
        if self._at < len(self._tokens):
            raise self._beyond()
        if isinstance(found, Undefined):
            raise found
        return found

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._beyond()
            yield str(found.lastgroup), found[str(found.lastgroup)]
            at = found.end()

    def _beyond(self) -> Unfillable:
        return Unfillable(f"{{{{ {self._text} }}}} is more than a plain reference")

    def _next(self, *kinds: str) -> str:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if kind not in kinds:
            raise self._beyond()
        self._at += 1
        return text

    def _is(self, mark: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == ("mark", mark):
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise self._beyond()

    def _operand(self) -> Any:
        kind = self._tokens[self._at][0] if self._at < len(self._tokens) else ""
        if kind in ("text", "number"):
            text = self._next(kind)
            return text[1:-1] if kind == "text" else int(text)
        if self._is("["):
            self._expect("]")
            return []
        name = self._next("name")
        steps = [*self._steps()]
        if name in _CONSTANTS and not steps:
            return _CONSTANTS[name]
        found = self._lookup(name)
        for step in steps:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                raise Undefined(f"{name} has no {step}") from None
        return found

    def _steps(self) -> Iterator[Step]:
        while True:
            if self._is("."):
                yield self._next("name")
            elif self._is("["):
                kind = self._tokens[self._at][0] if self._at < len(self._tokens) else ""
                text = self._next("text", "number")
                yield text[1:-1] if kind == "text" else int(text)
                self._expect("]")
            else:
                return

    def _filtered(self, value: Any) -> Any:
        name = self._next("name")
        if name in ("default", "d"):
            return self._defaulted(value)
        if not _is_set(value):
            raise value
        if name not in _FILTERS or (self._is("(") and not self._is(")")):
            raise self._beyond()
        try:
            return _FILTERS[name](value)
        except (ValueError, TypeError):
            raise self._beyond() from None

    def _defaulted(self, value: Any) -> Any:
        fallback, even_if_empty = "", False
        if self._is("(") and not self._is(")"):
            fallback = self._fallback(needed=not _is_set(value) or not value)
            even_if_empty = self._is(",") and self._operand() is True
            self._expect(")")
        return fallback if not _is_set(value) or (even_if_empty and not value) else value

    def _fallback(self, *, needed: bool) -> Any:
        """A default's own value, which may be not set as well; it counts where it is needed."""
        try:
            return self._operand()
        except Undefined as undefined:
            return undefined
        except Unfillable:
            if needed:
                raise
            return None


def _is_set(value: Any) -> bool:
    return not isinstance(value, Undefined)


def _scalar(value: Any) -> str:
    if isinstance(value, dict | list | None):
        raise TypeError
    return str(value)


_FILTERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bool": lambda value: truth(_scalar(value)) or False,
    "int": lambda value: int(_scalar(value)),
    "string": _scalar,
    "trim": lambda value: _scalar(value).strip(),
    "lower": lambda value: _scalar(value).lower(),
    "upper": lambda value: _scalar(value).upper(),
}
