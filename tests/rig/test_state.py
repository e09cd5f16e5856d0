"""State directories: names that cannot escape, locks that leave nothing, keys nobody reads."""

from __future__ import annotations

import json
import ssl
import stat
from pathlib import Path

import pytest

from rig.cluster import addresses, configs, pki
from rig.cluster.control_plane import ControlPlane
from rig.cluster.state import Mark, State
from rig.errors import NotRunningError, RigError
from rig.node.spec import Component, NodeSpec


@pytest.fixture(autouse=True)
def _own_state_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path / "state"))


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-a", "a" * 33, "a b", "a\n"])
def test_a_name_that_could_leave_the_directory_is_refused(name: str) -> None:
    with pytest.raises(RigError, match="cannot be called"):
        State.of(name)


def test_rigs_of_one_name_under_two_roots_have_two_cgroups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = State.of("demo").cgroup
    monkeypatch.setenv("MULTINET_STATE", "/elsewhere")
    assert State.of("demo").cgroup != here


def test_a_lock_is_refused_while_another_holds_it_and_leaves_nothing() -> None:
    state = State.of("one")
    with state.locked():
        assert stat.S_IMODE(state.directory.stat().st_mode) == 0o700
        with pytest.raises(RigError, match="another command works on"), state.locked(timeout=0.2):
            pass
        state.remove()
    assert not state.directory.parent.exists()


def test_a_directory_removed_under_a_waiting_lock_is_made_anew() -> None:
    state = State.of("one")
    with state.locked():
        state.remove()
        with state.locked(timeout=0.2):
            assert state.directory.is_dir()


def test_a_mark_is_read_back_and_a_broken_one_is_none() -> None:
    state = State.of("one")
    assert state.mark() is None
    with state.locked():
        mark = Mark("cluster", 6443, "/bin/kubectl", "/bin")
        state.set_mark(mark)
        assert state.mark() == mark
        (state.directory / "up.json").write_text("{")
        assert state.mark() is None


def test_a_rig_that_is_not_up_says_so() -> None:
    control_plane = ControlPlane("one")
    assert control_plane.status().state == "down"
    assert control_plane.down() is False
    with pytest.raises(NotRunningError, match="rig one is not up"):
        control_plane.kubectl("get", "nodes")


def test_a_node_specification_is_read_back(tmp_path: Path) -> None:
    spec = NodeSpec(
        hostname="rig",
        state=str(tmp_path),
        cgroup="c",
        path="/bin",
        network=addresses.FIRST.network(addresses.POD_CIDR),
        private={"/etc/cni": "node/etc-cni"},
        components=[Component("etcd", ["/bin/etcd"], env={"A": "1"})],
    )
    spec.save()
    assert NodeSpec.load(tmp_path) == spec


def test_keys_are_private_and_fit_their_certificates(tmp_path: Path) -> None:
    made = pki.create(tmp_path / "pki")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in made.directory.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(made.directory.stat().st_mode) == 0o700
    context = ssl.create_default_context(cafile=str(made.ca))
    for name in (*pki.CLIENTS, "apiserver", "kubelet-server", "service-account"):
        context.load_cert_chain(made.cert(name), made.key(name))
    written = json.loads(made.kubeconfig("admin").read_text())
    assert written["clusters"][0]["cluster"]["server"] == "https://192.168.1.10:6443"


def test_the_primary_network_hands_out_the_nodes_pod_addresses() -> None:
    conflist = configs.primary_conflist("0.3.1")
    assert conflist["cniVersion"] == "0.3.1"
    bridge = conflist["plugins"][0]
    assert bridge["ipam"]["ranges"] == [[{"subnet": "10.233.64.0/24"}]]
