"""The command `import-kubespray`, and `validate` of what it wrote."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app


@dataclasses.dataclass(frozen=True)
class Imported:
    """What came of an inventory.

    Attributes:
        report: what `--json` printed.
        config: the stack file's values, without the prefix.
        text: the stack file.
        findings: codes that `multinet validate` found in it.
    """

    report: dict[str, Any]
    config: dict[str, Any]
    text: str
    findings: list[str]

    @property
    def primary(self) -> dict[str, Any]:
        return dict(self.config["primaryCni"])

    def lost(self) -> dict[str, str]:
        """Name → reason of what was not carried over."""
        return {lost["name"]: lost["reason"] for lost in self.report["notCarried"]}


def inventory(directory: Path, files: Mapping[str, str]) -> Path:
    """Write an inventory's files; texts may be indented."""
    for name, text in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
    return directory


def imported(path: Path, *options: str) -> Imported:
    """Import an inventory; the stack file is valid."""
    file = path.parent / f"Pulumi.{path.name.partition('.')[0]}-imported.yaml"
    command = ["import-kubespray", str(path), "-o", str(file), "--force", *options]
    result = CliRunner().invoke(app, [*command, "--json"])
    assert result.exit_code == 0, result.output
    checked = CliRunner().invoke(app, ["validate", "-f", str(file), "--json"])
    assert checked.exit_code == 0, checked.output
    document = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return Imported(
        json.loads(result.stdout),
        {key.removeprefix("multinet:"): value for key, value in document["config"].items()},
        file.read_text(encoding="utf-8"),
        [found["code"] for found in json.loads(checked.stdout)["findings"]],
    )


def refused(path: Path, *options: str) -> str:
    """What the command says of what it refuses; nothing is written."""
    file = path.parent / "Pulumi.refused.yaml"
    result = CliRunner().invoke(app, ["import-kubespray", str(path), "-o", str(file), *options])
    assert result.exit_code == 2, result.output
    assert not file.exists()
    return result.output


def shown(path: Path, *options: str) -> str:
    """What the command says to a person."""
    file = path.parent / "Pulumi.shown.yaml"
    command = ["import-kubespray", str(path), "-o", str(file), "--force", *options]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    return result.output
