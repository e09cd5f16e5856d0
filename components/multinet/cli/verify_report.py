"""What `multinet verify` shows: a table of what pods got, then each trouble with its causes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from multinet.cli import common
from multinet.cli.console import escape
from multinet.cli.tables import columns, fits, indented, report_console
from multinet.findings import Finding, Severity
from multinet.findings.text import count, some
from multinet.verify.rows import NodeRow, Report, Row, Trouble, Verdict, summary, troubles
from multinet.verify.stale import Stale

_SHOWN = 8
_COLOURS = {Verdict.OK: "green", Verdict.MISMATCH: "red", Verdict.UNTRIED: "yellow"}


def show(report: Report) -> None:
    """The whole report."""
    console = report_console()
    _rows(console, report.rows)
    if not report.rows or any(node.verdict is Verdict.MISMATCH for node in report.nodes):
        _nodes(console, report.nodes)
    for finding in report.general:
        _finding(console, "cluster", finding)
        _way_out(console, finding)
    for trouble in troubles(report.rows, report.nodes):
        _trouble(console, trouble)
    _notes(console, report)
    said = summary(report)
    console.print(f"[bold {'green' if report.matches else 'red'}]{said}[/]")


def _rows(console: Console, rows: Sequence[Row]) -> None:
    """A table, without the parent where that is what fits; else a paragraph for each row."""
    if not rows:
        return
    for parent in (True, False):
        table = _table(rows, parent=parent)
        if fits(console, table):
            console.print(table)
            return
    console.print()
    for row in rows:
        _paragraph(console, row)


def _table(rows: Sequence[Row], *, parent: bool) -> Table:
    table = columns("network", "node", "iface", "address", "MTU")
    table.columns[-1].justify = "right"
    for name in ("parent", "reaches", "verdict") if parent else ("reaches", "verdict"):
        table.add_column(name, no_wrap=True)
    for row in rows:
        reached = row.reached.partition(":")[0] if _not_tried(row) else row.reached
        cells = [row.network, row.node, row.interface, "\n".join(row.addresses), str(row.mtu or "")]
        cells += [row.parent, reached] if parent else [reached]
        # Addresses of both families stand below each other.
        shown = ["\n".join(map(escape, cell.split("\n"))) for cell in cells]
        table.add_row(*shown, _coloured(row.verdict))
    return table


def _paragraph(console: Console, row: Row) -> None:
    where = f" on {escape(row.node)}" if row.node else ""
    console.print(f"{escape(row.network)}{where}: {_coloured(row.verdict)}")
    got = [f"{row.interface} {', '.join(row.addresses)}".strip()] if row.interface else []
    got += [f"MTU {row.mtu}"] if row.mtu else []
    got += [f"parent {row.parent}"] if row.parent else []
    got += [] if _not_tried(row) or not row.reached else [f"reaches {row.reached}"]
    if got:
        indented(console, escape("; ".join(got)))


def _nodes(console: Console, nodes: Sequence[NodeRow]) -> None:
    table = columns("node", "primary", "eth0", "verdict")
    for node in nodes:
        cells = (node.node, node.primary, "\n".join(node.addresses))
        shown = ["\n".join(map(escape, cell.split("\n"))) for cell in cells]
        table.add_row(*shown, _coloured(node.verdict))
    if nodes:
        console.print(table)


def _coloured(verdict: Verdict) -> str:
    return f"[{_COLOURS[verdict]}]{verdict}[/]"


def _not_tried(row: Row) -> bool:
    return row.reached.startswith("not tried")


def _notes(console: Console, report: Report) -> None:
    """What was not tried, and why."""
    reached = dict.fromkeys((r.reached, r.network) for r in report.rows if _not_tried(r))
    for why in dict.fromkeys(text for text, _ in reached):
        networks = [network for text, network in reached if text == why]
        told = f"{some(networks, _SHOWN)}: reachability {why}"
        console.print(f"[dim]{escape(told)}[/]")
    for network, node, note in dict.fromkeys((r.network, r.node, r.note) for r in report.rows):
        if note:
            where = f" on {node}" if node else ""
            console.print(f"[dim]{escape(network + where)}: not tried: {escape(note)}[/]")
    for note in report.notes:
        console.print(f"[dim]{escape(note)}[/]")


def _trouble(console: Console, trouble: Trouble) -> None:
    where = " on ".join(some(names, _SHOWN) for names in (trouble.networks, trouble.nodes) if names)
    for finding in trouble.findings:
        _finding(console, where, finding)
        if not trouble.causes or finding.severity is not Severity.ERROR:
            _way_out(console, finding)
    for cause in trouble.causes:
        indented(console, f"[yellow]likely cause[/]: {_told(cause)}")
        _way_out(console, cause)


def _finding(console: Console, where: str, finding: Finding) -> None:
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    heading = f"[bold {colour}]{escape(where)}[/]: {_told(finding)}"
    console.print(heading, soft_wrap=not console.is_terminal)


def _told(finding: Finding) -> str:
    return f"{escape(finding.rule)} [dim]\\[{finding.code}][/]"


def _way_out(console: Console, finding: Finding) -> None:
    if finding.way_out:
        indented(console, f"way out: {escape(finding.way_out)}")


def show_stale(networks: Sequence[str], found: Sequence[Stale]) -> None:
    """Pods that are not on their networks as these are now, and what restarts them."""
    console = report_console()
    for one in found:
        owner = f" of {one.owner}" if one.owner.kind != "Pod" else ""
        where = f" on {one.node}" if one.node else ""
        console.print(f"[bold]{escape(f'{one.namespace}/{one.pod}')}[/]{escape(owner + where)}")
        for told in (*one.reasons, f"way out: {one.way_out}"):
            indented(console, escape(told))
    commands = list(dict.fromkeys(one.command for one in found if one.command))
    for command in commands:
        common.out.print(escape(command))
    looked_at = f"looked at {count(len(networks), 'network')}"
    console.print(f"[dim]{looked_at}: {escape(some(networks, _SHOWN))}[/]")
    if found:
        pods = count(len(found), "pod")
        console.print(f"[bold red]{pods} not on their networks as these are now[/]")
    else:
        console.print("[bold green]every pod is on its networks as these are now[/]")
