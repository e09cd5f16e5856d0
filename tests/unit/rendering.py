"""`multinet render` as a user calls it, and what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app


def render(project: Path, to: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        app, ["render", "-C", str(project), "-o", str(to), *(arguments or ("-s", "dev"))]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def manifests(directory: Path) -> dict[str, dict[str, Any]]:
    paths = sorted((directory / "manifests").glob("[0-9]*.yaml"))
    return {p.name: YAML(typ="safe").load(p.read_text()) for p in paths}
