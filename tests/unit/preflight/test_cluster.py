"""What a program says of the cluster before it registers anything: all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.live import recorded
from tests.unit.live.recorded import Recorded
from tests.unit.preflight import clusters as c

Serve = Callable[[Recorded], Recorded]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves a cluster until the test ends."""
    with pytest.MonkeyPatch.context(), _Served(tmp_path) as served:
        yield served


class _Served:
    def __init__(self, directory: Path) -> None:
        import contextlib

        self._directory, self._stack = directory, contextlib.ExitStack()

    def __enter__(self) -> Serve:
        return lambda cluster: self._stack.enter_context(recorded.serving(cluster, self._directory))

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def bridge(third: int, **more: Any) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"10.7.{third}.0/24"}
    return {"cniVersion": "1.0.0", "type": "bridge", "bridge": f"br{third}", "ipam": ipam, **more}


def test_all_that_is_wrong_with_a_cluster_is_told_at_once_and_by_a_preview_too(
    serve: Serve,
) -> None:
    there = serve(
        c.cluster(
            c.daemon_set("calico-node"),
            nads=[c.nad("blue", bridge(1), owner="")],
            nodes=[c.node("worker-1"), c.node("stranger")],
        )
    )
    declared = c.stack(
        there,
        networks={
            "blue": {"config": bridge(1)},
            "red": {"config": bridge(2), "namespace": "lab"},
        },
        nodes={"worker-1": {"host": "127.0.0.1", "port": 1, "dialTimeout": 1}},
    )
    said = c.refused(declared)
    head = said.splitlines()[0]
    assert head.startswith(
        "4 problems, 3 in the cluster and 1 on 1 of 1 nodes: nothing was changed"
    )
    codes = ("owned-by-others", "namespace-missing", "conf-file-not-written", "node-unreachable")
    assert [code for code in codes if f"error[{code}]" in said] == [*codes]
    assert said.count("way out: ") == len(codes)
    warned = c.warned(declared)
    assert [code for code in codes if f"error[{code}]" in warned] == [*codes]
    assert "warning[node-not-declared]" in warned
    assert "an update would be refused: 4 problems" in warned


def test_a_cluster_that_fits_is_not_talked_about(serve: Serve) -> None:
    there = serve(c.cluster(nads=[c.nad("blue", bridge(1))], nodes=[c.node("n1")]))
    declared = c.stack(there, networks={"blue": {"config": bridge(1)}})
    assert c.refused(declared) == ""
    assert c.warned(declared) == ""


@pytest.mark.parametrize(
    ("namespaces", "made", "said"),
    [
        (["default"], (), "way out: kubectl create namespace lab"),
        (["default", "labs"], (), "did you mean 'labs'?"),
        (["default", "lab"], (), ""),
        (["default"], ("lab",), ""),
        ([c.named("lab", deletionTimestamp="2026-01-01T00:00:00Z")], (), "wait until it is gone"),
    ],
)
def test_a_network_in_a_namespace_that_is_not_there(
    serve: Serve, namespaces: list[Any], made: tuple[str, ...], said: str
) -> None:
    there = serve(c.cluster(namespaces=namespaces))
    networks = {
        name: {"config": bridge(i), "namespace": "lab"} for i, name in enumerate(["a", "b"])
    }
    found = c.refused(c.stack(there, networks=networks), namespaces=made)
    assert ("error[namespace-missing] multinet:networks.a.namespace" in found) is bool(said)
    assert said in found
    assert "networks a, b would stand in it" in found or not said


def test_multuss_own_namespace_is_made_by_the_stack(serve: Serve) -> None:
    there = serve(c.cluster(namespaces=["default", "kube-system"]))
    networks = {"a": {"config": bridge(1), "namespace": "multus-system"}}
    own = {"namespace": "multus-system"}
    assert c.refused(c.stack(there, networks=networks, multus=own)) == ""
    theirs = {**own, "enabled": False}
    assert "namespace-missing" in c.refused(c.stack(there, networks=networks, multus=theirs))


CALICO = {"env": [{"name": "CNI_CONF_NAME", "value": "20-calico.conflist"}]}
FLANNEL = {"args": ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"]}
CILIUM = {"write-cni-conf-when-ready": "/host/etc/cni/net.d/01-own.conflist"}


@pytest.mark.parametrize(
    ("there", "file", "writes"),
    [
        (c.cluster(c.daemon_set("calico-node")), "10-calico.conflist", ""),
        (c.cluster(c.daemon_set("calico-node")), "10-calico.conf", "10-calico.conflist"),
        (c.cluster(c.daemon_set("calico-node", **CALICO)), "20-calico.conflist", ""),
        (c.cluster(c.daemon_set("calico-node", **CALICO)), "10-calico.conflist", "20-calico"),
        (c.cluster(c.daemon_set("kube-flannel-ds", **FLANNEL)), "10-flannel.conflist", ""),
        (c.cluster(c.daemon_set("rke2-canal")), "10-flannel.conflist", "10-canal.conflist"),
        (
            c.cluster(
                c.daemon_set("cilium"),
                config_maps=[c.named("cilium-config", "kube-system") | {"data": CILIUM}],
            ),
            "05-cilium.conflist",
            "01-own.conflist",
        ),
        # Two of them: one is enough.
        (c.cluster(c.daemon_set("aws-node"), c.daemon_set("cilium")), "10-aws.conflist", ""),
        # Nobody knows who writes there.
        (c.cluster(c.daemon_set("my-agent")), "10-calico.conflist", ""),
        # k3s runs Flannel without a DaemonSet.
        (
            c.cluster(nodes=[c.node("n1", **{"flannel.alpha.coreos.com/backend-type": "vxlan"})]),
            "10-k3s.conflist",
            "10-flannel.conflist",
        ),
    ],
)
def test_the_primarys_file_against_the_agents_that_run(
    serve: Serve, there: Recorded, file: str, writes: str
) -> None:
    primary = {"plugin": "existing", "confFile": file, "podCidrs": ["10.233.64.0/18"]}
    found = c.refused(c.stack(serve(there), primaryCni=primary))
    assert ("error[conf-file-not-written] multinet:primaryCni.confFile" in found) is bool(writes)
    assert f"way out: use {writes}" in found or not writes


def test_that_nodes_have_the_file_by_other_means_can_be_said(serve: Serve) -> None:
    agent = c.daemon_set("calico-node")
    found = c.refused(c.stack(serve(c.cluster(agent))))
    command = "kubectl -n kube-system annotate daemonset calico-node multinet.dev/conf-file="
    assert f"{command}{c.FILE}" in found
    agent["metadata"]["annotations"] = {"multinet.dev/conf-file": c.FILE}
    assert c.refused(c.stack(serve(c.cluster(agent)))) == ""


def test_nodes_that_are_declared_and_not_there_and_the_other_way_round(serve: Serve) -> None:
    windows = c.node("win")
    windows["metadata"]["labels"] = {"kubernetes.io/os": "windows"}
    there = serve(c.cluster(nodes=[c.node("worker-1"), c.node("worker-22"), windows]))
    nodes = {"worker-1": {"lost": True}, "worker-2": {"lost": True}, "gone": {"lost": True}}
    told = c.warned(c.stack(there, nodes=nodes), preview=False)
    assert "node-not-in-cluster" not in told, "a node that is lost need not be there"
    assert "the cluster has node worker-22 besides the declared ones" in told
    assert c.warned(c.stack(there), preview=False) == "", "to declare none is a choice"
    ignored = c.stack(there, nodes=nodes, ignore={"node-not-declared": "they have no networks"})
    assert c.warned(ignored, preview=False) == ""


def test_a_declared_node_is_looked_for_by_its_name(serve: Serve) -> None:
    there = serve(c.cluster(nodes=[c.node("worker-22")]))
    node = {"host": "127.0.0.1", "port": 1, "dialTimeout": 1}
    told = c.warned(c.stack(there, nodes={"worker-2": node}))
    assert "warning[node-not-in-cluster] multinet:nodes.worker-2" in told
    assert "did you mean 'worker-22'?" in told


def test_what_the_api_server_does_not_show_is_not_checked_and_named(serve: Serve) -> None:
    there = c.cluster()
    del there.lists["/api/v1/namespaces"]
    declared = c.stack(
        serve(there), networks={"a": {"config": bridge(1), "namespace": "not-there"}}
    )
    told = c.warned(declared, preview=False)
    assert "namespaces" in told
    assert "not looked at" in told
    assert c.refused(declared) == ""
