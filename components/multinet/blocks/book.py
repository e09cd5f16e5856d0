"""The book of the nodes' numbers, as the API server shows it: a Lease for each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multinet.blocks.objects import BOOK, CLAIM


def selector() -> str:
    """Of the labels that its Leases have."""
    return ",".join(f"{key}={value}" for key, value in BOOK.items())


def numbers_in(leases: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Node → number, of the Leases of the book; the lowest where a node has several."""
    found: dict[str, int] = {}
    for lease in leases:
        name, holder = lease["metadata"]["name"], (lease.get("spec") or {}).get("holderIdentity")
        number = name.removeprefix(CLAIM)
        if holder and number.isdecimal():
            found[holder] = min(int(number), found.get(holder, int(number)))
    return found
