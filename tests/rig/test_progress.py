"""Progress is one plain line per step where nobody watches, and nothing when quiet."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from rig.progress import Progress


def test_logs_get_plain_lines_without_control_characters() -> None:
    out = io.StringIO()
    progress = Progress(console=Console(file=out, force_terminal=False, highlight=False))
    with progress.step("building [x]") as step:
        step.detail("3 packages")
    progress.note("done")
    lines = out.getvalue().splitlines()
    assert lines[0] == "building [x] …"
    assert lines[1].startswith("✓ building [x] (")
    assert lines[2] == "done"
    assert "\x1b" not in out.getvalue()


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    with Progress(console=Console(file=out, force_terminal=True)).step("building"):
        pass
    assert "\x1b[32m" not in out.getvalue()


def test_a_failed_step_is_not_called_done() -> None:
    out = io.StringIO()
    progress = Progress(console=Console(file=out, force_terminal=False))
    with pytest.raises(RuntimeError), progress.step("building"):
        raise RuntimeError
    assert "✓" not in out.getvalue()


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(quiet=True)
    with progress.step("building") as step:
        step.detail("x")
    progress.note("y")
    assert capsys.readouterr() == ("", "")
