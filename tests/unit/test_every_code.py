"""Every code that an environment can have is told by `multinet validate`, at its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.findings import Severity
from multinet.findings.catalog import CATALOG
from tests.unit.every_code.networks import NETWORKS as OWN_RULES
from tests.unit.every_code.readers import READERS

NETWORKS = OWN_RULES | READERS


def validate(text: str, directory: Path) -> list[dict[str, Any]]:
    file = directory / "Pulumi.example.yaml"
    file.write_text(text)
    result = CliRunner().invoke(app, ["validate", "--json", "-f", str(file)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found: list[dict[str, Any]] = json.loads(result.output)["findings"]
    return found


def environment(networks: str) -> str:
    body = "\n".join(f"    {line}" for line in networks.splitlines())
    return f"config:\n  multinet:networks:\n{body}\n"


@pytest.mark.parametrize("code", NETWORKS)
def test_a_network_shows_it(code: str, tmp_path: Path) -> None:
    text = environment(NETWORKS[code])
    (line,) = (i for i, text in enumerate(text.splitlines(), 1) if text.endswith("# here"))

    found = validate(text, tmp_path)

    told = {(f["code"], f["line"]) for f in found if f["path"].startswith("multinet:networks")}
    assert (code, line) in told, [(f["code"], f["path"], f["line"], f["rule"]) for f in found]


WARNINGS = [code for code in NETWORKS if CATALOG[code].severity is Severity.WARNING]


@pytest.mark.parametrize("code", WARNINGS)
def test_a_networks_warning_is_accepted_and_can_be_ignored(code: str, tmp_path: Path) -> None:
    text = environment(NETWORKS[code])
    before = [f for f in validate(text, tmp_path) if f["code"] == code]
    assert {f["severity"] for f in before} == {"warning"}
    ignoring = YAML(typ="safe", pure=True).load(text)
    for network in ignoring["config"]["multinet:networks"].values():
        network["ignore"] = {code: "it is meant to be so"}

    found = validate(json.dumps(ignoring), tmp_path)

    assert code not in {f["code"] for f in found}
    assert "error" not in {f["severity"] for f in found}, found
