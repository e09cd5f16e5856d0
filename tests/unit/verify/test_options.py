"""The options of `multinet verify`, as they are given."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from typer.testing import Result

from multinet.verify import pods
from tests.unit.live.recorded import kubeconfig
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, Working, codes


def five(**labels: Any) -> list[dict[str, Any]]:
    return [c.node(f"n{i + 1}", **labels) for i in range(5)]


@pytest.mark.parametrize(
    ("options", "nodes"),
    [
        ([], {"n1", "n2"}),
        (["--sample", "1"], {"n1"}),
        (["--sample", "3"], {"n1", "n2", "n3"}),
        (["--all-nodes"], {"n1", "n2", "n3", "n4", "n5"}),
        (["--node", "n4", "--node", "n2"], {"n2", "n4"}),
    ],
)
@pytest.mark.parametrize("networks", [{"lan": c.lan()}, {}], ids=["a network", "none"])
def test_nodes_are_chosen_as_asked(
    served: Serve, networks: dict[str, Any], options: list[str], nodes: set[str]
) -> None:
    cluster, file = served(networks, *five())
    code, document = cluster.document("verify", "-f", file, *options)
    assert code == 0, document
    assert {n["node"] for n in document["nodes"]} == set(made_on(cluster)) == nodes


def made_on(cluster: Working) -> list[str]:
    """Nodes of the pods that were started, in order."""
    terms = [
        pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        for pod in cluster.made
    ]
    return [term["nodeSelectorTerms"][0]["matchFields"][0]["values"][0] for term in terms]


def test_a_node_that_is_not_there_is_told(served: Serve) -> None:
    cluster, file = served({})
    code, document = cluster.document("verify", "-f", file, "--node", "n7", "--node", "n1")
    assert (code, [f["code"] for f in document["findings"]]) == (1, ["live-node-unknown"])
    assert [n["node"] for n in document["nodes"]] == ["n1"]


def test_parallel_says_how_many_nodes_have_pods_at_once(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, *five())
    most = 0
    begin = cluster.started

    def start(pod: dict[str, Any]) -> None:
        nonlocal most
        begin(pod)
        most = max(most, sum("multinet" in p["metadata"]["name"] for p in cluster.pods))

    cluster.started = start
    told = cluster.run("verify", "-f", file, "--all-nodes", "--parallel", "2")
    assert told.exit_code == 0, told.output
    assert most == 2
    assert told.stderr.count("starting") == 3


def test_timeout_is_how_long_a_pod_may_take(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, c.node("n1"))
    cluster.never.add("default/lan")
    began = time.monotonic()
    code, document = cluster.document("verify", "-f", file, "--timeout", "5")
    assert code == 1
    assert 5 <= time.monotonic() - began < 30
    (row,) = document["rows"]
    assert "nothing was said about it within 5 s" in row["causes"][0]["rule"]
    assert cluster.made[0]["spec"]["activeDeadlineSeconds"] == 70


def test_dhcp_without_a_server_is_told_soon_and_by_name(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pods, "_DHCP_SECONDS", 0.5)
    leased = c.lan(type="dhcp")
    del leased["config"]["ipam"]["range"]
    cluster, file = served({"leased": leased})
    cluster.never.add("default/leased")
    began = time.monotonic()
    code, document = cluster.document("verify", "-f", file, "--timeout", "60")
    assert (code, time.monotonic() - began < 20) == (1, True)
    assert [codes(r, "causes") for r in document["rows"]] == [["live-dhcp-silent"]] * 2


def test_the_image_is_the_one_given_else_the_samples(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, c.node("n1"))
    cluster.run("verify", "-f", file, "--image", "registry.example/box:1")
    assert {image(pod) for pod in cluster.made} == {"registry.example/box:1"}
    cluster.made.clear()
    cluster.run("verify", "-f", file)
    assert {image(pod) for pod in cluster.made} == {"docker.io/library/busybox:1.35.0"}


def image(pod: dict[str, Any]) -> str:
    return str(pod["spec"]["containers"][0]["image"])


def test_context_chooses_the_cluster(served: Serve) -> None:
    cluster, file = served({})
    cluster.kubeconfig.write_text(json.dumps(kubeconfig(cluster.url, "away")))
    assert cluster.run("verify", "-f", file, "--context", "recorded").exit_code == 0
    away = cluster.run("verify", "-f", file, "--context", "away")
    assert (away.exit_code, "127.0.0.1:1" in away.stderr) == (3, True)
    none = cluster.run("verify", "-f", file, "--context", "nosuch")
    assert (none.exit_code, "nosuch" in none.stderr) == (3, True)
    assert "s3cr3t" not in away.output + none.output


@pytest.mark.parametrize("asked", [True, False])
def test_declared_nodes_are_asked_over_ssh_unless_told_not_to(served: Serve, asked: bool) -> None:
    nodes = {"n1": {"host": "127.0.0.1", "port": 1, "hostKey": HOST_KEY}}
    cluster, file = served({"lan": c.lan()}, c.node("n1"), nodes=nodes)
    cluster.never.add("default/lan")
    options = [] if asked else ["--no-ask-nodes"]
    told: Result = cluster.run("verify", "-f", file, "--timeout", "5", *options)
    assert told.exit_code == 1
    assert ("asking 1 node over SSH" in told.stderr) is asked
    assert ("n1 could not be asked over SSH" in told.stdout) is asked


HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7f0v0vRkmZ4bWkqkQd0m2cM0c8oH3xq1kGkq0mO9cA"
