"""The table of Kubespray's variables: what each is here, and which of them is whose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from multinet.kubespray.rows import calico, cilium, cluster
from multinet.kubespray.rows.row import NOTHING, Family, Row

__all__ = ["BY_NAME", "DEFAULTS", "NOTHING", "OF_PLUGIN", "ROWS", "family", "plugin_of", "table"]

ROWS: Final = (*cluster.CLUSTER, *cluster.MULTUS, *calico.CALICO, *cilium.CILIUM)
BY_NAME: Final = {row.name: row for row in ROWS}
OF_PLUGIN: Final = {"calico": calico.CALICO, "cilium": cilium.CILIUM}
"""The rows that hold for one primary CNI only."""

DEFAULTS: Final[Mapping[str, str]] = {r.name: r.literal for r in ROWS if r.literal is not None}
"""Kubespray's defaults, as far as they are values or templates of such."""

_FAMILIES: Final = [
    (re.compile(one.pattern), one)
    for one in (*calico.FAMILIES, *cilium.FAMILIES, *cluster.FAMILIES)
]
_PLUGIN_OF: Final = {row.name: plugin for plugin, rows in OF_PLUGIN.items() for row in rows}


def family(name: str) -> Family | None:
    """The family of a variable without a row; None where it is not about pod networking."""
    return next((one for pattern, one in _FAMILIES if pattern.fullmatch(name)), None)


def plugin_of(name: str) -> str:
    """The primary CNI that a variable of pod networking is for; empty: any."""
    if name in BY_NAME:
        return _PLUGIN_OF.get(name, "")
    found = family(name)
    return found.plugin if found else ""


def table() -> str:
    """The table of docs/kubespray.md, in Markdown."""
    lines = []
    for title, rows in (
        ("The cluster", cluster.CLUSTER), ("Multus", cluster.MULTUS),
        ("Calico", calico.CALICO), ("Cilium", cilium.CILIUM),
    ):  # fmt: skip
        lines += [f"### {title}", ""]
        lines += ["| Kubespray's variable | its meaning | its default | ours | sets |"]
        lines += ["|---|---|---|---|---|"]
        lines += [_line(row) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _line(row: Row) -> str:
    ours = f"`{row.ours}`" if row.ours != NOTHING else f"none: {row.why}"
    sets = row.sets + (f"; {row.why}" if row.why and row.ours != NOTHING else "")
    default = f"`{row.default}`" if row.literal is not None else row.default.strip("()")
    return f"| `{row.name}` | {row.meaning} | {default} | {ours} | {sets} |"


if __name__ == "__main__":
    print(table())
