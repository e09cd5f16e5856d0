"""The command's entry: subcommands, and errors that are shown without a traceback."""

from __future__ import annotations

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
# In the order in which they are used: `--help` lists them so.
app.command("validate", cls=Command)(validate.validate)
app.command("preflight", cls=Command)(preflight.preflight)
app.command("render", cls=Command)(render.render)
app.command("verify", cls=Command)(verify.verify)
app.command("status", cls=Command)(status.status)
app.command("restart", cls=Command)(restart.restart)
app.command("diff", cls=Command)(diff.diff)
app.command("diagram", cls=Command)(diagram.diagram)
app.command("map", cls=Command)(map_page.map_page)
app.command("images", cls=Command)(images.images)
app.command("adopt", cls=Command)(adopt.adopt)
app.command("import-kubespray", cls=Command)(import_kubespray.import_kubespray)
app.command("schema", cls=Command)(schema.schema)


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
