"""Texts for people: a user's own never steers a terminal and never shows what looks like a secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NAMED: Final = 5

MASK: Final = "[secret]"
"""What stands in a secret's place."""

# Private keys, fields of a kubeconfig, tokens and ciphertexts, wherever they were put.
_SECRET: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY.*"
    r"|\b(?:client-key-data|token|password|id-token|refresh-token)\b[\"']?\s*:\s*[^\s,}]+"
    r"|\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*"
    r"|\bv1:[A-Za-z0-9+/=]{8,}:[A-Za-z0-9+/=]{8,}",
    re.DOTALL,
)


def printable(text: str, longest: int | None = None) -> str:
    """Text that a terminal shows as it is: what is not printable is escaped as Python does.

    Secrets that can be told by their look are masked. `longest`: in characters; what is beyond
    becomes an ellipsis.
    """
    if longest is not None and len(text) > 2 * longest:
        text = text[: 2 * longest]
    if (mark := _SECRET.search(text)) is not None:
        text = text[: mark.start()] + _SECRET.sub(MASK, text[mark.start() :])
    if not text.isprintable():
        text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    return text


def plural(number: int, thing: str) -> str:
    """`network`, `networks`, `addresses`, `policies`."""
    if number == 1:
        return thing
    if thing.endswith("y") and thing[-2:-1] not in "aeiou":
        return f"{thing[:-1]}ies"
    return f"{thing}es" if thing.endswith("s") else f"{thing}s"


def count(number: int, thing: str) -> str:
    """`1 network`, `3 networks`, `254 addresses`."""
    return f"{number} {plural(number, thing)}"


def named(thing: str, names: Sequence[str]) -> str:
    """`network blue`, `networks a, b, c, d and 2 more`."""
    return f"{plural(len(names), thing)} {some(names)}"


def some(names: Sequence[str], most: int = 5) -> str:
    """The names, at most so many; of more than those the first, and how many more."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
