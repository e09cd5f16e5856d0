"""`make bench`: every benchmark that this machine can run; tables and plots under build/bench/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import rig
from bench import attach, burst, engine, machine, scale, start
from bench.report import Report
from rig.demo import engine as deploy

NAMES = ("scale", "start", "attach", "burst", "engine")
OUT = Path(__file__).resolve().parents[1] / "build" / "bench"

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)


@app.command()
def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(NAMES)}; default: all.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, help="Rounds of attach and start; medians are shown.")
    ] = 3,
) -> None:
    """Run the benchmarks and write build/bench/<name>.{json,md,svg}.

    MULTINET_KUBESPRAY names a checkout of Kubespray: with the Ansible of its requirements.txt on
    PATH, start runs its multus role on the same node as well; else its report says why not.
    """
    OUT.mkdir(parents=True, exist_ok=True)
    console.print(machine.describe())
    for name in only or NAMES:
        if missing := lacking(name):
            console.print(f"{name} is left out: {'; '.join(missing)}")
        else:
            _write(run(name, rounds, rig.Progress()))


def lacking(name: str) -> list[str]:
    """What this machine lacks for a benchmark; empty where it can run."""
    if name == "scale":
        return []
    plugins = [f"{command} is not on PATH" for command in deploy.missing()]
    return rig.can_run() + (plugins if name == "engine" else [])


def run(name: str, rounds: int, progress: rig.Progress) -> Report:
    """Run one benchmark. Raises KeyError for a name that there is not."""
    return {
        "scale": lambda: scale.run(progress),
        "start": lambda: start.run(rounds, progress),
        "attach": lambda: attach.run(rounds, progress),
        "burst": lambda: burst.run(progress),
        "engine": lambda: engine.run(progress),
    }[name]()


def _write(report: Report) -> None:
    (OUT / f"{report.name}.json").write_text(json.dumps(report.data, indent=2) + "\n")
    (OUT / f"{report.name}.md").write_text(f"{machine.describe()}\n\n{report.markdown()}\n")
    report.plot(OUT / f"{report.name}.svg")
    console.print(report.table())
    for line in report.notes:
        console.print(line)


if __name__ == "__main__":
    app()
