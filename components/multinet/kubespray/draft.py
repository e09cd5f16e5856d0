"""The environment in the making: variables are taken out of the inventory one by one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from multinet.findings.finding import show
from multinet.findings.text import MASK
from multinet.kubespray.inventory import Given, Inventory, Sealed, has_jinja, truth

_SECRET_NAME = re.compile(r"secret|token|passw|private|credential|(^|_)key$")
_T = TypeVar("_T")
Path = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """A variable that is not in the environment, or not as it was.

    Attributes:
        name, value, source: as the inventory has it.
        reason: why, and what is there instead.
        jinja: its value is a template, which only Ansible can fill.
    """

    name: str
    value: str
    source: str
    reason: str
    jinja: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return dataclasses.asdict(self)


class Draft:
    """A configuration being written, and which variable each of its values came from."""

    def __init__(self, inventory: Inventory) -> None:
        self.given = inventory.given
        self.config: dict[str, Any] = {}
        self._lost: dict[str, Lost] = {}
        self.carried: dict[str, str] = {}
        self._taken: set[str] = set()
        self._origin: dict[Path, str] = {}

    @property
    def lost(self) -> list[Lost]:
        """What is not carried over, as the inventory orders it."""
        return [self._lost[name] for name in self.given if name in self._lost]

    def has(self, name: str) -> bool:
        """Whether the inventory sets a variable, to whatever value."""
        return name in self.given

    def take(self, name: str, read: Callable[[Any], _T | None], default: _T) -> _T:
        """A variable's value, or the default where it is absent, a template or not readable."""
        given = self.given.get(name)
        if given is None:
            return default
        if name in self._taken:
            value = None if isinstance(given.value, Sealed) else _readable(given.value, read)
            return default if value is None else value
        self._taken.add(name)
        if isinstance(given.value, Sealed):
            self.lose(name, f"is sealed ({given.value.tag}); Kubespray's default is used")
        elif has_jinja(given.value):
            self.lose(name, "is a template, which only Ansible can fill; its default is used")
        elif given.value is not None:
            value = _readable(given.value, read)
            if value is not None:
                return value
            self.lose(name, "is no value that Kubespray takes; its default is used")
        return default

    def put(self, path: str, value: Any, *names: str) -> None:
        """Set a key of the environment, on behalf of variables."""
        steps = tuple(path.split("."))
        here = self.config
        for step in steps[:-1]:
            here = here.setdefault(step, {})
        here[steps[-1]] = value
        for name in names:
            if name in self.given and name not in self._lost:
                self.carried[name] = path
                self._origin[steps] = name

    def drop(self, path: Path, reason: str) -> bool:
        """Take the key at a path, or the nearest one above it, out again; False: there is none."""
        while path:
            parent = self.config
            for step in path[:-1]:
                parent = parent.get(step, {}) if isinstance(parent, dict) else {}
            if isinstance(parent, dict) and path[-1] in parent:
                del parent[path[-1]]
                for name, carried in list(self.carried.items()):
                    if tuple(carried.split("."))[: len(path)] == path:
                        del self.carried[name]
                        self.lose(name, f"{reason}; left out, the default is used")
                return True
            path = path[:-1]
        return False

    def lose(self, name: str, reason: str) -> None:
        """Note that a variable is not carried over; only where the inventory sets it."""
        given = self.given.get(name)
        self._taken.add(name)
        if given is not None and name not in self._lost:
            jinja = has_jinja(given.value)
            self._lost[name] = Lost(name, _shown(given), given.source, reason, jinja)

    def account(self, defaults: Mapping[str, str]) -> None:
        """Say of every variable that was asked for and is nowhere yet what became of it."""
        for name in self._taken & set(self.given):
            if name in self.carried or name in self._lost:
                continue
            if _shown(self.given[name]).lower() == defaults.get(name, "").lower():
                self.carried[name] = "(as it is anyway)"
            else:
                self.lose(name, "has no effect with the rest of this inventory")

    def rest(self) -> list[Given]:
        """Variables that nobody asked for, as the inventory orders them."""
        return [given for name, given in self.given.items() if name not in self._taken]


def flag(value: Any) -> bool | None:
    """A boolean."""
    return truth(value)


def text(value: Any) -> str | None:
    """A text that says something."""
    return str(value) if isinstance(value, str | int | float) and str(value).strip() else None


def number(value: Any) -> int | None:
    """A whole number, in quotes or not."""
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        return None


def mapping(value: Any) -> dict[str, Any] | None:
    """A mapping."""
    return value if isinstance(value, dict) else None


def one_of(*known: str) -> Callable[[Any], str | None]:
    """One of some words."""
    return lambda value: str(value) if str(value) in known else None


def _readable(value: Any, read: Callable[[Any], _T | None]) -> _T | None:
    return None if has_jinja(value) else read(value)


def _shown(given: Given) -> str:
    if isinstance(given.value, Sealed):
        return given.value.tag
    # The value ends up in a comment of the stack file, which is committed.
    return MASK if _SECRET_NAME.search(given.name) and given.value else show(given.value)
