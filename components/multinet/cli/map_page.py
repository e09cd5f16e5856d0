"""`multinet map`."""

from __future__ import annotations

import datetime
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.console import escape
from multinet.cli.written import replace_file
from multinet.stack.settings import StackSettings
from multinet.stack.source import source_name

if TYPE_CHECKING:
    from multinet.status.report import Report

OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; else standard output."),
]
LiveOption = Annotated[
    bool, typer.Option("--live", help="With what the stack's cluster has and uses.")
]
FullOption = Annotated[
    int,
    typer.Option(
        "--full", metavar="PERCENT", min=1, max=100, help="From which use on a range is marked."
    ),
]


def map_page(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    output: OutputOption = None,
    live: LiveOption = False,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    full: FullOption = 90,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """One page to look around in: nodes, links, networks, ranges with their use, pods, findings.

    A file for a browser, which loads nothing from elsewhere: search, filter, open a network.
    It shows what is declared; with `--live`, `--kubeconfig` or `--context` the cluster as well, as
    `multinet status` sees it, at one moment. `--json` prints what the page shows.

    Exit 0: written, whatever it shows. Exit 2: the environment is refused, or FILE cannot be
    written. Exit 3: the cluster cannot be reached.
    """
    from multinet.map.chart import chart
    from multinet.map.page import page

    to_stdout = output is None or str(output) == "-"
    if as_json and output is not None and to_stdout:
        common.fail("--json takes standard output: give -o a file, or none", common.Exit.REFUSED)
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings = environment.require()
    report, at = None, ""
    if live or kubeconfig or context:
        report, at = _look(settings, kubeconfig, context, full), _now()
    found = chart(
        settings, source_name(source), environment.findings, report, at=at, full=full / 100
    )
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    elif to_stdout:
        sys.stdout.write(page(found))
    if output is None or to_stdout:
        return
    try:
        replace_file(output, page(found))
    except OSError as error:
        common.fail(f"{output} cannot be written: {error.strerror}", common.Exit.REFUSED)
    if not as_json:
        common.out.print(f"[bold green]{escape(str(output))}[/]: {escape(found.summary)}")


def _look(
    settings: StackSettings, kubeconfig: Path | None, context: str | None, full: int
) -> Report:
    from multinet.status.look import look

    with connected(settings, kubeconfig, context) as cluster:
        return look(cluster, settings, full / 100)


def _now() -> str:
    """In UTC; as SOURCE_DATE_EPOCH says, where somebody wants the same bytes again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.now(datetime.UTC)
    if epoch.isascii() and epoch.isdigit() and len(epoch) < 12:
        now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return f"{now:%Y-%m-%d %H:%M:%S} UTC"
