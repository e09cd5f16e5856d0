"""`multinet restart`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.console import escape
from multinet.cli.verify import progress, stale_of
from multinet.findings.text import count, some

if TYPE_CHECKING:
    from multinet.restart.plan import Plan

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be rolled.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
TimeoutOption = Annotated[
    int,
    typer.Option("--timeout", metavar="N", min=5, max=86400, help="Seconds for each workload."),
]


def restart(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    timeout: TimeoutOption = 600,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    as_json: common.JsonOption = False,
) -> None:
    """Roll the workloads whose pods are not on their networks as these are now, one by one.

    Those that `multinet verify --stale` lists. Each is waited for before the next is begun; the
    first that does not come up again ends it. Pods that no Deployment, StatefulSet or DaemonSet
    brings back are named and left alone.

    Exit 0: every pod is on its networks. Exit 1: pods are left that must restart. Exit 2: the
    environment is refused. Exit 3: the cluster cannot be reached.
    """
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings = environment.require()
    from multinet.restart.roll import NotRolled, planned, roll

    with connected(settings, kubeconfig, context) as cluster:
        found = planned(cluster, stale_of(cluster, settings)[1])
        if not as_json:
            _show(found)
        if dry_run or not found.roll:
            _end(found, as_json, left=bool(found.held or found.others), done=dry_run)
        if not (yes or _confirmed(found)):
            common.fail("nothing was restarted", common.Exit.INTERRUPTED)
        try:
            with progress(as_json) as tell:
                roll(cluster, found.roll, float(timeout), tell)
        except NotRolled as error:
            common.fail(str(error), common.Exit.MISMATCH)
        found = planned(cluster, stale_of(cluster, settings)[1])
    _end(found, as_json, left=bool(found.roll or found.held or found.others))


def _confirmed(found: Plan) -> bool:
    if not sys.stdin.isatty():
        common.fail("--yes is needed where nobody can be asked", common.Exit.REFUSED)
    return typer.confirm(f"Restart {count(len(found.roll), 'workload')}?")


def _end(found: Plan, as_json: bool, *, left: bool, done: bool = False) -> None:
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    elif not left and not found.roll:
        common.out.print("[bold green]every pod is on its networks as these are now[/]")
    elif left and not done:
        pods = sum(len(w.pods) for w in (*found.roll, *found.held)) + len(found.others)
        common.out.print(f"[bold red]{count(pods, 'pod')} left that must restart[/]")
    raise typer.Exit(common.Exit.MISMATCH if left and not done else common.Exit.OK)


def _show(found: Plan) -> None:
    for workload in found.roll:
        told = f"{workload}: {some(workload.pods)}"
        common.out.print(f"[bold]restart[/] {escape(told)}")
    for workload in found.held:
        common.out.print(f"[bold yellow]left[/] {escape(f'{workload}: {workload.held}')}")
    for pod in found.others:
        name = f"{pod.namespace}/{pod.pod}"
        told = f"{name}: {pod.way_out}" + (f" ({pod.command})" if pod.command else "")
        common.out.print(f"[bold yellow]left[/] {escape(told)}")
