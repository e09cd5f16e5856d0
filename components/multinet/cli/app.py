"""The command's entry: subcommands, and errors that are shown without a traceback."""

from __future__ import annotations

import io
import sys

import typer

from multinet.cli import (
    adopt,
    diagram,
    diff,
    images,
    import_kubespray,
    preflight,
    render,
    schema,
    validate,
    verify,
)
from multinet.cli.common import Exit

app = typer.Typer(
    name="multinet",
    help="Several networks per pod on any Kubernetes cluster: checks and renders environments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("schema")(schema.schema)
app.command("validate")(validate.validate)
app.command("render")(render.render)
app.command("images")(images.images)
app.command("import-kubespray")(import_kubespray.import_kubespray)
app.command("diagram")(diagram.diagram)
app.command("diff")(diff.diff)
app.command("adopt")(adopt.adopt)
app.command("preflight")(preflight.preflight)
app.command("verify")(verify.verify)


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
