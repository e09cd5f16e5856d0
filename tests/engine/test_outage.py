"""The API server away before and during an operation: it fails, says so, and forgets nothing."""

from __future__ import annotations

import threading
import time

import pytest
from pulumi import automation

from tests.engine.conftest import Deployed

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

API_SERVER = "kube-apiserver"
AWAY = 15.0
"""Seconds without an API server, in the middle of an operation."""


def test_away_before_it_each_operation_fails_and_the_state_forgets_nothing(
    deployed: Deployed,
) -> None:
    deployed.up()
    before = deployed.resources()
    said: dict[str, str] = {}
    deployed.cluster.stop_component(API_SERVER)
    try:
        for operation in (deployed.up, deployed.refresh, deployed.destroy):
            name, started = operation.__name__, time.monotonic()
            with pytest.raises(automation.CommandError) as failed:
                operation()
            said[name] = str(failed.value)
            print(f"{name} fails after {time.monotonic() - started:.0f} s")
            assert deployed.resources() == before, "what is there stays known"
    finally:
        deployed.cluster.start_component(API_SERVER)

    assert "nothing was changed" in said["up"]
    assert "Kubernetes cluster is unreachable" in said["destroy"]
    assert "Kubernetes cluster is unreachable" in said["refresh"]
    assert not any("Traceback" in text for text in said.values())
    assert set(deployed.refresh()) == {"same"}
    assert set(deployed.up()) == {"same"}
    assert "NetworkAttachmentDefinition/macvlan-conf" in deployed.objects()


class Outage:
    """Takes the API server away when the operation says something, for some seconds."""

    def __init__(self, deployed: Deployed, when: str) -> None:
        self._cluster, self._when = deployed.cluster, when
        self._thread = threading.Thread(target=self._happen)

    def hear(self, line: str) -> None:
        if self._when in line and not self._thread.ident:
            self._thread.start()

    def over(self) -> None:
        assert self._thread.ident, f"the operation never said {self._when!r}"
        self._thread.join()

    def _happen(self) -> None:
        self._cluster.stop_component(API_SERVER)
        time.sleep(AWAY)
        self._cluster.start_component(API_SERVER)


@pytest.mark.long
@pytest.mark.parametrize(
    ("operation", "when"),
    [
        ("up", "multus-account created"),
        ("up", "multus-daemonset creating"),
        ("refresh", "refreshing"),
        ("destroy", "macvlan-conf deleted"),
        ("destroy", "multus-daemonset deleting"),
    ],
)
def test_away_in_the_middle_of_it_the_next_one_converges(
    deployed: Deployed, operation: str, when: str
) -> None:
    if operation != "up":
        deployed.up()
    outage = Outage(deployed, when)
    started = time.monotonic()
    try:
        getattr(deployed.stack, operation)(on_output=outage.hear, color="never")
        how = "ends well"
    except automation.CommandError as e:
        how = "fails"
        print(e)
    took = time.monotonic() - started
    outage.over()
    print(f"{operation} {how} after {took:.0f} s, {AWAY:.0f} s of them without an API server")

    if operation == "destroy":
        deployed.destroy()
        assert (deployed.objects(), deployed.resources()) == ([], 0)
    else:
        deployed.up()
        assert set(deployed.up()) == {"same"}
