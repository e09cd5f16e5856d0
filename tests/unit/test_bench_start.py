"""The benchmark `start`: what is counted, its table, and when Kubespray's role is left out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import rig
from bench import kubespray, start, traces


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as far as it is looked at, and an ansible-playbook."""
    (tmp_path / "kubespray/roles/network_plugin/multus").mkdir(parents=True)
    program = tmp_path / "bin" / "ansible-playbook"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setenv(kubespray.VARIABLE, str(tmp_path / "kubespray"))
    return tmp_path / "kubespray"


def test_what_appeared_changed_or_went_differs() -> None:
    before = {"/etc/a": "1", "/etc/b": "1", "/etc/c": "1"}
    after = {"/etc/a": "1", "/etc/b": "2", "/etc/d": "1"}
    assert traces.differing(before, after) == ["/etc/b", "/etc/c", "/etc/d"]


def test_rows_are_medians_of_seconds_and_counts_of_the_last_round() -> None:
    figures = {
        "one": start.Figures(
            first=[9.0, 5.0, 7.0],
            second=[2.0, 1.0, 3.0],
            changed=[["x"], ["x"], []],
            said=["5 same"],
            left=[["/y"]],
            alone=[True, False, True],
        ),
        "other": start.Figures([4.0], [4.0], [["ConfigMap a/b"]], ["0 changed"], [[]], [True]),
    }
    ways = {way: dataclasses.asdict(seen) for way, seen in figures.items()}
    report = start.report({"ways": ways, "kubespray": {"lacking": [], "release": "v0"}})
    assert report.rows == [
        ["one", "7.0", "5.0 - 9.0", "2.0", "0", "1", "NO"],
        ["other", "4.0", "4.0 - 4.0", "4.0", "1", "0", "yes"],
    ]
    assert all(len(row) == len(report.columns) for row in report.rows)
    assert "one: 1 left: /y" in report.notes
    assert "other: 1 changed: ConfigMap a/b" in report.notes, "what a tool says is not enough"


def test_a_way_that_is_not_at_hand_is_left_out_with_every_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(kubespray.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = {"lacking": kubespray.lacking(), "release": ""}
    report = start.report({"ways": {}, "kubespray": missing})
    (note,) = [note for note in report.notes if "left out" in note]
    assert kubespray.VARIABLE in note
    assert "ansible-playbook is not on PATH" in note
    assert not any("Kubespray" in name for name in start.ways())


def test_a_directory_without_the_role_is_no_checkout(checkout: Path) -> None:
    assert kubespray.lacking() == []
    assert any("Kubespray" in name for name in start.ways())
    (checkout / "roles/network_plugin/multus").rmdir()
    assert kubespray.lacking() == [
        f"{kubespray.VARIABLE}: {checkout} has no roles/network_plugin/multus"
    ]


def test_ansibles_recap_is_read_and_its_absence_is_an_error() -> None:
    recap = "PLAY RECAP ****\nrig    : ok=6    changed=3    unreachable=0    failed=0\n"
    assert kubespray.changed_tasks(recap) == "3"
    with pytest.raises(rig.RigError, match="no hosts matched"):
        kubespray.changed_tasks("skipping: no hosts matched\n")
