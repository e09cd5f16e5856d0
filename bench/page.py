"""docs/benchmarks.md and its plots, from the figures that are kept in docs/benchmarks/."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from bench.catalog import BENCHMARKS
from bench.result import load

DOCS = Path(__file__).resolve().parents[1] / "docs"
KEPT = DOCS / "benchmarks"
PAGE = DOCS / "benchmarks.md"

_HEAD = """\
<!-- made by `make docs`, from the figures in docs/benchmarks/ -->

# Benchmarks

What `make bench` measured, side by side in one run on one machine; such machines are shared and
noisy, so look at ratios. `make bench` measures all of it anew (`ONLY=attach` one of them, `ROUNDS=5`
more often) and writes build/bench/; `PUBLISH=1` puts the figures here."""


def page() -> str:
    """The page, of every benchmark that figures are kept of."""
    return "\n".join([_HEAD, *_sections()]) + "\n"


def _sections() -> Iterator[str]:
    for name, benchmark in BENCHMARKS.items():
        file = KEPT / f"{name}.json"
        if not file.exists():
            continue
        result = load(file)
        report = benchmark.report(result.data)
        yield f"\n## {report.title}\n"
        yield (inspect.getdoc(benchmark) or "") + "\n"
        yield f"![{report.title}](benchmarks/{name}.svg)\n"
        yield report.markdown_table() + "\n"
        yield from (f"- {note}" for note in report.notes)
        yield f"\n*{result.machine}*"


def write() -> None:
    """Write the page and its plots."""
    for file in sorted(KEPT.glob("*.json")):
        result = load(file)
        BENCHMARKS[result.name].report(result.data).plot(file.with_suffix(".svg"))
    PAGE.write_text(page(), encoding="utf-8")
