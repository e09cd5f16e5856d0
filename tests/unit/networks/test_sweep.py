"""Overlaps found by sweeping, not by comparing pairs."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from multinet.networks.checks import NetworkView, check_networks
from multinet.networks.checks.sweep import Span, overlaps
from tests.unit.networks.views import FACTS, local, macvlan, view

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8), st.integers(0, 3)), max_size=12)


@settings(max_examples=500, deadline=None)
@given(SPANS)
def test_the_sweep_finds_what_comparing_all_pairs_finds(raw: list[tuple[int, int, int]]) -> None:
    spans = [Span(first, first + length, group, i) for i, (first, length, group) in enumerate(raw)]

    def meet(a: Span[int], b: Span[int]) -> bool:
        return a.group != b.group and a.first <= b.last and b.first <= a.last

    found = list(overlaps(spans))

    assert {mine.item for mine, _ in found} == {
        a.item for a in spans if any(meet(a, b) for b in spans)
    }
    assert all(meet(mine, other) for mine, other in found)


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def tally(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_the_work_grows_with_the_number_of_networks_not_with_its_square() -> None:
    def views(n: int) -> dict[str, NetworkView]:
        return {
            f"n{i}": view(
                f"n{i}", macvlan(local(f"10.{i // 200 % 200}.{i % 200}.0/24"), f"eth{i % 7}")
            )
            for i in range(n)
        }

    few, many = views(200), views(2000)
    growth = math.log10(
        _calls(lambda: check_networks(many, FACTS)) / _calls(lambda: check_networks(few, FACTS))
    )

    assert growth < 1.2
