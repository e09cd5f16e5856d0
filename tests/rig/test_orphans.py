"""What a killed run of tests leaves behind is taken away by the next one, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rig
from rig.demo import engine
from tests import orphans

pytestmark = pytest.mark.cluster


@pytest.fixture
def gone() -> int:
    """The number of a process that is no more."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_rig_whose_owner_is_gone_is_taken_down(
    gone: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path))
    left = rig.ControlPlane(f"tests-left-{gone}")
    left.up()
    pid = left.node_pid
    others = [f"demo-{gone}", f"tests-own-{os.getpid()}", f"mytests-{gone}"]
    for name in others:
        (tmp_path / name).mkdir()
    assert orphans.take_down() == [f"tests-left-{gone}"]
    assert not Path(f"/proc/{pid}").exists()
    assert sorted(d.name for d in tmp_path.iterdir()) == sorted(others)
    assert orphans.take_down() == []


@pytest.mark.parametrize("pattern", ["fresh-api-{}", "rigtest-{}-own", "tests-primary-calico-{}"])
def test_every_name_that_tests_give_is_known(
    pattern: str, gone: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path))
    (tmp_path / pattern.format(gone)).mkdir()
    assert orphans.take_down() == [pattern.format(gone)]


def test_an_environment_that_hides_the_plugins_is_the_reason_that_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "true")
    assert any("PULUMI_IGNORE_AMBIENT_PLUGINS" in reason for reason in engine.lacking())
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "false")
    assert not any("PULUMI_IGNORE_AMBIENT_PLUGINS" in reason for reason in engine.lacking())
