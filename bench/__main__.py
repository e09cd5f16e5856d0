"""`make bench`: every benchmark that this machine can run; tables and plots under build/bench/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import rig
from bench import attach, machine, scale
from bench.report import Report

OUT = Path(__file__).resolve().parents[1] / "build" / "bench"

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)


@app.command()
def main(
    only: Annotated[list[str] | None, typer.Option(help="attach, scale; default: both.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of attach; medians are shown.")] = 3,
) -> None:
    """Run the benchmarks and write build/bench/<name>.{json,md,svg}."""
    OUT.mkdir(parents=True, exist_ok=True)
    console.print(machine.describe())
    chosen = only or ["scale", "attach"]
    if "scale" in chosen:
        _write(scale.run(rig.Progress()))
    if "attach" in chosen:
        if missing := rig.can_run():
            console.print(f"attach is left out: {'; '.join(missing)}")
        else:
            _write(attach.run(rounds, rig.Progress()))


def _write(report: Report) -> None:
    (OUT / f"{report.name}.json").write_text(json.dumps(report.data, indent=2) + "\n")
    (OUT / f"{report.name}.md").write_text(f"{machine.describe()}\n\n{report.markdown()}\n")
    report.plot(OUT / f"{report.name}.svg")
    console.print(report.table())
    for line in report.notes:
        console.print(line)


if __name__ == "__main__":
    app()
