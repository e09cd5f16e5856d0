"""A stack file that a command writes names the schema that an editor checks it by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app


def first_lines(directory: Path) -> list[str]:
    """Of a file that a command writes into a directory."""
    inventory = directory / "all.yml"
    inventory.write_text("kube_network_plugin: calico\n", encoding="utf-8")
    file = directory / "Pulumi.new.yaml"
    ran = CliRunner().invoke(app, ["import-kubespray", str(inventory), "-o", str(file)])
    assert ran.exit_code == 0, ran.output
    assert CliRunner().invoke(app, ["validate", "-f", str(file)]).exit_code == 0
    return file.read_text(encoding="utf-8").splitlines()[:2]


@pytest.mark.parametrize("below", [".", "stacks/prod"])
def test_in_a_checkout_it_is_the_checkouts_own(below: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: multinet\nruntime: python\n")
    schema = tmp_path / "docs" / "reference" / "multinet.schema.json"
    schema.parent.mkdir(parents=True)
    schema.write_text("{}")
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    first, second = first_lines(tmp_path / below)
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (tmp_path / below / named).resolve() == schema.resolve()
    assert second.startswith("# Made from")


def test_elsewhere_it_is_one_beside_the_file_and_how_to_make_it(tmp_path: Path) -> None:
    first, second = first_lines(tmp_path)
    assert first == "# yaml-language-server: $schema=multinet.schema.json"
    assert "multinet schema > multinet.schema.json" in second
    made = CliRunner().invoke(app, ["schema"]).stdout
    assert json.loads(made)["$schema"]
    (tmp_path / "multinet.schema.json").write_text(made)
    assert first_lines_again(tmp_path)[1].startswith("# Made from")


def first_lines_again(directory: Path) -> list[str]:
    (directory / "Pulumi.new.yaml").unlink()
    return first_lines(directory)
