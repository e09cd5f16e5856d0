"""Fills plain references of templates: `{{ registry_host }}/quay`, `{{ x | default('y') }}`.

That is the part of Jinja that says where a value stands, and nothing of what computes one. What
has more in it is not guessed at, but named with the reason.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from multinet.kubespray.ansible.documents import Given, Sealed
from multinet.kubespray.ansible.expressions import Step, Undefined, Unfillable, evaluate

# A dash inside the braces takes away the blanks outside of them.
_EXPRESSION = re.compile(r"(?:\s*\{\{-|\{\{)(.*?)(?:-\}\}\s*|\}\})", re.DOTALL)
# Ansible's own variables, which it makes while it runs.
_MAGIC = re.compile(
    r"ansible_.*|inventory_(hostname|hostname_short|file|dir)|hostvars|groups|group_names|play_.*"
    r"|playbook_dir|role_.*|item|lookup|query|vars"
)
_DEEPEST: Final = 50
_LONGEST: Final = 100_000
_MOST_EXPRESSIONS: Final = 10_000
_MOST_VALUES: Final = 50_000


def has_jinja(value: Any) -> bool:
    """Whether a value, or anything inside it, is a template."""
    if isinstance(value, str):
        return any(mark in value for mark in ("{{", "{%", "{#"))
    if isinstance(value, dict):
        return any(has_jinja(item) for pair in value.items() for item in pair)
    return isinstance(value, list) and any(has_jinja(item) for item in value)


def _is_larger(value: Any, most: int) -> bool:
    """Whether a value holds more than so many; never looks at more of them."""
    open_, seen = [value], 0
    while open_ and seen <= most:
        item = open_.pop()
        seen += 1
        inside = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        open_ += itertools.islice(inside, most)
    return seen > most


class References:
    """Fills references by what an inventory sets.

    Args:
        given: the inventory's variables.
        defaults: what Kubespray sets where the inventory does not; may be templates themselves.
        differing: variables that have another value on other nodes: no value for all of them
            can be made of one.
    """

    def __init__(
        self, given: Mapping[str, Given], defaults: Mapping[str, Any], differing: Sequence[str] = ()
    ) -> None:
        self._given = given
        self._defaults = defaults
        self._differing = frozenset(differing)
        self._filled: dict[str, Any] = {}
        self._open: list[str] = []
        self._expressions = 0
        self.used: dict[str, str] = {}
        """Variables of the inventory that stand in another's value → that variable."""

    def value(self, name: str) -> Any:
        """A variable's value, every reference filled. Raises Unfillable."""
        if name in self._filled:
            return self._filled[name]
        if name in self._open:
            raise Unfillable(f"{name} leads back to itself")
        if len(self._open) >= _DEEPEST:
            raise Unfillable("its references are nested too deeply")
        given = self._given.get(name)
        if given is None and name not in self._defaults:
            known = "is known to Ansible only" if _MAGIC.fullmatch(name) else "is not set here"
            raise Undefined(f"{name} {known}")
        if self._open and name in self._differing:
            raise Unfillable(f"{name} differs between nodes")
        if given is not None and self._open:
            self.used[name] = self._open[0]
        self._open.append(name)
        try:
            value = self.fill(given.value if given is not None else self._defaults[name])
        except RecursionError:
            raise Unfillable("its references are nested too deeply") from None
        finally:
            self._open.pop()
        if _is_larger(value, _MOST_VALUES):
            raise Unfillable("it is longer than a value may be")
        self._filled[name] = value
        return value

    def default(self, name: str) -> Any:
        """Kubespray's default of a variable, filled; None where it has none, or none to fill."""
        try:
            return self.fill(self._defaults.get(name))
        except Unfillable:
            return None

    def parts(self, name: str) -> tuple[Any, list[tuple[tuple[Step, ...], Any, str]]]:
        """A variable's value without what in its mappings cannot be filled, and those parts.

        A part is its path, its value as it stands, and the reason; a path of no steps is the
        variable as a whole.
        """
        try:
            return self.value(name), []
        except Unfillable as reason:
            value = self._given[name].value
            if not isinstance(value, dict):
                return None, [((), value, str(reason))]
        self._open.append(name)
        left: list[tuple[tuple[Step, ...], Any, str]] = []
        filled = self._fillable(value, (), left)
        self._open.pop()
        return filled, left

    def fill(self, value: Any) -> Any:
        """A value with its references filled. Raises Unfillable."""
        if isinstance(value, Sealed):
            raise Unfillable(f"it is sealed ({value.tag})")
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items() if self._plain(key)}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return self._template(value) if has_jinja(value) else value

    def _plain(self, key: str) -> bool:
        if has_jinja(key):
            raise Unfillable("a key of it is a template")
        return True

    def _fillable(
        self, value: dict[str, Any], path: tuple[Step, ...], left: list[Any]
    ) -> dict[str, Any]:
        filled = {}
        for key, item in value.items():
            here = (*path, key)
            try:
                filled[key] = self.fill({key: item})[key]
            except Unfillable as reason:
                if isinstance(item, dict) and not has_jinja(key):
                    if inside := self._fillable(item, here, left):
                        filled[key] = inside
                else:
                    left.append((here, item, str(reason)))
        return filled

    def _template(self, text: str) -> Any:
        if "{%" in text or "{#" in text:
            raise Unfillable("it has statements of Jinja")
        whole = _EXPRESSION.fullmatch(text.strip())
        if whole and "{{" not in whole[1]:
            return self._expression(whole[1])
        pieces: list[str] = []
        end = 0
        for found in _EXPRESSION.finditer(text):
            pieces += [text[end : found.start()], self._text(self._expression(found[1]))]
            end = found.end()
        filled = "".join([*pieces, text[end:]])
        if "{{" in text[end:]:
            raise Unfillable("its braces are not closed")
        if len(filled) > _LONGEST:
            raise Unfillable("it is longer than a value may be")
        return filled

    @staticmethod
    def _text(value: Any) -> str:
        if isinstance(value, str | int | float):
            return str(value)
        raise Unfillable("it puts a list or a mapping into a text")

    def _expression(self, text: str) -> Any:
        self._expressions += 1
        if self._expressions > _MOST_EXPRESSIONS:
            raise Unfillable("the inventory has too many references")
        return evaluate(text, self.value)
