"""`multinet verify`, as it is called, where Multus is not as it should be."""

from __future__ import annotations

import json

import pytest

from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve


def test_a_multus_that_waits_for_a_file_is_told_with_the_files_name(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    down = next(p for p in cluster.pods if p["metadata"]["name"] == "multus-n2")
    down["status"]["conditions"] = []
    down["status"]["containerStatuses"] = [{"name": "multus", "ready": False, "state": {}}]
    waits = "waiting for 10-x.conflist; in the node's CNI directory: 05-y.conflist"
    cluster.logs["multus-n2"] = f"multinet: {waits}\n"
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert finding["code"] == "live-multus-not-ready"
    assert finding["rule"].startswith("Multus is not ready on n2: its pod is running and not ready")
    assert waits in finding["rule"]
    assert "10-x.conflist" in finding["wayOut"]
    assert "primaryCni.confFile" in finding["wayOut"]
    assert {(r["node"], r["verdict"]) for r in document["rows"]} == {
        ("n1", "ok"),
        ("n2", "not tried"),
    }


@pytest.mark.parametrize(
    "log",
    [
        "cannot read master CNI config json: open /host/etc/cni/net.d/10-x.conflist: no such file",
        "2026-01-01T00:00:00Z [error] failed to access the primary CNI configuration from"
        " /host/etc/cni/net.d/10-x.conflist: stat: no such file or directory",
    ],
    ids=["thin", "thick"],
)
def test_upstreams_own_words_name_the_file_too(served: Serve, log: str) -> None:
    cluster, file = served({})
    for pod in cluster.pods:
        pod["status"]["conditions"] = []
        cluster.logs[pod["metadata"]["name"]] = f"first\n{log}\n\n"
    _, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert "on n1, n2" in finding["rule"], "nodes with the same trouble are told together"
    assert "writes 10-x.conflist" in finding["wayOut"]


def test_a_multus_that_is_pinned_to_another_file_is_told(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    (data,) = [m["data"] for m in cluster.lists["/api/v1/configmaps"]]
    data["daemon-config.json"] = json.dumps({"multusMasterCNI": "05-other.conflist"})
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert (finding["code"], finding["path"]) == (
        "live-primary-differs",
        "multinet:primaryCni.confFile",
    )
    assert "05-other.conflist" in finding["rule"]


def test_a_companion_of_multus_is_no_multus(served: Serve) -> None:
    cluster, file = served({})
    other = c.daemon_set("dynamic-networks-controller")
    (container,) = other["spec"]["template"]["spec"]["containers"]
    container |= {
        "name": "c",
        "command": ["/dynamic-networks-controller"],
        "image": "ghcr.io/k8snetworkplumbingwg/multus-dynamic-networks-controller:latest",
    }
    cluster.lists["/apis/apps/v1/daemonsets"] = [other]
    code, document = cluster.document("verify", "-f", file)
    assert (code, [f["code"] for f in document["findings"]]) == (1, ["live-multus-missing"])
