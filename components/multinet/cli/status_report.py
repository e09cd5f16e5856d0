"""What `multinet status` shows: a row for each network, a row for each node, then what needs you."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from multinet.cli import common
from multinet.cli.console import escape
from multinet.cli.tables import columns, fits, indented, report_console
from multinet.findings import Finding, Severity
from multinet.findings.text import count, some
from multinet.status.books import Freed
from multinet.status.ranges import RangeUse
from multinet.status.report import NetworkStatus, NodeStatus, Report

_SHOWN = 8


def show(report: Report) -> None:
    """The whole report."""
    console = report_console()
    if report.networks:
        _networks(console, report.networks)
    _nodes(console, report.nodes)
    for finding in report.general:
        _finding(console, "cluster", finding)
    for network in report.networks:
        for finding in network.findings:
            _finding(console, network.name, finding)
    for note in report.notes:
        console.print(f"[dim]{escape(note)}[/]")
    said = _verdict(report)
    console.print(f"[bold {'green' if report.well else 'red'}]{said}[/]")


def say_freed(freed: Freed) -> None:
    """After --free."""
    addresses = freed.addresses
    for kept in freed.kept:
        common.out.print(escape(f"not freed: {kept}"))
    if addresses:
        told = f"freed {count(len(addresses), 'address')}: {some(addresses, _SHOWN)}"
        common.out.print(escape(told))
    elif not freed.kept:
        common.out.print("nothing to free: no pod that is gone has an address")


def _verdict(report: Report) -> str:
    networks = count(len(report.networks), "network")
    pods = count(
        len({(p.namespace, p.pod) for n in report.networks for p in n.pods}), "attached pod"
    )
    if report.well:
        return f"{networks}, {pods}: all is well"
    return f"{networks}, {pods}: {count(len(report.findings), 'matter')} for you"


def _networks(console: Console, networks: Sequence[NetworkStatus]) -> None:
    """With as much as fits: the type is left out first, then the range."""
    for types, ranges in ((True, True), (False, True), (False, False)):
        table = _table(networks, types=types, ranges=ranges)
        if fits(console, table):
            break
    console.print(table)


def _table(networks: Sequence[NetworkStatus], *, types: bool, ranges: bool) -> Table:
    names = [*(["type"] if types else []), "pods", "nodes", *(["range"] if ranges else [])]
    table = columns("network", *names, "used", "state")
    for number, name in enumerate(names, start=1):
        if name in ("pods", "nodes"):
            table.columns[number].justify = "right"
    for network in networks:
        able = len(network.nodes) - len(network.unable)
        cells = [network.name, *([network.type] if types else [])]
        cells += [str(len(network.pods)), f"{able}/{len(network.nodes)}"]
        by_range = _fullest(network.ranges)
        if ranges:
            cells.append("\n".join(use.range for use in by_range) or network.by)
        used = "\n".join(_used(use) for use in by_range)
        cells.append(used or ("not known" if network.by else ""))
        table.add_row(*(_lines(cell) for cell in cells), _state(network))
    return table


def _fullest(ranges: Sequence[RangeUse]) -> list[RangeUse]:
    """Of each range the cluster's use, or that of the node that has the least left."""
    found: dict[str, RangeUse] = {}
    for use in ranges:
        kept = found.get(use.range)
        if kept is None or use.share > kept.share:
            found[use.range] = use
    return list(found.values())


def _used(use: RangeUse) -> str:
    where = f" on {use.node}" if use.node else ""
    size = str(use.size) if use.size < 1_000_000 else f"2^{use.size.bit_length() - 1}"
    return f"{use.used} of {size}{where}"


def _state(network: NetworkStatus) -> str:
    if not network.findings:
        return "[yellow]in part[/]" if network.unable else "[green]ok[/]"
    worst = min(network.findings, key=lambda f: f.severity is not Severity.ERROR)
    words = {
        "live-nad-missing": "missing",
        "live-nad-differs": "edited",
        "live-no-node": "no node",
        "live-range-full": "full",
        "live-pods-stale": f"{len(network.stale)} stale",
        "live-address-leaked": f"{len(network.leaks)} leaked",
    }
    colour = "red" if worst.severity is Severity.ERROR else "yellow"
    return f"[{colour}]{words.get(worst.code, worst.code)}[/]"


def _nodes(console: Console, nodes: Sequence[NodeStatus]) -> None:
    if not nodes:
        return
    table = columns("node", "node is", "Multus", "primary", "interfaces")
    table.columns[-1].justify = "right"
    for node in nodes:
        agent = f"{node.agent}: {node.primary or 'ready'}" if node.agent else "not known"
        cells = (node.node, node.trouble or "ready", node.multus or "ready", agent)
        table.add_row(*map(escape, cells), str(node.pods))
    console.print(table)


def _lines(cell: str) -> str:
    return "\n".join(map(escape, cell.split("\n")))


def _finding(console: Console, where: str, finding: Finding) -> None:
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    told = f"{escape(finding.rule)} [dim]\\[{finding.code}][/]"
    value = f" {escape(str(finding.value))}:" if finding.code == "live-range-full" else ""
    console.print(
        f"[bold {colour}]{escape(where)}[/]:{value} {told}", soft_wrap=not console.is_terminal
    )
    indented(console, f"way out: {escape(finding.way_out)}")
