"""`multinet images`."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from multinet.cli import common
from multinet.cli.console import escape


def images(
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """List every image that an environment runs, for mirroring to where no registry is reached.

    Those of rendered manifests, and those that Calico's operator starts by itself; one per
    line, as the nodes pull them: with the mirror's prefix where one is configured. Exit 2: the
    environment is refused. Exit 4: a chart could not be had, so images are missing.
    """
    from multinet import render as rendering
    from multinet.primary_cni.images import operator_images
    from multinet.render.images import images_of

    source = common.stack_file(stack, file, cwd)
    environment = common.valid_environment(source)
    plan = common.plan_of(environment, source, stack, cwd)
    manifests, missing = rendering.manifests_of(plan)
    found = images_of(manifests)
    for image, user in operator_images(environment.require().primary_cni, manifests).items():
        found.setdefault(image, []).append(user)
    code = common.Exit.INCOMPLETE if missing else common.Exit.OK
    if as_json:
        listed = [{"image": image, "usedBy": found[image]} for image in sorted(found)]
        document = {"images": listed, "missingCharts": missing}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        raise typer.Exit(code)
    for image in sorted(found):
        typer.echo(image)
    for chart, reason in missing.items():
        message = f"[bold yellow]missing:[/] images of chart {escape(chart)}: {escape(reason)}"
        common.err.print(message)
    raise typer.Exit(code)
