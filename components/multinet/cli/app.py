"""The command's entry: subcommands, and errors that are shown without a traceback."""

from __future__ import annotations

import functools
import io
import sys
from typing import Annotated

import typer

from multinet import __version__
from multinet.cli import (
    adopt,
    diagram,
    diff,
    images,
    import_kubespray,
    map_page,
    preflight,
    render,
    restart,
    schema,
    status,
    validate,
    verify,
)
from multinet.cli.failure import Command, Commands, Exit

app = typer.Typer(
    name="multinet",
    cls=Commands,
    help="Several networks per pod on any Kubernetes cluster: environments checked and verified.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
_command = functools.partial(app.command, cls=Command)
# In the order in which they are used: `--help` lists them so.
_command("validate")(validate.validate)
_command("preflight")(preflight.preflight)
_command("render")(render.render)
_command("verify")(verify.verify)
_command("status")(status.status)
_command("restart")(restart.restart)
_command("diff")(diff.diff)
_command("diagram")(diagram.diagram)
_command("map")(map_page.map_page)
_command("images")(images.images)
_command("adopt")(adopt.adopt)
_command("import-kubespray")(import_kubespray.import_kubespray)
_command("schema")(schema.schema)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"multinet {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Console entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal's encoding lacks is escaped; it must not end the command.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.OK)
    except MemoryError:
        print("error: this takes more memory than there is", file=sys.stderr)
        sys.exit(Exit.CANNOT_RUN)
