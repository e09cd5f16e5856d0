"""`multinet verify`."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from multinet.cli import common
from multinet.cli.console import escape
from multinet.findings import Finding, errors
from multinet.settings import policy
from multinet.settings.types import Ciphertext, reveal
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.live import Cluster
    from multinet.verify.rows import Report, Row, Trouble
    from multinet.verify.stale import Stale

_WIDE = 220
"""Columns where the output is not a terminal: a table's cells are then not folded."""

_SHOWN = 8

KubeconfigOption = Annotated[
    Path | None,
    typer.Option("--kubeconfig", metavar="FILE", help="Instead of the stack's own setting."),
]
ContextOption = Annotated[
    str | None,
    typer.Option("--context", metavar="NAME", help="Which of the kubeconfig's contexts."),
]
NodeOption = Annotated[
    list[str] | None, typer.Option("--node", metavar="NAME", help="Only there. Repeatable.")
]
AllNodesOption = Annotated[bool, typer.Option("--all-nodes", help="On every node that is ready.")]
SampleOption = Annotated[
    int, typer.Option("--sample", metavar="N", min=1, max=1000, help="Nodes for each network.")
]
ParallelOption = Annotated[
    int,
    typer.Option("--parallel", "-p", metavar="N", min=2, max=100, help="Nodes at the same time."),
]
TimeoutOption = Annotated[
    int, typer.Option("--timeout", metavar="N", min=5, max=3600, help="Seconds for a pod to start.")
]
ImageOption = Annotated[
    str | None,
    typer.Option(
        "--image", metavar="REF", help="Of the pods: has sh, ip, httpd and wget, as busybox."
    ),
]
JunitOption = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML there as well.")
]
AskNodesOption = Annotated[
    bool,
    typer.Option(
        "--ask-nodes/--no-ask-nodes",
        help="Ask declared nodes over SSH where the cause of a failure is not known otherwise.",
    ),
]
StaleOption = Annotated[
    bool, typer.Option("--stale", help="Start nothing: list live pods that must restart.")
]


def verify(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    stale: StaleOption = False,
    node: NodeOption = None,
    all_nodes: AllNodesOption = False,
    sample: SampleOption = 2,
    parallel: ParallelOption = 8,
    timeout: TimeoutOption = 60,
    image: ImageOption = None,
    ask_nodes: AskNodesOption = True,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    as_json: common.JsonOption = False,
    junit: JunitOption = None,
) -> None:
    """Put a short-lived pod on every network of a live cluster, and compare with what is declared.

    Interface, address, MTU, MAC, routes, and whether two pods reach each other; with the likely
    cause of each failure. The pods are removed, also when it is interrupted.
    With --stale: pods that were attached before their network changed, and what restarts them.

    Exit 0: all match. Exit 1: a mismatch, or pods that must restart. Exit 2: the environment is
    refused. Exit 3: the cluster cannot be reached.
    """
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings = environment.require()
    if stale and junit:
        common.fail(
            "--junit is about pods that are started, not about --stale", common.Exit.REFUSED
        )
    for finding in errors(policy.image(image)) if image else ():
        common.fail(f"--image {image} {finding.rule}; {finding.way_out}", common.Exit.REFUSED)
    from multinet.live import ClusterError

    try:
        cluster = _connect(settings, kubeconfig, context)
        with _interruptible():
            if stale:
                raise typer.Exit(_stale(cluster, settings, as_json))
            from multinet.verify.run import Options

            options = Options(
                image=image,
                nodes=tuple(node or ()),
                everywhere=all_nodes,
                sample=sample,
                parallel=parallel,
                timeout=float(timeout),
                ask_nodes=ask_nodes,
            )
            raise typer.Exit(_verify(cluster, settings, options, as_json, junit))
    except ClusterError as error:
        common.fail(str(error), common.Exit.CANNOT_RUN)


def _connect(settings: StackSettings, file: Path | None, context: str | None) -> Cluster:
    from multinet.live import connect

    given = str(file) if file else reveal(settings.kubeconfig)
    if given is None and isinstance(settings.kubeconfig, Ciphertext):
        common.fail(
            "multinet:kubeconfig is encrypted, and only the engine can read it: give --kubeconfig",
            common.Exit.CANNOT_RUN,
        )
    return connect(given, context or (None if file else settings.context))


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends like Ctrl-C, with the pods removed; a second one does not stop that."""

    def ignore(number: int, frame: FrameType | None) -> None:
        # A function, since Python takes SIG_IGN for an error while a signal is on its way.
        del number, frame

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, ignore)
        common.err.print("interrupted: removing the pods")
        raise KeyboardInterrupt

    before = {s: signal.signal(s, interrupt) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _verify(
    cluster: Cluster,
    settings: StackSettings,
    options: object,
    as_json: bool,
    junit: Path | None,
) -> common.Exit:
    from multinet.verify import rows, run

    assert isinstance(options, run.Options)
    with _progress(as_json) as tell:
        report = run.verify(cluster, settings, options, tell)
    if junit is not None:
        try:
            junit.write_text(rows.junit(report), encoding="utf-8")
        except OSError as error:
            common.fail(f"{junit} cannot be written: {error.strerror}", common.Exit.CANNOT_RUN)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        _show(report)
    return common.Exit.OK if report.matches else common.Exit.MISMATCH


@contextlib.contextmanager
def _progress(as_json: bool) -> Iterator[Callable[[str], None]]:
    """A spinner on a terminal; elsewhere plain lines, and none beside JSON."""
    if common.err.is_terminal:
        with common.err.status("connecting") as status:
            yield lambda text: status.update(escape(text))
    elif as_json:
        yield lambda _text: None
    else:
        yield lambda text: common.err.print(escape(text))


def _console() -> Console:
    """For tables: as wide as the terminal, or as they need."""
    width = None if sys.stdout.isatty() else _WIDE
    return common.console(width=width)


def _show(report: Report) -> None:
    from multinet.verify.rows import summary, troubles

    console = _console()
    if report.rows:
        console.print(_table(report))
    for finding in report.general:
        console.print(f"[bold red]cluster[/]: {_told(finding)}", soft_wrap=not console.is_terminal)
        _way_out(console, finding)
    for trouble in troubles(report.rows):
        _trouble(console, trouble)
    _notes(console, report)
    said = summary(report)
    console.print(f"[bold {'green' if report.matches else 'red'}]{said}[/]")


def _table(report: Report) -> Table:
    from rich import box

    colours = {"ok": "green", "mismatch": "red", "not tried": "yellow"}
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    # At 80 columns names of nodes and networks are what is folded, not addresses.
    longest = max((len(a) for row in report.rows for a in row.addresses), default=0)
    table.add_column("network", overflow="fold", min_width=12)
    table.add_column("node", overflow="fold")
    table.add_column("iface", no_wrap=True)
    table.add_column("address", overflow="fold", min_width=min(longest, 18))
    table.add_column("MTU", justify="right", no_wrap=True)
    table.add_column("parent", overflow="fold")
    table.add_column("reaches", overflow="fold", min_width=9)
    table.add_column("verdict", no_wrap=True)
    for row in report.rows:
        verdict = str(row.verdict)
        reached = row.reached.partition(":")[0] if _not_tried(row) else row.reached
        cells = [row.network, row.node, row.interface, "\n".join(row.addresses)]
        cells += [str(row.mtu or ""), row.parent, reached]
        style = colours[verdict]
        told = ["\n".join(map(escape, cell.split("\n"))) for cell in cells]
        table.add_row(*told, f"[{style}]{verdict}[/]")
    return table


def _not_tried(row: Row) -> bool:
    return row.reached.startswith("not tried")


def _notes(console: Console, report: Report) -> None:
    """What was not tried, and why."""
    reached = dict.fromkeys((r.reached, r.network) for r in report.rows if _not_tried(r))
    for why in dict.fromkeys(text for text, _ in reached):
        networks = [network for text, network in reached if text == why]
        told = f"{_listed(networks)}: reachability {why}"
        console.print(f"[dim]{escape(told)}[/]")
    for network, node, note in dict.fromkeys((r.network, r.node, r.note) for r in report.rows):
        if note:
            where = f" on {node}" if node else ""
            console.print(f"[dim]{escape(network + where)}: not tried: {escape(note)}[/]")
    for note in report.notes:
        console.print(f"[dim]{escape(note)}[/]")


def _trouble(console: Console, trouble: Trouble) -> None:
    where = _listed(trouble.networks) + (f" on {_listed(trouble.nodes)}" if trouble.nodes else "")
    for finding in trouble.findings:
        heading = f"[bold red]{escape(where)}[/]: {_told(finding)}"
        console.print(heading, soft_wrap=not console.is_terminal)
        if not trouble.causes:
            _way_out(console, finding)
    for cause in trouble.causes:
        _indented(console, f"[yellow]likely cause[/]: {_told(cause)}")
        _way_out(console, cause)


def _told(finding: Finding) -> str:
    return f"{escape(finding.rule)} [dim]\\[{finding.code}][/]"


def _way_out(console: Console, finding: Finding) -> None:
    if finding.way_out:
        _indented(console, f"way out: {escape(finding.way_out)}")


def _indented(console: Console, markup: str) -> None:
    if console.is_terminal:
        console.print(Padding(markup, (0, 0, 0, 2), expand=False))
    else:
        console.print(f"  {markup}", soft_wrap=True)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _stale(cluster: Cluster, settings: StackSettings, as_json: bool) -> common.Exit:
    from multinet.live import ClusterError
    from multinet.verify.stale import stale_pods

    networks = [f"{n.namespace}/{name}" for name, n in settings.networks.items()]
    nads = cluster.nads()
    if nads is None:
        raise ClusterError("the cluster has no NADs: their CRD is not there")
    found = stale_pods(networks, nads, cluster.pods(), cluster.replica_sets())
    if as_json:
        document = {"networks": networks, "stale": [s.as_dict() for s in found]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        _show_stale(networks, found)
    return common.Exit.MISMATCH if found else common.Exit.OK


def _show_stale(networks: Sequence[str], found: Sequence[Stale]) -> None:
    console = _console()
    for one in found:
        owner = f" of {one.owner}" if one.owner.kind != "Pod" else ""
        where = f" on {one.node}" if one.node else ""
        console.print(f"[bold]{escape(f'{one.namespace}/{one.pod}')}[/]{escape(owner + where)}")
        for told in (*one.reasons, f"way out: {one.way_out}"):
            _indented(console, escape(told))
    commands = list(dict.fromkeys(one.command for one in found if one.command))
    for command in commands:
        common.out.print(escape(command))
    looked_at = f"looked at {len(networks)} network{'s' * (len(networks) != 1)}"
    console.print(f"[dim]{looked_at}: {escape(_listed(networks))}[/]")
    if found:
        count = f"{len(found)} pod{'s' * (len(found) != 1)}"
        console.print(f"[bold red]{count} not on their networks as these are now[/]")
    else:
        console.print("[bold green]every pod is on its networks as these are now[/]")
