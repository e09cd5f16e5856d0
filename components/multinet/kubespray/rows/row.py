"""What a row of the table says, and how a variable's value is read."""

from __future__ import annotations

import dataclasses
import enum
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from multinet.kubespray.ansible.expressions import truth

NOTHING: Final = "–"
Read = Callable[[Any], Any]
_T = TypeVar("_T")


class Write(enum.Enum):
    """When a row's value is written.

    CHANGED: where it is not Kubespray's default, which is also what multinet does by itself.
    GIVEN: wherever the inventory sets it. ALWAYS: Kubespray's default as well, since multinet
    would do otherwise.
    """

    CHANGED = enum.auto()
    GIVEN = enum.auto()
    ALWAYS = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One variable.

    Attributes:
        name, default, meaning: Kubespray's. A default in parentheses is said in words.
        ours: the key under `multinet:`; NOTHING where there is none.
        sets: what the key sets in the chart or manifest.
        why: where there is no key: why not; else what else there is to know.
        read: makes the key's value of the variable's, or None of one that Kubespray would not
            take. Absent: the variable is converted together with others, or has no key.
        write: when.
        ipv6: the key is for pods with IPv6 addresses only.
        otherwise: there is no key, and what multinet does is not Kubespray's default either.
    """

    name: str
    default: str
    meaning: str
    ours: str = NOTHING
    sets: str = NOTHING
    why: str = ""
    read: Read | None = None
    write: Write = Write.CHANGED
    ipv6: bool = False
    otherwise: bool = False

    @property
    def literal(self) -> str | None:
        """Kubespray's default, which may be a template; None where it is said in words."""
        return None if self.default.startswith("(") else self.default


@dataclasses.dataclass(frozen=True, slots=True)
class Family:
    """Variables that have no row, told by their names.

    Attributes:
        pattern: of the whole name.
        plugin: the primary CNI that reads them; empty: all do.
        why: why they have no key.
    """

    pattern: str
    plugin: str
    why: str


def flag(value: Any) -> bool | None:
    """A boolean."""
    return truth(value)


def text(value: Any) -> str | None:
    """A text that says something."""
    if isinstance(value, bool):
        return None
    return str(value) if isinstance(value, str | int | float) and str(value).strip() else None


def number(value: Any) -> int | None:
    """A whole number, in quotes or not."""
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        return None


def size(value: Any) -> int | None:
    """A whole number above 0: Kubespray's 0 is its way to say nothing."""
    return number(value) or None


def mapping(value: Any) -> dict[str, Any] | None:
    """A mapping that says something."""
    return value if isinstance(value, dict) and value else None


def sequence(value: Any) -> list[Any] | None:
    """A list that says something."""
    return value if isinstance(value, list) and value else None


def network(value: Any) -> str | None:
    """A network in its usual spelling; Kubespray's own IPv6 default is written another way."""
    try:
        return str(ipaddress.ip_network(str(value).strip(), strict=False))
    except ValueError:
        return None


def one_of(*known: str) -> Callable[[Any], str | None]:
    """One of some words."""
    return lambda value: str(value) if str(value) in known else None


def switch(on: _T, off: _T) -> Callable[[Any], _T | None]:
    """Another value for true and for false."""
    values: Mapping[bool | None, _T] = {True: on, False: off}
    return lambda value: values.get(truth(value))


def version(prefix: str) -> Callable[[Any], str | None]:
    """A version as a chart writes it: with a `v`, or without."""

    def read(value: Any) -> str | None:
        given = text(value)
        return None if given is None else prefix + given.strip().removeprefix("v")

    return read
