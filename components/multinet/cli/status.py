"""`multinet status`."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.interrupt import interruptible
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.live import Cluster
    from multinet.status.books import Freed
    from multinet.status.report import Report

FullOption = Annotated[
    int,
    typer.Option(
        "--full", metavar="PERCENT", min=1, max=100, help="From which use on a range needs you."
    ),
]
WatchOption = Annotated[bool, typer.Option("--watch", "-w", help="Look again until Ctrl-C.")]
EveryOption = Annotated[
    int, typer.Option("--every", metavar="N", min=1, max=3600, help="Seconds between looks.")
]
FreeOption = Annotated[
    bool,
    typer.Option("--free", help="Free addresses that the books keep for pods that are gone."),
]

NodesOption = Annotated[
    bool,
    typer.Option("--nodes", help="Read host-local's books too, by a short-lived pod on each node."),
]


def status(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    full: FullOption = 90,
    watch: WatchOption = False,
    every: EveryOption = 5,
    free: FreeOption = False,
    nodes: NodesOption = False,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    as_json: common.JsonOption = False,
) -> None:
    """What a live cluster uses of its networks: pods, addresses, nodes, and what needs a person.

    Starts nothing, unless --nodes is given. Addresses are counted from the pods that have them, and
    for whereabouts from its books as well; what a DHCP server gives is not known here.
    With --nodes: from host-local's books on the nodes as well, which a pod on each reads.
    With --free: entries of those books that nobody has are taken out, nothing else.

    Exit 0: all is well. Exit 1: something needs a person. Exit 2: the environment is refused.
    Exit 3: the cluster cannot be reached.
    """
    if watch and (as_json or free or nodes):
        what = "--json" if as_json else "--free" if free else "--nodes"
        common.fail(f"--watch is for looking: it does not go with {what}", common.Exit.REFUSED)
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings = environment.require()
    removing = interruptible() if nodes else contextlib.nullcontext()
    with connected(settings, kubeconfig, context) as cluster, removing:
        if watch:
            _watch(cluster, settings, full / 100, every)
        found = _look(cluster, settings, full / 100, nodes=nodes)
        freed = _free(cluster, settings, found) if free else None
        if free and any(network.leaks for network in found.networks):
            found = _look(cluster, settings, full / 100, nodes=nodes)
    if as_json:
        document = found.as_dict() | (freed.as_dict() if freed else {})
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        from multinet.cli import status_report

        status_report.show(found)
        if freed:
            status_report.say_freed(freed)
    raise typer.Exit(common.Exit.OK if found.well else common.Exit.MISMATCH)


def _look(cluster: Cluster, settings: StackSettings, full: float, *, nodes: bool) -> Report:
    from multinet.status.look import look

    return look(cluster, settings, full, nodes=nodes)


def _free(cluster: Cluster, settings: StackSettings, found: Report) -> Freed:
    from multinet.status.books import Entry, Freed, free_entries
    from multinet.status.free import free
    from multinet.status.pools import Leak

    leaks = {leak for network in found.networks for leak in network.leaks}
    pooled = [leak for leak in leaks if isinstance(leak, Leak)]
    on_nodes = [leak for leak in leaks if isinstance(leak, Entry)]
    freed = free(cluster, sorted(pooled, key=lambda leak: (leak.pool, int(leak.key))))
    return Freed(freed) + free_entries(
        cluster, settings, sorted(on_nodes, key=lambda entry: (entry.node, int(entry.address)))
    )


def _watch(cluster: Cluster, settings: StackSettings, full: float, every: int) -> None:
    """Until Ctrl-C. On a terminal in place; elsewhere one look below the other."""
    from multinet.cli import status_report

    try:
        while True:
            found = _look(cluster, settings, full, nodes=False)
            if common.out.is_terminal:
                common.out.clear()
            status_report.show(found)
            time.sleep(every)
    except KeyboardInterrupt:
        raise typer.Exit(common.Exit.OK) from None
