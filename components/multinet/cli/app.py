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
from multinet.cli.failure import Commands, Exit

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
app.command("validate")(validate.validate)
app.command("preflight")(preflight.preflight)
app.command("render")(render.render)
app.command("verify")(verify.verify)
app.command("status")(status.status)
app.command("restart")(restart.restart)
app.command("diff")(diff.diff)
app.command("diagram")(diagram.diagram)
app.command("map")(map_page.map_page)
app.command("images")(images.images)
app.command("adopt")(adopt.adopt)
app.command("import-kubespray")(import_kubespray.import_kubespray)
app.command("schema")(schema.schema)


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
