"""`make up STACK=…` before there is an engine: scripts/pulumi.sh's exits, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NO_NETWORK = "#!/bin/sh\necho 'curl: (6) Could not resolve host' >&2\nexit 6\n"
RECORDING = '#!/bin/sh\necho "$*" >>"$RECORDED"\n[ "$1" != stack ] || exit 0\nexit "${ENDS:-0}"\n'


@pytest.fixture
def checkout(tmp_path: Path, project: Path) -> Path:
    """A project with its script, its environment of packages and one stack file."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(project / "scripts" / "pulumi.sh", tmp_path / "scripts")
    (tmp_path / ".venv").symlink_to(project / ".venv")
    (tmp_path / "Pulumi.good.yaml").write_text("config:\n  multinet:networks: {}\n")
    return tmp_path


def run(
    checkout: Path, action: str, stack: str, **programs: str
) -> subprocess.CompletedProcess[str]:
    """The script, where of Pulumi and curl there is what is given, and nothing else."""
    tools = checkout / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "dirname", "mkdir", "rm", "cp", "cat", "cmp", "mktemp", "env"):
        (tools / tool).unlink(missing_ok=True)
        (tools / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    for name, text in programs.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    given = {"PATH": str(tools), "HOME": str(checkout), "RECORDED": str(checkout / "asked")}
    kept = {key: value for key, value in os.environ.items() if key in ("ENDS", "PULUMI_ARGS")}
    return subprocess.run(
        ["/bin/sh", str(checkout / "scripts" / "pulumi.sh"), action, stack],
        env=given | kept,
        capture_output=True,
        text=True,
        check=False,
    )


def test_where_pulumi_cannot_be_had_it_says_so_and_exits_3(checkout: Path) -> None:
    ran = run(checkout, "up", "good", curl=NO_NETWORK)
    assert ran.returncode == 3
    assert "pulumi cannot be had here: put it on PATH" in ran.stderr
    assert "multinet render -s good -o DIR" in ran.stderr


def test_a_stack_without_a_file_is_refused_with_those_that_there_are(checkout: Path) -> None:
    ran = run(checkout, "preview", "goood", pulumi=RECORDING)
    assert ran.returncode == 2
    assert "there is no Pulumi.goood.yaml" in ran.stderr
    assert "Pulumi.good.yaml" in ran.stderr
    assert not (checkout / "asked").exists(), "the engine was asked"


def test_a_refused_environment_ends_before_the_engine_is_asked(checkout: Path) -> None:
    (checkout / "Pulumi.bad.yaml").write_text("config:\n  multinet:multus: {mode: thik}\n")
    ran = run(checkout, "up", "bad", pulumi=RECORDING)
    assert ran.returncode == 2
    assert "multinet:multus.mode" in ran.stderr
    assert not (checkout / "asked").exists()


@pytest.mark.parametrize("action", ["up", "preview", "destroy", "refresh"])
def test_the_engines_own_exit_is_the_scripts(
    checkout: Path, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENDS", "7")
    ran = run(checkout, action, "good", pulumi=RECORDING)
    assert ran.returncode == 7, ran.stderr
    asked = (checkout / "asked").read_text().splitlines()
    assert asked[0] == "stack select good"
    assert asked[-1].strip() == f"{action} --stack good"


def test_arguments_reach_the_engine_but_not_those_that_a_preview_does_not_have(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_ARGS", "--yes --diff")
    for action, expected in (("up", "--yes --diff"), ("preview", "--diff")):
        assert run(checkout, action, "good", pulumi=RECORDING).returncode == 0
        last = (checkout / "asked").read_text().splitlines()[-1]
        assert last.split() == [action, "--stack", "good", *expected.split()]
