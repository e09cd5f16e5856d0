"""Keeps the page to a size that a browser opens at once, and its texts to what people can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multinet.findings.text import printable


def fair(sizes: Iterable[int], most: int) -> int:
    """How many each may have at most, so that all together have `most` at most.

    >>> fair([1, 2, 90, 90], 63)
    30
    >>> fair([1, 2], 63)
    63
    """
    left, ordered = most, sorted(sizes)
    for i, size in enumerate(ordered):
        share = left // (len(ordered) - i)
        if size > share:
            return share
        left -= size
    return most


def readable(value: Any) -> Any:
    """The same data, with every text as a person can read it.

    What others wrote (names, annotations, configurations) neither turns the direction of a line,
    nor is half a character, nor shows what looks like a secret. Lines stay lines.
    """
    if isinstance(value, str):
        return "\n".join(map(printable, value.split("\n")))
    if isinstance(value, Mapping):
        return {printable(str(key)): readable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [readable(inner) for inner in value]
    return value
