"""Nearest known word: for keys, enum values and network names that were mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_CUTOFF = 0.6
_LONGEST_WORD = 100


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word` (case counts little), or None when nothing is close.

    >>> nearest("rangestart", ["rangeStart", "rangeEnd"])
    'rangeStart'
    """
    if len(word) > _LONGEST_WORD:
        return None
    by_folded = {_fold(k): k for k in sorted(known)}
    match = difflib.get_close_matches(_fold(word), by_folded, n=1, cutoff=_CUTOFF)
    return by_folded[match[0]] if match else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A way out for an unknown word: the nearest known one, and all of them."""
    known = sorted(known)
    for other in known:
        if word != other and word.lower() == other.lower():
            return f"write {other!r}: upper and lower case matter, even where a plugin ignores it"
    close = nearest(word, known)
    listed = ", ".join(known) if known else "none"
    return f"did you mean {close!r}? known: {listed}" if close else f"known: {listed}"


def _fold(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
