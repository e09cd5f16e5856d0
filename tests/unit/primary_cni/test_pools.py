"""Calico's pools: what an `up` waits for, tells and ends with, and what is refused before."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pulumi
import pytest

from multinet.primary_cni import awaited
from multinet.primary_cni.pools import differences
from multinet.stack.load import check_config
from tests.unit.live import recorded
from tests.unit.live.recorded import Recorded
from tests.unit.preflight import clusters as c

Object = dict[str, Any]
POOLS = "/apis/crd.projectcalico.org/v1/ippools"
OPERATOR = "/apis/operator.tigera.io/v1"
CIDR = "10.233.64.0/18"
UNAVAILABLE = "Unable to modify IP pools while Calico API server is unavailable"


def declared(**more: Any) -> Object:
    return {"cidr": CIDR, "encapsulation": "VXLAN", "natOutgoing": "Enabled", "blockSize": 26,
            "nodeSelector": "all()", **more}  # fmt: skip


def pool(cidr: str = CIDR, *, labelled: bool = True, **more: Any) -> Object:
    labels = {"app.kubernetes.io/managed-by": "tigera-operator"} if labelled else {}
    spec = {"cidr": cidr, "vxlanMode": "Always", "ipipMode": "Never", "natOutgoing": True,
            "blockSize": 26, "nodeSelector": "all()", **more}  # fmt: skip
    return c.named(f"pool-{cidr.partition('/')[0]}", labels=labels) | {"spec": spec}


def cluster(
    *pools: Object, wanted: Object | None = None, said: str = "", reason: str = "ResourceNotReady",
    api_server: bool = True,
) -> Recorded:  # fmt: skip
    """A cluster with Calico's operator; `said`: why its controller of pools is degraded."""
    there = c.cluster()
    degraded = {"type": "Degraded", "status": "True" if said else "False"}
    there.lists |= {
        POOLS: [*pools],
        f"{OPERATOR}/installations": [
            c.named("default", annotations={"multinet.dev/owner": c.ME})
            | {"spec": {"calicoNetwork": {"ipPools": [wanted or declared()]}}}
        ],
        f"{OPERATOR}/tigerastatuses": [
            c.named("calico")
            | {"status": {"conditions": [{"type": "Available", "status": "True"}]}},
            c.named("ippools")
            | {"status": {"conditions": [degraded | {"reason": reason, "message": said}]}},
        ],
        f"{OPERATOR}/apiservers": [c.named("default")] if api_server else [],
    }
    return there


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaited, "_QUIET", 0.0)
    monkeypatch.setattr(awaited, "_VAIN", 0.3)
    monkeypatch.setattr(awaited, "_PAUSE", 0.1)


def waited(
    there: Recorded, directory: Path, limit: str = "1s", **more: Any
) -> tuple[str, list[str]]:
    """What an `up` fails with, and what it said before."""
    told: list[str] = []
    with recorded.serving(there, directory) as served:
        try:
            awaited.wait_for_pools(str(served.kubeconfig), None, limit, told.append, **more)
        except pulumi.RunError as error:
            return str(error), told
    return "", told


@pytest.mark.parametrize(
    ("live", "wanted", "said"),
    [
        (pool(), declared(), []),
        (pool(vxlanMode="CrossSubnet"), declared(encapsulation="VXLANCrossSubnet"), []),
        (pool(vxlanMode="Never", ipipMode="Always"), declared(encapsulation="IPIP"), []),
        (pool(vxlanMode="Never"), declared(encapsulation="None"), []),
        # Kubernetes leaves a false out.
        (pool(natOutgoing=False), declared(natOutgoing="Disabled"), []),
        (pool("10.233.64.0/18"), declared(cidr="10.233.64.7/18"), []),
        (pool(), declared(encapsulation="None"),
         [f"pool {CIDR} has encapsulation VXLAN instead of None"]),
        (pool(), declared(natOutgoing="Disabled"),
         [f"pool {CIDR} has natOutgoing Enabled instead of Disabled"]),
        (pool(), declared(blockSize=24), [f"pool {CIDR} has blockSize 26 instead of 24"]),
        (pool("10.9.0.0/16"), declared(),
         [f"pool {CIDR} is not there", "pool 10.9.0.0/16 is still there"]),
        # One that others made is theirs.
        (pool("10.9.0.0/16", labelled=False), declared(), [f"pool {CIDR} is not there"]),
    ],
)  # fmt: skip
def test_a_pool_is_compared_by_what_is_declared_of_it(
    live: Object, wanted: Object, said: list[str]
) -> None:
    assert [*differences([wanted], [live])] == said


def test_labels_that_calicos_api_server_keeps_apart_count(tmp_path: Path) -> None:
    made = pool("10.9.0.0/16", labelled=False)
    kept = '{"labels": {"app.kubernetes.io/managed-by": "tigera-operator"}}'
    made["metadata"]["annotations"] = {"projectcalico.org/metadata": kept}
    assert [*differences([], [made])] == ["pool 10.9.0.0/16 is still there"]


def test_it_goes_on_when_the_pools_are_as_declared(tmp_path: Path) -> None:
    assert waited(cluster(pool()), tmp_path) == ("", [])


@pytest.mark.usefixtures("quick")
def test_it_waits_until_the_operator_has_changed_the_pool(tmp_path: Path) -> None:
    there = cluster(pool(), wanted=declared(encapsulation="None"))

    def change() -> None:
        time.sleep(0.5)
        there.lists[POOLS] = [pool(vxlanMode="Never")]

    operator = threading.Thread(target=change)
    operator.start()
    failed, told = waited(there, tmp_path, "30s")
    operator.join()
    assert failed == ""
    assert told == [
        f"Calico's pools are not as declared yet: pool {CIDR} has encapsulation VXLAN instead of None"
    ]


@pytest.mark.usefixtures("quick")
def test_without_calicos_api_server_it_ends_soon_with_the_operators_words(tmp_path: Path) -> None:
    there = cluster(
        pool(), wanted=declared(encapsulation="None"), said=UNAVAILABLE, api_server=False
    )
    began = time.monotonic()
    failed, told = waited(there, tmp_path, "10m")
    assert time.monotonic() - began < 30
    assert "error[pools-not-applied] multinet:primaryCni.calico.apiServer" in failed
    assert f"has encapsulation VXLAN instead of None; its operator says: {UNAVAILABLE}" in failed
    assert "set it to true" in failed
    assert len(told) == 1


@pytest.mark.usefixtures("quick")
def test_an_api_server_that_is_coming_is_waited_for(tmp_path: Path) -> None:
    there = cluster(pool(), wanted=declared(encapsulation="None"), said=UNAVAILABLE)
    failed, _ = waited(there, tmp_path, "2s")
    assert "within 2 s" in failed, "not given up before: it may yet start"
    there.lists[f"{OPERATOR}/apiservers"] = []
    assert waited(there, tmp_path, "10m", api_server_follows=True) == ("", []), "its own hook waits"


@pytest.mark.usefixtures("quick")
def test_what_the_operator_refuses_ends_soon_in_its_words(tmp_path: Path) -> None:
    words = "Error creating / updating IPPools: blockSize: cannot be changed"
    there = cluster(pool(), wanted=declared(blockSize=24), said=words, reason="ResourceUpdateError")
    failed, _ = waited(there, tmp_path, "10m")
    assert "error[pools-not-applied] multinet:primaryCni.podCidrs" in failed
    assert words in failed


@pytest.mark.usefixtures("quick")
def test_an_api_server_of_kubernetes_that_is_away_is_waited_for(tmp_path: Path) -> None:
    there = cluster(pool())
    with recorded.serving(there, tmp_path):
        pass  # its port is closed now
    with pytest.raises(pulumi.RunError, match="Connection refused"):
        awaited.wait_for_pools(str(there.kubeconfig), None, "1s", lambda _line: None)


# --- before anything is registered ---------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "calico", "refused"),
    [
        (cluster(pool(), api_server=False), {"apiServer": False}, False),
        (
            cluster(pool(), api_server=False),
            {"apiServer": False, "encapsulation": "VXLANCrossSubnet"},
            True,
        ),
        (cluster(pool(), api_server=False), {"apiServer": False, "natOutgoing": False}, True),
        # One that runs until this very `up` takes it away, and one that comes with it.
        (cluster(pool()), {"apiServer": False, "encapsulation": "VXLANCrossSubnet"}, False),
        (cluster(pool(), api_server=False), {"encapsulation": "VXLANCrossSubnet"}, False),
        # The first `up`: without pools the operator makes them itself.
        (
            cluster(api_server=False),
            {"apiServer": False, "encapsulation": "VXLANCrossSubnet"},
            False,
        ),
    ],
)
def test_a_changed_pool_that_nobody_could_apply_is_refused(
    tmp_path: Path, there: Recorded, calico: dict[str, Any], refused: bool
) -> None:
    with recorded.serving(there, tmp_path) as served:
        primary = {"plugin": "calico", "podCidrs": [CIDR], "calico": calico}
        said = c.refused(c.stack(served, primaryCni=primary))
    assert ("error[pools-not-applied] multinet:primaryCni.calico.apiServer" in said) is refused
    assert ("without Calico's API server its operator changes no pool" in said) is refused


def test_values_that_turn_calicos_api_server_off_count_as_well(tmp_path: Path) -> None:
    with recorded.serving(cluster(pool(), api_server=False), tmp_path) as served:
        values = {"apiServer": {"enabled": False}}
        primary = {"plugin": "calico", "podCidrs": [CIDR], "values": values}
        same = c.refused(c.stack(served, primaryCni=primary))
        primary["calico"] = {"natOutgoing": False}
        assert check_config({"primaryCni": primary})[0] is not None
        changed = c.refused(c.stack(served, primaryCni=primary))
    assert same == ""
    assert "pools-not-applied" in changed
