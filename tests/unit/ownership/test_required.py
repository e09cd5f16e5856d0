"""An API server that is away, before anything is registered. What others have: tests/engine."""

from __future__ import annotations

import socket

import pulumi
import pytest
from pulumi.runtime import settings as engine

from multinet.ownership import required
from multinet.stack.load import check_config
from multinet.stack.settings import StackSettings

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{{name: c, cluster: {{server: "https://127.0.0.1:{port}"}}}}]
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
users: [{{name: u, user: {{token: not-to-be-shown}}}}]
current-context: c
"""


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> StackSettings:
    """A stack whose API server's port is closed, under a monitor that is an engine's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    config = {"primaryCni": primary, "kubeconfig": KUBECONFIG.format(port=port)}
    found, _ = check_config(config)
    assert found is not None
    monkeypatch.setattr(engine, "get_monitor", object)
    return found


def test_an_update_is_refused_with_what_to_do(
    stack: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    with pytest.raises(pulumi.RunError) as refused:
        required.require_unclaimed(stack)
    said = str(refused.value)
    assert "Connection refused" in said
    assert "nothing was changed" in said
    assert "not-to-be-shown" not in said


def test_a_preview_goes_on_with_a_warning(
    stack: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    required.require_unclaimed(stack)
    assert ["refused" in line for line in told] == [True]
