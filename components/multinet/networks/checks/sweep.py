"""Finding overlaps in one sorted pass instead of comparing pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

_T = TypeVar("_T")


@dataclasses.dataclass(frozen=True, slots=True)
class Span(Generic[_T]):
    """The integers from `first` to `last`; spans of one `group` may overlap each other."""

    first: int
    last: int
    group: Hashable
    item: _T


def overlaps(spans: Iterable[Span[_T]]) -> Iterator[tuple[Span[_T], Span[_T]]]:
    """Each span that meets one of another group, once, with one that it meets.

    In the order of their starts, a span meets another if an earlier one reaches it, or if the
    next one of another group starts before its end. Sorting costs n log n, the rest is linear.
    """
    ordered = sorted(spans, key=lambda s: (s.first, s.last))
    following = _next_of_another_group(ordered)
    for span, earlier, later in zip(ordered, _reaching(ordered), following, strict=True):
        if earlier is not None and earlier.last >= span.first:
            yield span, earlier
        elif later is not None and later.first <= span.last:
            yield span, later


def _reaching(ordered: Sequence[Span[_T]]) -> Iterator[Span[_T] | None]:
    """For each span, the one of another group before it that goes furthest."""
    furthest: Span[_T] | None = None
    other: Span[_T] | None = None  # the furthest of any group but that of `furthest`
    for span in ordered:
        yield furthest if furthest is None or furthest.group != span.group else other
        if furthest is None or span.last > furthest.last:
            if furthest is not None and furthest.group != span.group:
                other = furthest
            furthest = span
        elif span.group != furthest.group and (other is None or span.last > other.last):
            other = span


def _next_of_another_group(ordered: Sequence[Span[_T]]) -> list[Span[_T] | None]:
    """For each span, the first one after it that is of another group."""
    after: list[Span[_T] | None] = [None] * len(ordered)
    for i in range(len(ordered) - 2, -1, -1):
        neighbour = ordered[i + 1]
        after[i] = neighbour if neighbour.group != ordered[i].group else after[i + 1]
    return after
