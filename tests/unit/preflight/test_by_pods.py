"""`multinet preflight --pods`, as it is called: a pod on each node, and none left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.live import processes
from multinet.preflight import pod
from multinet.preflight.each_node import Options
from multinet.preflight.pods import ask_by_pods
from multinet.stack import load
from tests.unit.live.recorded import Recorded, serving
from tests.unit.preflight.clusters import daemon_set, named, node

MACVLAN = {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1"}}


def report(*problems: dict[str, str]) -> str:
    return json.dumps({"format": 1, "node": "x", "problems": [*problems]}) + "\n"


MISSING = {
    "severity": "error",
    "code": "node-plugin-missing",
    "subject": "macvlan",
    "rule": "there is no /opt/cni/bin/macvlan",
    "wayOut": "bring it",
}


class Nodes(Recorded):
    """A cluster whose nodes answer.

    Attributes:
        said: node → what its pod prints; None: it does not end.
        images: nodes that cannot have the image.
    """

    def __init__(self, **said: str | None) -> None:
        super().__init__(started=self._start)
        self.said = said
        self.images: set[str] = set()
        self.lists |= {
            "/api/v1/nodes": [node(name) for name in said],
            "/api/v1/namespaces": [named("kube-system")],
            "/apis/apps/v1/daemonsets": [],
            "/api/v1/events": [],
            "/api/v1/pods": [],
        }

    def _start(self, made: dict[str, Any]) -> None:
        on = made["spec"]["nodeName"]
        if on in self.images:
            waiting = {"reason": "ErrImagePull", "message": "no such host"}
            made["status"] = {"containerStatuses": [{"state": {"waiting": waiting}}]}
        elif (text := self.said[on]) is not None:
            made["status"] = {"phase": "Succeeded"}
            self.logs[made["metadata"]["name"]] = text


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Any]:
    """Runs the command on a cluster: exit code and document."""

    def run(cluster: Nodes, *arguments: str, **sections: Any) -> tuple[int, Any]:
        file = tmp_path / "Pulumi.x.yaml"
        primary = {"plugin": "existing", "confFile": "10-x.conflist"}
        config = {"primaryCni": primary, "networks": {"lan": MACVLAN}, **sections}
        text = json.dumps({"config": {f"multinet:{k}": v for k, v in config.items()}})
        file.write_text(text)
        with serving(cluster, tmp_path):
            return cluster.document("preflight", "--pods", "-f", str(file), *arguments)

    return run


def test_every_node_is_asked_and_its_findings_are_those_of_ssh(asked: Any) -> None:
    cluster = Nodes(n1=report(), n2=report(MISSING))
    code, document = asked(cluster)
    assert code == 1
    assert document["ready"] is False
    assert document["nodes"]["n1"] == {
        "ready": True,
        "findings": [],
        "changes": [],
        "drifted": False,
    }
    (finding,) = document["nodes"]["n2"]["findings"]
    assert (finding["code"], finding["path"]) == ("node-plugin-missing", "multinet:nodes.n2")
    assert cluster.pods == []
    assert {p["spec"]["nodeName"] for p in cluster.made} == {"n1", "n2"}
    assert all(
        "need_plugin 'macvlan'" in text or "need_plugin macvlan" in text
        for text in scripts(cluster)
    )


def scripts(cluster: Nodes) -> list[str]:
    return [p["spec"]["containers"][0]["command"][2] for p in cluster.made]


def test_all_well_is_exit_0_and_a_table_for_people(tmp_path: Path) -> None:
    cluster = Nodes(n1=report())
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(json.dumps({"config": {"multinet:networks": {"lan": MACVLAN}}}))
    with serving(cluster, tmp_path):
        ran = cluster.run("preflight", "--pods", "-f", str(file))
    assert ran.exit_code == 0, ran.output
    assert "1 of 1 nodes are ready" in ran.output


def test_a_node_that_cannot_be_asked_keeps_no_other_from_it(asked: Any) -> None:
    cluster = Nodes(n1=report(), n2=report(), n3="not a report")
    cluster.images = {"n2"}
    cluster.lists["/api/v1/nodes"].append(node("n4", ready="Unknown"))
    code, document = asked(cluster)
    assert code == 1
    nodes = document["nodes"]
    codes = {name: [f["code"] for f in found["findings"]] for name, found in nodes.items()}
    assert codes == {
        "n1": [],
        "n2": ["node-not-asked"],
        "n3": ["node-no-report"],
        "n4": ["node-not-asked"],
    }
    assert "ErrImagePull: no such host" in nodes["n2"]["findings"][0]["rule"]
    assert "not ready" in nodes["n4"]["findings"][0]["rule"]
    assert cluster.pods == []


def test_a_pod_that_does_not_answer_in_time_is_told_and_taken_away(tmp_path: Path) -> None:
    cluster = Nodes(n1=None)
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(json.dumps({"config": {"multinet:networks": {"lan": MACVLAN}}}))
    from multinet.live import connect

    with serving(cluster, tmp_path):
        live = connect(str(cluster.kubeconfig), None)
        found = ask_by_pods(live, load(file).require(), Options(timeout=1.0))
    assert [f.code for f in found["n1"].findings] == ["node-not-asked"]
    assert "did not answer in time" in found["n1"].findings[0].rule
    assert cluster.pods == []


def test_interrupted_it_takes_its_pods_away(tmp_path: Path) -> None:
    cluster = Nodes(n1=report(), n2=None)
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(json.dumps({"config": {"multinet:networks": {"lan": MACVLAN}}}))
    from multinet.live import connect

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    settings = load(file).require()
    with serving(cluster, tmp_path):
        live = connect(str(cluster.kubeconfig), None)
        with pytest.raises(KeyboardInterrupt):
            ask_by_pods(live, settings, Options(), interrupt)
    assert cluster.pods == []
    assert len(cluster.made) == 2


def test_what_a_killed_run_left_goes_and_a_living_ones_stays(asked: Any) -> None:
    cluster = Nodes(n1=report())
    machine, pid, start = processes.process().split("/")
    labels = {pod.MANAGED: pod.MANAGER}
    for name, owner in (
        ("dead", f"{machine}/{pid}/{int(start) + 1}"),
        ("alive", processes.process()),
    ):
        left = named(name, "kube-system", labels=labels, annotations={pod.OWNER: owner})
        cluster.pods.append({**left, "spec": {"nodeName": "n1"}, "status": {"phase": "Running"}})
    code, _ = asked(cluster)
    assert code == 0
    assert [p["metadata"]["name"] for p in cluster.pods] == ["alive"]


@pytest.mark.parametrize(
    ("there", "whose"),
    [
        ([], "unknown"),
        ([daemon_set("multinet-multus", image="x/multus-cni:v4")], "ours"),
        ([daemon_set("kube-multus-ds", image="x/multus-cni:v4")], "theirs"),
    ],
)
def test_whose_multus_runs_is_the_clusters_to_say(asked: Any, there: Any, whose: str) -> None:
    cluster = Nodes(n1=report())
    cluster.lists["/apis/apps/v1/daemonsets"] = there
    asked(cluster)
    assert f"MULTUS_IS={whose}" in scripts(cluster)[0].replace("'", "")


def test_a_nodes_own_labels_say_which_networks_land_there(asked: Any) -> None:
    cluster = Nodes(n1=report(), n2=report())
    cluster.lists["/api/v1/nodes"][0]["metadata"]["labels"] = {"rack": "a"}
    asked(cluster, networks={"lan": {**MACVLAN, "nodeSelector": {"rack": "a"}}})
    needing = {
        p["spec"]["nodeName"]
        for p, text in zip(cluster.made, scripts(cluster), strict=True)
        if "need_plugin" in text.partition("needs()")[2].partition("\n}")[0]
    }
    assert needing == {"n1"}


def test_its_image_comes_from_the_mirror_or_is_named(asked: Any) -> None:
    cluster = Nodes(n1=report())
    asked(cluster, multus={"registry": "mirror.example.org"})
    asked(cluster, "--image", "own.example.org/busybox:1.36.1")
    images = [p["spec"]["containers"][0]["image"] for p in cluster.made]
    assert images == ["mirror.example.org/library/busybox:1.35.0", "own.example.org/busybox:1.36.1"]


def test_a_namespace_that_is_not_there_yet_is_no_reason_not_to_look(asked: Any) -> None:
    cluster = Nodes(n1=report())
    asked(cluster, multus={"namespace": "multus-system"})
    assert [p["metadata"]["namespace"] for p in cluster.made] == ["kube-system"]
