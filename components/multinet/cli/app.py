"""The command's entry: subcommands, and errors that are shown without a traceback."""

from __future__ import annotations

import sys

import typer

from multinet.cli import images, import_kubespray, preflight, render, schema, validate
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
app.command("preflight")(preflight.preflight)


def main() -> None:
    """Console entry point."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.OK)
