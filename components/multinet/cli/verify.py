"""`multinet verify`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.console import escape
from multinet.cli.interrupt import interruptible
from multinet.findings import errors
from multinet.settings import policy
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.live import Cluster
    from multinet.verify.run import Options
    from multinet.verify.stale import Stale

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
    if junit is not None:
        _require_writable(junit)
    with connected(settings, kubeconfig, context) as cluster, interruptible():
        if stale:
            raise typer.Exit(_stale(cluster, settings, as_json))
        from multinet.verify.run import Options
        from multinet.verify.selection import Where

        options = Options(
            image=image,
            where=Where(tuple(node or ()), all_nodes, sample),
            parallel=parallel,
            timeout=float(timeout),
            ask_nodes=ask_nodes,
        )
        raise typer.Exit(_verify(cluster, settings, options, as_json, junit))


def _verify(
    cluster: Cluster,
    settings: StackSettings,
    options: Options,
    as_json: bool,
    junit: Path | None,
) -> common.Exit:
    from multinet.cli import verify_report
    from multinet.verify import run
    from multinet.verify.junit import junit as as_junit

    with progress(as_json) as tell:
        report = run.verify(cluster, settings, options, tell)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        verify_report.show(report)
    if junit is not None:
        try:
            junit.write_text(as_junit(report), encoding="utf-8")
        except OSError as error:
            # The disk is full, say: what was found has been told all the same.
            common.err.print(f"[bold red]error:[/] {escape(_unwritable(junit, error))}")
            return common.Exit.CANNOT_RUN
    return common.Exit.OK if report.matches else common.Exit.MISMATCH


def _require_writable(junit: Path) -> None:
    """Before pods are started; an earlier run's report is not left to be taken for this one's."""
    try:
        junit.open("a", encoding="utf-8").close()
        junit.unlink()
    except OSError as error:
        common.fail(_unwritable(junit, error), common.Exit.REFUSED)


def _unwritable(junit: Path, error: OSError) -> str:
    return f"{junit} cannot be written: {error.strerror}"


def stale_of(cluster: Cluster, settings: StackSettings) -> tuple[list[str], list[Stale]]:
    """References of the declared networks, and the live pods that are not on them as declared."""
    from multinet.live import ClusterError
    from multinet.verify.stale import stale_pods

    networks = [f"{n.namespace}/{name}" for name, n in settings.networks.items()]
    nads = cluster.nads()
    if nads is None:
        raise ClusterError("the cluster has no NADs: their CRD is not there")
    return networks, stale_pods(networks, nads, cluster.pods(), cluster.replica_sets())


def _stale(cluster: Cluster, settings: StackSettings, as_json: bool) -> common.Exit:
    from multinet.cli import verify_report

    networks, found = stale_of(cluster, settings)
    if as_json:
        document = {"networks": networks, "stale": [s.as_dict() for s in found]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        verify_report.show_stale(networks, found)
    return common.Exit.MISMATCH if found else common.Exit.OK


@contextlib.contextmanager
def progress(as_json: bool) -> Iterator[Callable[[str], None]]:
    """A spinner on a terminal; elsewhere plain lines, and none beside JSON."""
    if common.err.is_terminal:
        with common.err.status("connecting") as status:
            yield lambda text: status.update(escape(text))
    elif as_json:
        yield lambda _text: None
    else:
        yield lambda text: common.err.print(escape(text))
