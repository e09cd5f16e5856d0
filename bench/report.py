"""One benchmark's result as data, table, Markdown and plot."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table


def plain_scale(axes: Any, ticks: Sequence[int]) -> None:
    """Both axes logarithmic, with numbers that are read without thinking."""
    from matplotlib.ticker import FuncFormatter

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks], minor=False)
    axes.set_xticks([], minor=True)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(axis="y", alpha=0.3)


@dataclasses.dataclass(frozen=True)
class Report:
    """A benchmark's result.

    Attributes:
        columns, rows: the table, as text.
        notes: what follows from them, a line each.
        draw: draws them on a matplotlib axes.
    """

    name: str
    title: str
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]
    draw: Callable[[Any], None]

    def table(self) -> Table:
        """For a terminal."""
        table = Table(title=self.title, title_justify="left")
        for i, column in enumerate(self.columns):
            # What a row is about stays whole, however narrow the terminal.
            table.add_column(column, justify="right" if i else "left", no_wrap=not i)
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """A section of a page."""
        return "\n".join([f"## {self.title}", "", self.markdown_table(), "", *self.notes])

    def markdown_table(self) -> str:
        """The table alone."""
        lines = [f"| {' | '.join(self.columns)} |", "|---|" + "---:|" * (len(self.columns) - 1)]
        return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in self.rows)])

    def plot(self, to: Path) -> None:
        """As SVG."""
        import matplotlib as mpl

        mpl.use("svg")
        mpl.rcParams["svg.hashsalt"] = "multinet"  # the same figures, the same bytes
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
        axes.set_title(self.title)
        self.draw(axes)
        figure.savefig(to, metadata={"Date": None})
        pyplot.close(figure)
