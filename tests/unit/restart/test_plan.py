"""What is rolled, what is not, and when a rollout is complete."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.restart.plan import failed, plan, rolled
from multinet.verify.stale import Owner, Stale


def stale(kind: str, name: str, pod: str, command: str = "kubectl …") -> Stale:
    return Stale("apps", pod, "n1", Owner(kind, name), ("apps/lan",), ("why",), command, "how")


def workload(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"generation": 1}, "spec": spec, "status": {}}


def test_each_workload_is_rolled_once_in_the_order_of_names() -> None:
    pods = [stale("Deployment", "web", "w2"), stale("Deployment", "web", "w1")]
    pods += [stale("DaemonSet", "agent", "a1")]
    objects = {(p.owner.kind, "apps", p.owner.name): workload() for p in pods}
    found = plan(pods, objects)
    assert [(str(w), w.pods) for w in found.roll] == [
        ("daemonset/agent -n apps", ("a1",)),
        ("deployment/web -n apps", ("w1", "w2")),
    ]
    assert (found.held, found.others) == ([], [])


@pytest.mark.parametrize(
    ("pod", "there"),
    [
        (stale("Pod", "alone", "alone"), True),
        (stale("Job", "backup", "backup-x"), True),
        (stale("Deployment", "web", "w1", command=""), True),  # its network is gone
        (stale("Deployment", "web", "w1"), False),
    ],
)
def test_what_does_not_come_back_is_left_alone(pod: Stale, there: bool) -> None:
    objects = {(pod.owner.kind, "apps", pod.owner.name): workload()} if there else {}
    found = plan([pod], objects)
    assert (found.roll, found.held, found.others) == ([], [], [pod])


@pytest.mark.parametrize(
    ("kind", "spec", "word"),
    [
        ("Deployment", {"paused": True}, "paused"),
        ("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, "OnDelete"),
        ("DaemonSet", {"updateStrategy": {"type": "OnDelete"}}, "OnDelete"),
        ("StatefulSet", {"updateStrategy": {"rollingUpdate": {"partition": 2}}}, "partition"),
    ],
)
def test_what_would_never_roll_is_held(kind: str, spec: dict[str, Any], word: str) -> None:
    found = plan([stale(kind, "x", "p")], {(kind, "apps", "x"): workload(**spec)})
    assert (found.roll, word in found.held[0].held) == ([], True)


DONE = {
    "Deployment": {"updatedReplicas": 2, "availableReplicas": 2, "replicas": 2},
    "StatefulSet": {
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "currentRevision": "b",
        "updateRevision": "b",
    },
    "DaemonSet": {
        "desiredNumberScheduled": 2,
        "updatedNumberScheduled": 2,
        "numberAvailable": 2,
    },
}
BEHIND = {
    "Deployment": ["updatedReplicas", "availableReplicas", "replicas"],
    "StatefulSet": ["updatedReplicas", "readyReplicas", "currentRevision"],
    "DaemonSet": ["updatedNumberScheduled", "numberAvailable"],
}


@pytest.mark.parametrize(("kind", "key"), [(k, key) for k, keys in BEHIND.items() for key in keys])
def test_a_rollout_is_complete_when_nothing_is_behind(kind: str, key: str) -> None:
    found = {"metadata": {"generation": 3}, "spec": {"replicas": 2}}
    done = {"observedGeneration": 3, **DONE[kind]}
    assert rolled(kind, {**found, "status": done})
    assert not rolled(kind, {**found, "status": done | {"observedGeneration": 2}})
    behind = "a" if key == "currentRevision" else 1
    assert not rolled(kind, {**found, "status": done | {key: behind}})


def test_a_deployment_says_itself_that_it_got_stuck() -> None:
    condition = {"reason": "ProgressDeadlineExceeded", "message": "timed out progressing"}
    found = {"metadata": {}, "status": {"conditions": [condition]}}
    assert failed("Deployment", found) == "timed out progressing"
    assert failed("Deployment", {"metadata": {}}) == ""
