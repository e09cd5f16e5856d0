"""Shell text from data: every value passes through one quoting function."""

from __future__ import annotations

import shlex
from collections.abc import Iterable


def quoted(value: str | int) -> str:
    """A value as one word of POSIX sh, whatever is in it.

    >>> quoted("a b"), quoted("eth0"), quoted(1500)
    ("'a b'", 'eth0', '1500')
    """
    return shlex.quote(str(value).replace("\0", ""))


def call(name: str, *arguments: str | int) -> str:
    """A command and its arguments, each quoted."""
    return " ".join([name, *(quoted(argument) for argument in arguments)])


def assignment(name: str, value: str | int) -> str:
    """A variable that holds the value."""
    return f"{name}={quoted(value)}"


def function(name: str, lines: Iterable[str]) -> str:
    """A function with these commands; one without any does nothing."""
    body = "\n".join(f"    {line}" if "\n" not in line else line for line in lines) or "    :"
    return f"{name}() {{\n{body}\n}}"
