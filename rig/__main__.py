"""``python -m rig``: the rig from the command line.

Exit status: 0 done, 1 something failed, 3 this machine cannot run a rig (it says why).
"""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from rig import Cluster, ControlPlane, Progress, Status
from rig import parts as rig_parts
from rig.errors import CannotRunError, RigError
from rig.parts.debian import NODE_COMMANDS, ensure_packages
from rig.preflight import can_run

app = typer.Typer(
    name="rig",
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Name = Annotated[str, typer.Option("--name", "-n", help="Which rig; several may run.")]
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command()
def parts(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which parts; all that a rig needs by default.")
    ] = None,
    if_possible: Annotated[
        bool, typer.Option("--if-possible", help="Do nothing where no rig can run, and say why.")
    ] = False,
) -> None:
    """Build what a rig is made of, once, into the cache."""
    missing = can_run() if if_possible else []
    if missing:
        typer.echo(f"no parts built: {CannotRunError(missing)}")
        return
    progress = Progress()
    ensure_packages(NODE_COMMANDS, progress)
    built = rig_parts.ensure(*(names or ()), progress=progress)
    for name, path in {**built.directories, **built.charts}.items():
        typer.echo(f"{name}\t{rig_parts.version_of(name)}\t{path}")


@app.command()
def up(
    name: Name = "demo",
    primary: Annotated[
        bool, typer.Option(help="Lay the bridge network's configuration; without, no pod runs.")
    ] = True,
    control_plane: Annotated[
        bool, typer.Option("--control-plane", help="Only a bare API server.")
    ] = False,
) -> None:
    """Start a rig and wait until it is ready."""
    if control_plane:
        ControlPlane(name).up(progress=Progress())
    else:
        Cluster(name).up(primary=primary, progress=Progress())
    typer.echo(f"export KUBECONFIG={Cluster(name).kubeconfig}")


@app.command()
def join(name: Name = "demo") -> None:
    """Add a node to a rig that is up, on the same LAN."""
    typer.echo(f"{Cluster(name).join(progress=Progress()).name} has joined rig {name}")


@app.command()
def down(name: Name = "demo") -> None:
    """Stop a rig and remove all of it."""
    gone = Cluster(name).down()
    typer.echo(f"rig {name} is gone" if gone else f"there is no rig {name}")


@app.command()
def status(
    name: Name = "demo",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show a rig's state; exit status 1 unless it is up."""
    found = Cluster(name).status()
    typer.echo(json.dumps(found.to_json(), indent=2) if as_json else _in_words(found))
    raise typer.Exit(0 if found.state == "up" else 1)


@app.command(context_settings=_PASS_ON)
def kubectl(context: typer.Context, name: Name = "demo") -> None:
    """Run kubectl on a rig: ``python -m rig kubectl --name demo -- get pods``."""
    argv, environment = Cluster(name).kubectl_command(*context.args)
    os.execve(argv[0], argv, environment)  # noqa: S606


@app.command("exec", context_settings=_PASS_ON)
def exec_(context: typer.Context, name: Name = "demo") -> None:
    """Run a command in a rig's first node: ``python -m rig exec --name demo -- ip address``."""
    argv, environment = Cluster(name).node_command(*(context.args or ["sh"]))
    os.execvpe(argv[0], argv, environment)  # noqa: S606


@app.command()
def check() -> None:
    """Say what this machine lacks for a rig; exit status 3 if anything."""
    missing = can_run()
    for line in missing:
        typer.echo(line)
    raise typer.Exit(3 if missing else 0)


def _in_words(found: Status) -> str:
    lines = [f"rig {found.name} is {found.state}"]
    if found.kubeconfig:
        lines.append(f"kubeconfig {found.kubeconfig}")
    for name, component in found.components.items():
        ended = f" (status {component['exit']})" if "exit" in component else ""
        lines.append(f"  {name:<24} {component['state']}{ended}")
    return "\n".join(lines)


def main() -> None:
    """Run the command line; errors of the rig are told without a traceback."""
    try:
        app()
    except CannotRunError as error:
        for line in error.missing:
            print(line, file=sys.stderr)
        sys.exit(3)
    except RigError as error:
        print("\n".join([f"error: {error}", *getattr(error, "__notes__", [])]), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("interrupted; nothing of an unfinished start is left", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
