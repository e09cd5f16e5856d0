"""Codes of what a live cluster has already, and a stack would write over."""

from __future__ import annotations

from multinet.findings.catalog.entry import Entry, error

OWNERSHIP: dict[str, Entry] = {
    "owned-by-others": error(
        "An object of this name is there already, and is not this stack's",
        "Someone else made it: by hand, with Helm, from another stack. Writing over it would"
        " change their pods' network, and a destroy would delete it. What a stack makes carries"
        " the annotation `multinet.dev/owner`; setting it to this stack hands the object over.",
    ),
    "another-multus": error(
        "The cluster has a Multus already",
        "Two of them write the same 00-multus.conf on every node, each with its own idea of the"
        " primary network, and whichever ends takes the file away. `enabled: false` declares"
        " networks for the one that is there.",
    ),
    "another-primary": error(
        "The cluster has a primary CNI already",
        "The runtime uses whichever configuration sorts first, so some pods would get their eth0"
        " from one and some from the other. `plugin: existing` leaves the one that is there to"
        " those who manage it.",
    ),
}
