"""What a machine lacks is said all at once, and told from what could be installed."""

from __future__ import annotations

import pytest

from rig import preflight
from rig.errors import CannotRunError
from rig.parts import debian
from rig.progress import Progress


def test_another_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert len(preflight.can_run()) == 1
    assert "needs Linux" in preflight.can_run()[0]


def test_every_lack_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(preflight, "_has", lambda _bit: False)
    monkeypatch.setattr(preflight, "missing_packages", lambda _commands: ["runc"])
    monkeypatch.setattr(preflight, "can_install", lambda: False)
    said = "; ".join(preflight.can_run())
    for part in ("needs root", "CAP_SYS_ADMIN", "packages not installed: runc"):
        assert part in said


def test_packages_that_can_be_installed_are_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.access", lambda _path, _mode: True)
    monkeypatch.setattr(preflight, "_has", lambda _bit: True)
    monkeypatch.setattr(preflight, "missing_packages", lambda _commands: ["runc"])
    monkeypatch.setattr(preflight, "can_install", lambda: True)
    monkeypatch.setattr(preflight, "_missing_features", lambda _node: [])
    assert preflight.can_run() == []


def test_nothing_is_installed_by_other_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "which", lambda _command: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(CannotRunError) as caught:
        debian.ensure_packages({"runc": "runc"}, Progress(quiet=True))
    assert caught.value.missing == ["packages not installed: runc"]
