"""What an `up` says while Multus starts, and when it gives up: from a cluster that is shown."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pulumi
import pytest

from multinet.live import connect
from multinet.multus import awaited, objects
from multinet.multus.settings import MultusSettings
from multinet.multus.standing import standing
from tests.unit.live import recorded
from tests.unit.live.recorded import Recorded
from tests.unit.preflight import clusters as c

Object = dict[str, Any]
FILE = "10-calico.conflist"
THICK = f"multinet: waiting for {FILE}; in the node's CNI directory: 10-rig.conflist 00-multus.conf"
THICK_ALONE = f"multinet: waiting for {FILE}; in the node's CNI directory: nothing"
_THERE = f"/host/etc/cni/net.d/{FILE}"
THIN = (  # as it is from v4.3.0, the next run's first words below it
    f"failed to create multus config: file {_THERE} not found: stat {_THERE}: no such file or"
    " directory\nkubeconfig file is created."
)
OLDER = f"failed to create multus config: open {_THERE}: no such file or directory"


def settings(**raw: Any) -> MultusSettings:
    return MultusSettings.model_validate(raw, by_alias=True, by_name=False)


def daemon_set(ready: int, wanted: int = 2, mode: str = "thick") -> Object:
    made = objects.daemon_set(settings(mode=mode), FILE)
    made["metadata"] |= {"generation": 3, "annotations": {"multinet.dev/owner": c.ME}}
    counts = ("currentNumberScheduled", "updatedNumberScheduled")
    status = {"observedGeneration": 3, "desiredNumberScheduled": wanted, "numberReady": ready}
    return made | {"status": {**status, "numberAvailable": ready, **dict.fromkeys(counts, wanted)}}


def pod(node: str, ready: str = "False", **state: Any) -> Object:
    made = c.named(f"multus-{node}", "kube-system", labels=dict(objects.LABELS))
    container = {"name": "multus", "state": state or {"running": {}}}
    status = {
        "conditions": [{"type": "Ready", "status": ready}],
        "containerStatuses": [container],
    }
    return made | {"spec": {"nodeName": node}, "status": status}


def starting(
    *pods: Object, logs: dict[str, str] | None = None, ready: int = 0, mode: str = "thick"
) -> Recorded:
    """A cluster of two nodes that are ready, and Multus that is not."""
    there = c.cluster(
        daemon_set(ready, mode=mode), nodes=[c.node("n1"), c.node("n2", "False")], pods=pods
    )
    there.logs = {f"multus-{node}": text for node, text in (logs or {}).items()}
    return there


def waited(
    there: Recorded,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    existing: bool = True,
    timeout: str = "1s",
) -> tuple[str, list[str]]:
    """What an `up` that waits for it fails with, and what it said before."""
    monkeypatch.setattr(awaited, "_QUIET", 0.0)
    monkeypatch.setattr(awaited, "_PATIENT", 0.0)
    monkeypatch.setattr(awaited, "_VAIN", 0.3)
    monkeypatch.setattr(awaited, "_PAUSE", 0.1)
    told: list[str] = []
    with recorded.serving(there, directory) as cluster:
        reached, wanted = str(cluster.kubeconfig), settings(rolloutTimeout=timeout)
        try:
            awaited._wait(reached, None, wanted, existing, told.append)
        except pulumi.RunError as error:
            return str(error), told
    return "", told


def test_it_goes_on_when_multus_is_ready_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waited(starting(ready=2), tmp_path, monkeypatch) == ("", [])


def test_which_file_is_waited_for_and_which_are_there_is_said_of_each_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = starting(pod("n1"), pod("n2"), logs={"n1": THICK, "n2": THICK_ALONE})
    failed, told = waited(there, tmp_path, monkeypatch, existing=False)
    assert told == [
        f"Multus is not ready on n1: waits for {FILE}; its CNI directory has 10-rig.conflist",
        f"Multus is not ready on n2: waits for {FILE}; its CNI directory has no other",
    ]
    assert "error[multus-not-started] multinet:primaryCni.confFile" in failed
    assert "not started within 1 s: n1: waits for" in failed
    assert "name the file that the primary CNI has on nodes n1, n2" in failed


@pytest.mark.parametrize(
    ("pods", "logs", "existing", "hopeless"),
    [
        ([pod("n1")], {"n1": THICK}, True, True),
        # The primary is on its way, or nobody knows.
        ([pod("n1")], {"n1": THICK}, False, False),
        ([pod("n1")], {"n1": THICK_ALONE}, True, False),
        # The node is not ready: no primary has written anything there.
        ([pod("n2")], {"n2": THICK}, True, False),
        # thin: its image has nothing that could look.
        ([pod("n1")], {"n1": THIN}, True, True),
        ([pod("n2")], {"n2": THIN}, True, False),
        ([pod("n1")], {"n1": OLDER}, True, True),
        ([pod("n1", waiting={"reason": "CrashLoopBackOff"})], {"n1": THIN}, True, True),
        # An image without a shell, as thin's is.
        ([pod("n1", waiting={"reason": "CreateContainerError", "message": "x"})], {}, False, True),
        ([pod("n1", waiting={"reason": "ImagePullBackOff", "message": "x"})], {}, True, False),
        # The old pod that is on its way out, and the one that is ready, say nothing.
        ([pod("n1", "True")], {"n1": THICK}, True, False),
    ],
)
def test_what_would_be_waited_for_in_vain(
    tmp_path: Path, pods: list[Object], logs: dict[str, str], existing: bool, hopeless: bool
) -> None:
    with recorded.serving(starting(*pods, logs=logs), tmp_path) as cluster:
        seen = standing(connect(str(cluster.kubeconfig)), settings(), existing=existing)
    assert not seen.done
    assert any(waiting.hopeless for waiting in seen.left) is hopeless


def test_an_up_that_waits_in_vain_ends_long_before_its_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = starting(pod("n1"), logs={"n1": THICK})
    started = time.monotonic()
    failed, _ = waited(there, tmp_path, monkeypatch, timeout="10m")
    assert time.monotonic() - started < 60
    assert f"n1: waits for {FILE}; its CNI directory has 10-rig.conflist" in failed


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (starting(pod("n1", waiting={"reason": "ErrImagePull", "message": "no such host"})),
         "n1: ErrImagePull no such host"),
        (starting(pod("n1"), logs={"n1": "multinet: a\nfatal: no token\n"}),
         "n1: its pod is not ready; it said last: fatal: no token"),
        (starting(pod("n1")), "n1: its pod is not ready yet"),
        (starting(), "its controller made no pod"),
    ],
)  # fmt: skip
def test_other_reasons_are_told_in_their_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: Recorded, said: str
) -> None:
    failed, _ = waited(there, tmp_path, monkeypatch)
    assert said in failed
    assert "error[multus-not-started] multinet:multus" in failed


def test_an_api_server_that_is_away_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = starting(ready=2)
    with recorded.serving(there, tmp_path):
        pass  # its port is closed now
    monkeypatch.setattr(awaited, "_QUIET", 0.0)
    monkeypatch.setattr(awaited, "_PAUSE", 0.1)
    told: list[str] = []
    wanted = settings(rolloutTimeout="1s")
    with pytest.raises(pulumi.RunError, match="Connection refused"):
        awaited._wait(str(there.kubeconfig), None, wanted, True, told.append)
    assert "the API server" in told[0]


# --- what an `up` does not change is not waited for: it is looked at before ------------------


@pytest.mark.parametrize(
    ("ready", "logs", "conf_file", "code"),
    [
        (0, {"n1": THICK}, FILE, "error[multus-not-started]"),
        (0, {"n1": THICK_ALONE}, FILE, "warning[multus-not-started]"),
        (2, {"n1": THICK}, FILE, ""),
        # This very `up` mends it.
        (0, {"n1": THICK}, "10-rig.conflist", ""),
    ],
)
def test_a_multus_that_does_not_start_and_is_as_declared_is_told_before(
    tmp_path: Path, ready: int, logs: dict[str, str], conf_file: str, code: str
) -> None:
    with recorded.serving(starting(pod("n1"), logs=logs, ready=ready), tmp_path) as cluster:
        primary = {"plugin": "existing", "confFile": conf_file, "podCidrs": ["10.233.64.0/18"]}
        declared = c.stack(cluster, primaryCni=primary)
        refused, warned = c.refused(declared), c.warned(declared)
    assert ("multus-not-started" in warned) is bool(code)
    assert code in warned
    assert ("multus-not-started" in refused) is code.startswith("error")


LOSING = (
    "multinet: losing 00-multus.conf: restored 5 times in a row, and taken away each time by a"
    " Cilium with cni.exclusive: true"
)


def test_beside_an_exclusive_agent_it_ends_soon_and_says_who_takes_the_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = starting(pod("n1"), logs={"n1": LOSING})
    began = time.monotonic()
    failed, told = waited(there, tmp_path, monkeypatch, existing=False, timeout="1m")
    assert time.monotonic() - began < 30, "it would wait in vain"
    assert "multus-not-started" in failed
    for word in ("n1", "00-multus.conf", "by a Cilium with cni.exclusive: true", "adopt"):
        assert word in failed
    assert any("taken away each time" in line for line in told)
