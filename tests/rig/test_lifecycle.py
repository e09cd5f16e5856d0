"""Starting and stopping: twice, by halves and by accident, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import rig
from tests.rig.machine import create, look, namespace_of, pod, processes_in, traces_of, within

pytestmark = pytest.mark.cluster


def test_a_cluster_leaves_the_machine_as_it_was(own: rig.Cluster) -> None:
    before = look()
    assert own.up() is True
    assert look() == before, "a running rig shows on the machine"
    create(own, pod("sample", "sleep", "100000"))
    own.kubectl("wait", "--for=condition=Ready", "pod/sample", "--timeout=180s")
    with namespace_of(own.node_pid) as namespace:
        assert len(processes_in(namespace)) > 8, "the components and a pod"

        assert own.up() is False, "up twice is up once"
        own.kubectl("get", "pod", "sample")

        assert own.down() is True
        assert processes_in(namespace) == []
    assert traces_of(own.name) == []
    assert look() == before
    assert own.status().state == "down"
    assert own.down() is False, "down twice is down once"


def test_down_takes_the_second_node_along(own: rig.Cluster) -> None:
    before = look()
    own.up()
    second = own.join()
    assert look() == before, "a running rig shows on the machine"
    with namespace_of(second.pid) as namespace:
        assert processes_in(namespace)

        assert own.down() is True

        assert processes_in(namespace) == []
    assert traces_of(own.name) == []
    assert look() == before


@pytest.mark.parametrize("after", [0.5, 1.0, 2.0])
def test_a_join_that_was_killed_leaves_nothing_after_down(
    own: rig.Cluster, project: Path, after: float
) -> None:
    own.up()
    argv = [sys.executable, "-m", "rig", "join", "--name", own.name]
    with subprocess.Popen(argv, cwd=project, stderr=subprocess.DEVNULL) as joining:
        time.sleep(after)
        joining.kill()
    own.down()
    assert traces_of(own.name) == []


def test_a_killed_node_is_reported_and_removed(own: rig.Cluster) -> None:
    own.up()
    with namespace_of(own.node_pid) as namespace:
        os.kill(own.node_pid, signal.SIGKILL)
        gone = "the kernel ends all with the first process"
        within(60, lambda: not processes_in(namespace), gone)
    assert own.status().state == "dead"
    with pytest.raises(rig.NotRunningError):
        own.node_run(["true"])
    own.down()
    assert traces_of(own.name) == []


def test_a_cluster_without_primary_waits_for_one(own: rig.Cluster) -> None:
    own.up(primary=False)
    shown = own.node_run(["ls", "/etc/cni/net.d", "/opt/cni/bin"]).stdout
    assert "10-rig.conflist" not in shown
    assert "macvlan" in shown, "the reference plugins are there all the same"
    reason = "{.status.conditions[?(@.type=='Ready')].message}"
    message = own.kubectl("get", "node", "rig", "-o", f"jsonpath={reason}")
    assert "cni plugin not initialized" in message


@pytest.mark.parametrize("after", [0.3, 1.0, 2.0, 4.0])
def test_a_start_that_was_killed_leaves_nothing_after_down(
    own_api: rig.ControlPlane, project: Path, after: float
) -> None:
    argv = [sys.executable, "-m", "rig", "up", "--control-plane", "--name", own_api.name]
    with subprocess.Popen(argv, cwd=project, stderr=subprocess.DEVNULL) as starting:
        time.sleep(after)
        starting.kill()
    own_api.down()
    assert traces_of(own_api.name) == []


def test_a_half_started_rig_is_started_anew(own_api: rig.ControlPlane, project: Path) -> None:
    argv = [sys.executable, "-m", "rig", "up", "--control-plane", "--name", own_api.name]
    with subprocess.Popen(argv, cwd=project, stderr=subprocess.DEVNULL) as starting:
        while own_api.status().state != "starting":
            assert starting.poll() is None
            time.sleep(0.05)
        starting.kill()
    assert own_api.up() is True
    assert own_api.status().state == "up"


def test_a_failed_start_says_why_and_leaves_nothing(
    own_api: rig.ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rig.cluster import components

    monkeypatch.setattr(components, "_ETCD_CLIENTS", "not a url")
    with pytest.raises(rig.ComponentDiedError, match="etcd ended by itself with status 2") as died:
        own_api.up()
    assert "not a url" in str(died.value), "the end of the log is in the message"
    assert any("the logs are kept in" in note for note in died.value.__notes__)
    assert traces_of(own_api.name) == []


def test_the_death_of_a_component_is_reported_with_its_log(own_api: rig.ControlPlane) -> None:
    own_api.up()
    own_api.check()
    controller = own_api.status().components["kube-controller-manager"]
    own_api.node_run(["kill", "-9", str(controller["pid"])])
    within(60, lambda: own_api.status().state == "degraded", "the death was not noticed")
    status = own_api.status()
    dead = status.components["kube-controller-manager"]
    assert (dead["state"], dead["exit"]) == ("dead", -9)
    with pytest.raises(rig.ComponentDiedError, match=r"kube-controller-manager .*status -9"):
        own_api.check()
    own_api.start_component("kube-controller-manager")
    own_api.check()
    assert own_api.status().state == "up"


def test_a_bare_api_server_keeps_its_objects_over_a_stop(own_api: rig.ControlPlane) -> None:
    own_api.up()
    own_api.kubectl("create", "configmap", "kept")
    own_api.stop_component("kube-apiserver")
    assert own_api.status().components["kube-apiserver"]["state"] == "stopped"
    assert own_api.status().state == "up", "a component that was stopped on purpose is no accident"
    own_api.start_component("kube-apiserver")
    assert "kept" in own_api.kubectl("get", "configmap", "kept", "-o", "name")
    own_api.kill_component("kube-apiserver")
    killed = own_api.status().components["kube-apiserver"]
    assert (killed["state"], killed["exit"]) == ("stopped", -9)
    own_api.start_component("kube-apiserver")
    assert "kept" in own_api.kubectl("get", "configmap", "kept", "-o", "name")
    with pytest.raises(rig.RigError, match="unknown: 'kubelet'"):
        own_api.stop_component("kubelet")


def test_the_kind_of_a_rig_is_not_mixed_up(own_api: rig.ControlPlane) -> None:
    own_api.up()
    with pytest.raises(rig.RigError, match="is up as a control-plane"):
        rig.Cluster(own_api.name).up()
    assert own_api.status().state == "up"


def test_a_state_directory_of_any_length_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path / ("long" * 40)))
    control_plane = rig.ControlPlane("long")
    try:
        control_plane.up()
        assert control_plane.status().state == "up"
    finally:
        control_plane.down()
    assert list(tmp_path.iterdir()) == []
