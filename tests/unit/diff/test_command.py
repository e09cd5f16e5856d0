"""`multinet diff`: a table, JSON, and exit codes for scripts."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from multinet.cli.app import app


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["diff", *arguments], env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_two_stacks_that_differ(project: Path) -> None:
    code, output = run("-C", str(project), "-s", "dev", "-s", "cilium")
    assert code == 1
    for part in ("primaryCni", "plugin", "calico", "cilium", "3 differences: 3 changed"):
        assert part in output
    assert all(len(line) <= 80 for line in output.splitlines())


def test_an_environment_means_the_same_as_itself(project: Path) -> None:
    code, output = run("-C", str(project), "-s", "dev", "-f", str(project / "Pulumi.dev.yaml"))
    assert code == 0
    assert "mean the same" in output


def test_networks_are_told_in_a_few_words(project: Path) -> None:
    code, output = run("-C", str(project), "-s", "dev", "-s", "airgapped")
    assert code == 1
    assert "bond0, VLAN 200" in output
    assert "8 added, 1 removed" in output


def test_json_has_the_values_in_full(project: Path) -> None:
    code, output = run("-C", str(project), "-s", "dev", "-s", "edge", "--json")
    assert code == 1
    document = json.loads(output)
    assert document["same"] is False
    by_path = {f"{d['section']}.{d['path']}": d for d in document["differences"]}
    assert by_path["multus.mode"] == {
        "section": "multus",
        "path": "mode",
        "kind": "changed",
        "a": "thick",
        "b": "thin",
    }
    added = by_path["networks.cameras"]
    assert (added["kind"], added["a"]) == ("added", None)
    assert added["b"]["config"]["master"] == "eth1"


def test_two_are_needed(project: Path) -> None:
    for wrong in ((), ("-s", "dev"), ("-s", "dev", "-s", "cilium", "-s", "edge")):
        code, output = run("-C", str(project), *wrong)
        assert code == 2
        assert "give two environments" in output


def test_a_refused_one_is_told_with_its_findings(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("config:\n  multinet:multus: {mode: thik}\n")
    code, output = run("-C", str(project), "-s", "dev", "-f", str(file))
    assert code == 2
    assert "multinet:multus.mode" in output


def test_a_secret_never_reaches_the_output(tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(f"config:\n  multinet:kubeconfig: hunter-{name}\n")
    for extra in ((), ("--json",)):
        code, output = run("-f", str(files[0]), "-f", str(files[1]), *extra)
        assert code == 1
        assert "hunter" not in output
        assert "(a secret)" in output
