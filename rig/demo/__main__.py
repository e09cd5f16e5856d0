"""`make demo` and `make demo-down`."""

from __future__ import annotations

import shutil
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import rig
from multinet.findings import InvalidEnvironment
from rig.demo import engine, manifests, nodes, primaries, sample
from rig.demo.clusters import DemoCluster, KindCluster, RigCluster, choose, docker_answers
from rig.demo.environment import ACCEPTED, BUILD_DIR, PROJECT_DIR, write_stack_file
from rig.progress import Progress

_FIRST, _LAST = "192.168.1.200", "192.168.1.216"  # macvlan-conf's range in Pulumi.dev.yaml

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, emoji=False, soft_wrap=True)
Mode = Annotated[Literal["thick", "thin"], typer.Option(help="How Multus runs.")]
Primary = Annotated[
    primaries.Primary, typer.Option(help="The primary CNI: the rig's own bridge, or a real one.")
]


@app.command()
def up(mode: Mode = "thick", primary: Primary = "bridge") -> None:
    """Start a throwaway cluster, deploy the dev environment, show a pod with two interfaces."""
    cluster, missing = choose(primary)
    if cluster is None:
        raise typer.Exit(_only_render(missing, primaries.BASES[primary]))
    try:
        proof = _demo(cluster, mode, Progress(), primary)
    except (rig.RigError, InvalidEnvironment) as error:
        out.print(f"[bold red]demo failed:[/] {escape(str(error))}")
        raise typer.Exit(1) from None
    raise typer.Exit(_show(proof, cluster))


@app.command()
def down() -> None:
    """Remove the demo's cluster and everything of it."""
    cluster: DemoCluster = KindCluster() if docker_answers() else RigCluster()
    gone = cluster.down()
    shutil.rmtree(BUILD_DIR, ignore_errors=True)
    out.print("the demo is gone: its cluster, links, mounts and files" if gone else "no demo is up")


def _demo(cluster: DemoCluster, mode: str, progress: Progress, primary: str) -> sample.Proof:
    out.print(f"cluster: {escape(cluster.title)}")
    cluster.up(progress)
    overrides = {**cluster.overrides(), **ACCEPTED, "multus": {"mode": mode}}
    for line in nodes.prepare(
        cluster, write_stack_file(BUILD_DIR, overrides, cluster.base)
    ).lines():
        out.print(f"  {escape(line)}")
    if lacking := engine.lacking():
        out.print(f"deploying the rendered manifests with kubectl ({', '.join(lacking)})")
        with progress.step(f"the {cluster.base} environment, Multus {mode}"):
            stack_file = write_stack_file(BUILD_DIR, overrides, cluster.base)
            manifests.render_environment(stack_file, BUILD_DIR / "rendered")
            manifests.apply(BUILD_DIR / "rendered", cluster)
    else:
        out.print("deploying with pulumi up")
        project = engine.workspace(BUILD_DIR)
        write_stack_file(project, overrides, cluster.base)
        with progress.step(f"the {cluster.base} environment, Multus {mode}") as step:
            changes = engine.up(engine.stack(project, cluster.kubeconfig), step.detail)
        out.print("  " + ", ".join(f"{count} {what}" for what, count in sorted(changes.items())))
    with progress.step(f"{sample.NAME} on macvlan-conf"):
        proof = sample.run(cluster.kubectl, _FIRST, _LAST, cluster.pod_cidr)
    if primary == "bridge":
        return proof
    with progress.step("a pod without further networks reaches a Service"):
        return sample.with_service(proof, cluster.kubectl)


def _show(proof: sample.Proof, cluster: DemoCluster) -> int:
    out.print(f"\n[bold]kubectl exec {sample.NAME} -- ip a[/]")
    out.print(escape(proof.ip_a))
    out.print(_table(proof.status))
    for wrong in proof.mismatches:
        out.print(f"[bold red]mismatch:[/] {escape(wrong)}")
    if proof.mismatches:
        return 1
    out.print("[bold green]the pod has both interfaces[/]")
    out.print(f"look around: kubectl --kubeconfig {escape(str(cluster.kubeconfig))} get pods -A")
    out.print("remove it all: make demo-down")
    return 0


def _table(status: list[dict[str, Any]]) -> Table:
    """One row per interface; at 80 columns nothing is cut off."""
    table = Table(title="network-status", title_justify="left")
    for column in ("interface", "network", "addresses", "MAC"):
        table.add_column(column, overflow="fold")
    for entry in status:
        name = f"{entry.get('interface', '')}{' (default)' if entry.get('default') else ''}"
        addresses = ", ".join(entry.get("ips", []))
        table.add_row(name, entry.get("name", ""), addresses, entry.get("mac", ""))
    return table


def _only_render(missing: list[str], base: str) -> int:
    out.print("[bold]No cluster can run on this machine:[/]")
    for reason in missing:
        out.print(f"  - {escape(reason)}")
    rendered = manifests.render_environment(
        PROJECT_DIR / f"Pulumi.{base}.yaml", BUILD_DIR / "rendered"
    )
    out.print(f"Rendered the {base} environment instead: {len(rendered.manifests)} manifests,")
    out.print(f"see {escape(str(BUILD_DIR / 'rendered' / 'summary.md'))}")
    return 3


if __name__ == "__main__":
    app()
