"""Which live pods must restart, from what the API server says of pods and NADs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multinet.networks.since import changed_at
from multinet.verify.stale import asked_networks, attached_at, stale_pods

NAD_TIME = "2026-03-01T12:00:00Z"


def nad(name: str = "net", changed: str = NAD_TIME, **more: Any) -> dict[str, Any]:
    fields = {"f:spec": {"f:config": {}}}
    managed = [
        {"manager": "pulumi", "time": changed, "fieldsV1": fields},
        {"manager": "labels", "time": "2026-09-09T00:00:00Z", "fieldsV1": {"f:metadata": {}}},
    ]
    created = "2026-01-01T00:00:00Z"
    metadata = {"namespace": "default", "name": name, "creationTimestamp": created}
    return {"metadata": metadata | {"managedFields": managed} | more}


def pod(
    attached: str = "2026-03-01T12:00:01Z",
    asks: str = "net",
    has: list[str] | None = None,
    owner: tuple[str, str] | None = None,
    **status: Any,
) -> dict[str, Any]:
    names = asks.split(",") if has is None else has
    entries = [{"name": "cbr0", "interface": "eth0"}]
    entries += [{"name": f"default/{n}", "interface": f"net{i + 1}"} for i, n in enumerate(names)]
    annotations = {"k8s.v1.cni.cncf.io/networks": asks}
    if has != ["nothing"]:
        annotations["k8s.v1.cni.cncf.io/network-status"] = json.dumps(entries)
    metadata: dict[str, Any] = {"namespace": "default", "name": "p", "annotations": annotations}
    if owner:
        metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True}]
    sandbox = {
        "type": "PodReadyToStartContainers",
        "status": "True",
        "lastTransitionTime": attached,
    }
    whole = {"phase": "Running", "conditions": [sandbox], **status}
    return {"metadata": metadata, "spec": {"nodeName": "n1"}, "status": whole}


BEFORE = "2026-03-01T11:59:59Z"


def test_a_pod_attached_before_the_change_is_stale_and_one_after_it_is_not() -> None:
    assert stale_pods(["default/net"], [nad()], [pod()]) == []
    (found,) = stale_pods(["default/net"], [nad()], [pod(BEFORE)])
    assert "changed at 2026-03-01 12:00:00Z" in found.reasons[0]


def test_of_several_owners_of_the_same_value_the_oldest_tells_since_when_it_stands() -> None:
    """Another tool that applies the same once more changes nothing."""
    fields = {"f:spec": {"f:config": {}}}
    owners = [{"manager": m, "time": t, "fieldsV1": fields}
              for m, t in (("kubectl", NAD_TIME), ("argo", "2026-05-01T00:00:00Z"))]  # fmt: skip
    assert stale_pods(["default/net"], [nad(managedFields=owners)], [pod()]) == []


def test_a_change_of_labels_alone_counts_for_nothing() -> None:
    assert changed_at(nad()) == changed_at(nad(changed=NAD_TIME))
    assert str(changed_at(nad())) == "2026-03-01 12:00:00+00:00"
    bare = nad(managedFields=None)
    assert str(changed_at(bare)) == "2026-01-01 00:00:00+00:00"


def test_networks_of_others_are_left_alone() -> None:
    assert stale_pods(["default/other"], [nad()], [pod(BEFORE)]) == []


def test_a_network_that_is_gone_is_told_and_no_restart_is_advised() -> None:
    (found,) = stale_pods([], [nad()], [pod(asks="lost")])
    assert "default/lost is not on the cluster" in found.reasons[0]
    assert found.command == ""
    assert "default/lost" in found.way_out


def test_a_pod_that_started_while_multus_was_away_is_stale() -> None:
    (silent,) = stale_pods(["default/net"], [nad()], [pod(has=["nothing"])])
    assert "Multus was away" in silent.reasons[0]
    (partly,) = stale_pods(["default/net"], [nad()], [pod(asks="net,net", has=["net"])])
    assert "without default/net" in partly.reasons[0]


@pytest.mark.parametrize(
    "status",
    [
        {"phase": "Succeeded"},
        {"phase": "Failed"},
        {"conditions": [{"type": "PodReadyToStartContainers", "status": "False"}]},
        {"conditions": []},
    ],
    ids=["done", "failed", "no sandbox yet", "no address yet"],
)
def test_pods_that_are_not_attached_at_all_are_left_out(status: dict[str, Any]) -> None:
    assert stale_pods(["default/net"], [nad()], [pod(BEFORE, **status)]) == []


def test_before_kubernetes_1_29_the_start_counts() -> None:
    old = pod(conditions=[], startTime=BEFORE, podIP="10.1.1.1")
    assert attached_at(old) is not None
    assert len(stale_pods(["default/net"], [nad()], [old])) == 1


@pytest.mark.parametrize(
    ("owner", "command"),
    [
        (("ReplicaSet", "web-5d4f"), "kubectl rollout restart deployment/web -n default"),
        (("ReplicaSet", "bare"), "kubectl delete pod p -n default"),
        (("StatefulSet", "db"), "kubectl rollout restart statefulset/db -n default"),
        (("DaemonSet", "probe"), "kubectl rollout restart daemonset/probe -n default"),
        (("Job", "once"), "kubectl delete pod p -n default"),
        (("VirtualMachineInstance", "vm"), "virtctl restart vm -n default"),
        (None, "kubectl delete pod p -n default"),
    ],
)
def test_the_command_is_that_of_the_owner(owner: tuple[str, str] | None, command: str) -> None:
    metadata = {
        "namespace": "default",
        "name": "web-5d4f",
        "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": True}],
    }
    sets = [{"metadata": metadata}]
    (found,) = stale_pods(["default/net"], [nad()], [pod(BEFORE, owner=owner)], sets)
    assert found.command == command


def test_annotations_are_read_in_both_forms() -> None:
    def asked(text: str) -> list[str]:
        annotations = {"k8s.v1.cni.cncf.io/networks": text}
        return asked_networks({"metadata": {"namespace": "ns", "annotations": annotations}})

    assert asked("a, other/b@eth5") == ["ns/a", "other/b"]
    assert asked('[{"name": "a"}, {"name": "b", "namespace": "other"}]') == ["ns/a", "other/b"]
    assert asked("[broken") == []
    assert asked_networks({"metadata": {}}) == []
