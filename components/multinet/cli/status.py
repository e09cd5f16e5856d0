"""`multinet status`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.live import Cluster
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


def status(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    full: FullOption = 90,
    watch: WatchOption = False,
    every: EveryOption = 5,
    free: FreeOption = False,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    as_json: common.JsonOption = False,
) -> None:
    """What a live cluster uses of its networks: pods, addresses, nodes, and what needs a person.

    Starts nothing. Addresses are counted from the pods that have them, and for whereabouts from its
    books as well; what a DHCP server gives is not known here.
    With --free: entries of whereabouts' books whose pod is gone are taken out, nothing else.

    Exit 0: all is well. Exit 1: something needs a person. Exit 2: the environment is refused.
    Exit 3: the cluster cannot be reached.
    """
    if watch and (as_json or free):
        what = "--json" if as_json else "--free"
        common.fail(f"--watch is for looking: it does not go with {what}", common.Exit.REFUSED)
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings = environment.require()
    with connected(settings, kubeconfig, context) as cluster:
        if watch:
            _watch(cluster, settings, full / 100, every)
        found = _look(cluster, settings, full / 100)
        freed: list[str] = []
        if free and any(network.leaks for network in found.networks):
            freed = _free(cluster, found)
            found = _look(cluster, settings, full / 100)
    if as_json:
        document = found.as_dict() | ({"freed": freed} if free else {})
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        from multinet.cli import status_report

        status_report.show(found)
        if free:
            status_report.say_freed(freed)
    raise typer.Exit(common.Exit.OK if found.well else common.Exit.MISMATCH)


def _look(cluster: Cluster, settings: StackSettings, full: float) -> Report:
    from multinet.status.look import look

    return look(cluster, settings, full)


def _free(cluster: Cluster, found: Report) -> list[str]:
    from multinet.status.free import free

    leaks = {leak for network in found.networks for leak in network.leaks}
    return free(cluster, sorted(leaks, key=lambda leak: (leak.pool, int(leak.key))))


def _watch(cluster: Cluster, settings: StackSettings, full: float, every: int) -> None:
    """Until Ctrl-C. On a terminal in place; elsewhere one look below the other."""
    from multinet.cli import status_report

    try:
        while True:
            found = _look(cluster, settings, full)
            if common.out.is_terminal:
                common.out.clear()
            status_report.show(found)
            time.sleep(every)
    except KeyboardInterrupt:
        raise typer.Exit(common.Exit.OK) from None
