"""`multinet schema`."""

from __future__ import annotations

import json

import typer

from multinet.cli import common


def schema(as_json: common.JsonOption = False) -> None:
    """Print the JSON Schema of a stack file, for editors.

    The published one is docs/reference/multinet.schema.json; an editor with the YAML language
    server uses it by a first line `# yaml-language-server: $schema=…`.
    """
    del as_json  # it is JSON in any case
    from multinet.stack.schema import stack_file_schema

    typer.echo(json.dumps(stack_file_schema(), indent=2, ensure_ascii=False))
