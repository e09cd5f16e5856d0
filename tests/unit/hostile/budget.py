"""How many generated inputs a run tries, and the count of those it did."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, settings

_F = TypeVar("_F", bound=Callable[..., None])

VARIABLE = "MULTINET_HOSTILE_CASES"
LONG = bool(os.environ.get(VARIABLE))
tried: Counter[str] = Counter()
"""Property → inputs tried in this run."""


def cases(usual: int) -> Callable[[_F], _F]:
    """So many examples of a property, or as many as the environment asks for."""
    chosen = int(os.environ.get(VARIABLE) or usual)
    return settings(
        max_examples=chosen,
        deadline=None,  # one slow machine is no finding; a hang is the run's own time limit
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
    )


def count(what: str, number: int = 1) -> None:
    """Note inputs that were tried; the run's summary tells."""
    tried[what] += number
