"""`make bench`: every benchmark that this machine can run; tables and plots under build/bench/."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import rig
from bench import machine, page
from bench.catalog import BENCHMARKS, lacking
from bench.result import Result

OUT = Path(__file__).resolve().parents[1] / "build" / "bench"

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, emoji=False, soft_wrap=True)


@app.command()
def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(BENCHMARKS)}; default: all.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, help="Rounds of attach and start; medians are shown.")
    ] = 3,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put the figures into docs/ as well.")
    ] = False,
) -> None:
    """Run the benchmarks and write build/bench/<name>.{json,md,svg}.

    MULTINET_KUBESPRAY names a checkout of Kubespray: with the Ansible of its requirements.txt on
    PATH, start runs its multus role on the same node as well; else its report says why not.
    """
    names = only or list(BENCHMARKS)
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        raise typer.BadParameter(f"{', '.join(unknown)}: known are {', '.join(BENCHMARKS)}")
    console.print(machine.describe())
    for name in names:
        if missing := lacking(name):
            console.print(f"{name} is left out: {'; '.join(missing)}")
            continue
        where = machine.describe()
        result = Result(name, where, BENCHMARKS[name].measure(rounds, rig.Progress()))
        result.save(OUT)
        _show(result)
        if publish:
            result.save(page.KEPT)
    if publish:
        page.write()


def _show(result: Result) -> None:
    report = BENCHMARKS[result.name].report(result.data)
    (OUT / f"{result.name}.md").write_text(f"{result.machine}\n\n{report.markdown()}\n")
    report.plot(OUT / f"{result.name}.svg")
    console.print(report.table())
    for line in report.notes:
        console.print(line)


if __name__ == "__main__":
    app()
