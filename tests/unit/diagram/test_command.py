"""`multinet diagram`."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from multinet.cli.app import app


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["diagram", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_format_follows_the_files_name(project: Path, tmp_path: Path) -> None:
    for name, start in (("a.svg", "<svg"), ("a.mmd", "flowchart")):
        code, output = run("-C", str(project), "-s", "dev", "-o", str(tmp_path / name))
        assert code == 0
        assert "1 secondary network" in output
        assert (tmp_path / name).read_text().startswith(start)


def test_without_a_file_it_goes_to_standard_output(project: Path) -> None:
    assert run("-C", str(project), "-s", "edge")[1].startswith("flowchart LR\n")
    code, output = run("-C", str(project), "-s", "edge", "--format", "svg")
    assert (code, output[:4]) == (0, "<svg")


def test_networks_that_a_program_makes_are_drawn(project: Path) -> None:
    where = ("-C", str(project / "examples" / "large"), "-s", "large")
    document = json.loads(run(*where, "--json")[1])
    (trunk,) = document["trunks"]
    assert trunk["title"] == "br-plant"
    assert sum(len(segment["nets"]) for segment in trunk["segments"]) == 300


def test_a_refused_environment_is_not_drawn(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("config:\n  multinet:multus: {mode: thik}\n")
    code, output = run("-f", str(file), "-o", str(tmp_path / "a.svg"))
    assert code == 2
    assert "multinet:multus.mode" in output
    assert not (tmp_path / "a.svg").exists()


def test_a_file_that_cannot_be_written_is_named(project: Path, tmp_path: Path) -> None:
    code, output = run("-C", str(project), "-s", "dev", "-o", str(tmp_path / "no" / "a.svg"))
    assert code == 2
    assert "cannot be written" in output
