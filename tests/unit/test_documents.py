"""`--json` prints a JSON document, whatever becomes of the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from multinet.cli.app import app

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
WITH_A_STACK = ("diagram", "images", "preflight", "render", "validate", "verify")
NOWHERE = {"render": ["-o", "out"]}


def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the document, and what was said beside it."""
    ran = CliRunner().invoke(app, [*arguments, "--json"])
    assert ran.stdout, ran.stderr
    document = json.loads(ran.stdout)
    assert isinstance(document, dict)
    return ran.exit_code, document, ran.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_does_not_exist_is_told_in_a_document(command: str) -> None:
    code, document, said = run(command, "--bogus")
    assert (code, document["exit"]) == (2, 2)
    assert "--bogus" in document["error"]
    assert "Usage" in said, "and to whoever looks at standard error"


def test_a_command_that_does_not_exist_is_told_in_a_document() -> None:
    code, document, _ = run("rendr")
    assert code == document["exit"] == 2
    assert "did you mean 'render'" in document["error"].lower()


@pytest.mark.parametrize("command", WITH_A_STACK)
@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Pulumi.dev.yaml", "a stack file is given as -f Pulumi.dev.yaml"),
        ("dev", "a stack is given as -s dev"),
    ],
)
def test_a_stack_without_its_option_is_answered_with_it(
    command: str, word: str, meant: str
) -> None:
    code, document, said = run(command, word, *NOWHERE.get(command, []))
    assert code == document["exit"] == 2
    assert document["error"].endswith(meant)
    assert meant in said


@pytest.mark.parametrize("command", WITH_A_STACK)
@pytest.mark.parametrize("which", [[], ["-s", "a", "-f", "b"], ["-s", "../x"]])
def test_no_stack_or_two_are_told_in_a_document(command: str, which: list[str]) -> None:
    code, document, said = run(command, *which, *NOWHERE.get(command, []))
    assert code == document["exit"] == 2
    assert document["error"] in said


@pytest.mark.parametrize("command", WITH_A_STACK)
def test_a_refused_environment_is_a_document_with_its_findings(
    command: str, tmp_path: Path
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("config:\n  multinet:multus: {mode: thik}\n")
    code, document, _ = run(command, "-f", str(file), *NOWHERE.get(command, []))
    assert (code, document["valid"]) == (2, False)
    assert [f["code"] for f in document["findings"]] == ["unknown-value"]
    if command != "validate":  # to tell so is validate's work, and what keeps others from theirs
        assert (document["exit"], document["error"]) == (2, f"{file} is refused")


def test_diff_and_adopt_and_import_too(tmp_path: Path) -> None:
    assert run("diff", "-s", "dev")[1]["error"] == "give two environments, not 1"
    assert "is not a stack file's name" in run("adopt", "-o", "x.yaml")[1]["error"]
    there = tmp_path / "Pulumi.x.yaml"
    there.write_text("")
    assert "exists" in run("adopt", "-o", str(there))[1]["error"]
    missing = str(tmp_path / "missing")
    assert "missing" in run("import-kubespray", missing, "-o", str(tmp_path / "o"))[1]["error"]


@pytest.mark.parametrize("command", ["verify", "adopt"])
def test_a_cluster_that_is_away_is_told_in_a_document(command: str, tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.x.yaml"
    stack.write_text("config:\n  multinet:networks: {}\n")
    which = ["-f", str(stack)] if command == "verify" else ["-o", str(stack), "--force"]
    absent = str(tmp_path / "kubeconfig")
    code, document, said = run(command, *which, "--kubeconfig", absent)
    assert code == document["exit"] == 3
    assert document["error"] == f"kubeconfig {absent} is not a file"
    assert document["error"] in said.replace("\n", "")


def test_a_program_that_refuses_is_told_in_a_document(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.x.yaml").write_text("config:\n  multinet:networks: {}\n")
    (tmp_path / "__main__.py").write_text("import pulumi\nraise pulumi.RunError('not so: 7')\n")
    code, document, _ = run("images", "-s", "x", "-C", str(tmp_path))
    assert code == 2
    assert (document["error"], document["exit"]) == ("not so: 7", 2)


def test_the_installed_command_does_the_same() -> None:
    start = "from multinet.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", start, "verify", "--sample", "none", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "--sample" in json.loads(ran.stdout)["error"]
    assert "Traceback" not in ran.stderr


def test_schema_prints_the_schema_of_a_stack_file_with_and_without_json() -> None:
    plain = CliRunner().invoke(app, ["schema"])
    code, document, _ = run("schema")
    assert plain.exit_code == code == 0
    assert json.loads(plain.stdout) == document
    assert document["$schema"].startswith("https://json-schema.org/")
    sections = document["properties"]["config"]["properties"]
    assert {"multinet:primaryCni", "multinet:multus", "multinet:networks"} <= set(sections)


def test_images_lists_each_image_once_with_who_runs_it(project: Path) -> None:
    code, document, _ = run("images", "-s", "airgapped", "-C", str(project))
    images = [entry["image"] for entry in document["images"]]
    assert code == (4 if document["missingCharts"] else 0)
    assert images == sorted(set(images))
    assert all(entry["usedBy"] for entry in document["images"])
    plain = CliRunner().invoke(app, ["images", "-s", "airgapped", "-C", str(project)])
    assert plain.stdout.split() == images
    (multus,) = [entry for entry in document["images"] if "multus-cni" in entry["image"]]
    assert multus["usedBy"] == ["DaemonSet/multinet-multus"]
