"""`multinet diagram`."""

from __future__ import annotations

import dataclasses
import enum
import json
from pathlib import Path
from typing import Annotated

import typer

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.console import escape
from multinet.stack.source import source_name


class Format(enum.StrEnum):
    """What a picture is written as."""

    SVG = "svg"
    MERMAID = "mermaid"


OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; else standard output."),
]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="Default: svg for a FILE that ends in .svg, else mermaid."),
]
LiveOption = Annotated[
    bool,
    typer.Option("--live", help="Ask the cluster which node has which block of networks."),
]


def diagram(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    output: OutputOption = None,
    format: FormatOption = None,
    live: LiveOption = False,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """Draw an environment: pods' interfaces, networks, L2 segments, links and nodes.

    As SVG, for light and dark pages, or as Mermaid text for Markdown. Hundreds of networks are
    drawn as sums. With `--live` a network with a block for each node shows which node has which;
    nothing else of the picture is asked of the cluster. `--json` prints what the picture shows, of
    every node. Exit 2: the environment is refused. Exit 3: the cluster does not answer.
    """
    from multinet.diagram import diagram as picture_of
    from multinet.diagram import mermaid, svg

    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    settings, numbers = environment.require(), {}
    if live or kubeconfig or context:
        from multinet.blocks.book import numbers_in, selector

        with connected(settings, kubeconfig, context) as cluster:
            numbers = numbers_in(cluster.leases(settings.multus.namespace, selector()))
    found = picture_of(settings, source_name(source), numbers)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), indent=2, ensure_ascii=False))
        return
    by_name = Format.SVG if output and output.suffix == ".svg" else Format.MERMAID
    text = svg(found) if (format or by_name) is Format.SVG else mermaid(found) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        common.fail(f"{output} cannot be written: {error.strerror}", common.Exit.REFUSED)
    common.out.print(f"[bold green]{escape(str(output))}[/]: {escape(found.summary)}")
