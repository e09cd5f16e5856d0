"""Tables that are read at 80 columns, and what stands below them."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from multinet.cli import common

_WIDE = 220
"""Columns where the output is not a terminal."""


def report_console() -> Console:
    """A console for a report: as wide as the terminal, or wide enough for whoever reads it later."""
    width = None if sys.stdout.isatty() else _WIDE
    return common.console(width=width)


def columns(*names: str) -> Table:
    """A table whose cells are not folded: a name that is broken is not recognized."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=True)
    table.columns[0].min_width = 12
    return table


def fits(console: Console, table: Table) -> bool:
    """Whether no cell has to be cut."""
    wide = console.options.update(max_width=10 * _WIDE)
    return table.__rich_measure__(console, wide).maximum <= console.width


def indented(console: Console, markup: str) -> None:
    """A line that belongs to the one above it."""
    if console.is_terminal:
        console.print(Padding(markup, (0, 0, 0, 2), expand=False))
    else:
        console.print(f"  {markup}", soft_wrap=True)
