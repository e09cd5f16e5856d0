"""`multinet verify`, as it is called: addresses that others have, and pods that do not answer."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, codes


def test_an_address_that_somebody_elses_pod_has_is_told_before_reachability(served: Serve) -> None:
    cluster, file = served({"lan": c.per_node()})
    cluster.given = {("default/lan", "n1"): ["10.7.0.5"], ("default/lan", "n2"): ["10.7.0.6"]}
    cluster.refusing.add("10.7.0.6")
    cluster.pods.append(user("web", "n1", "10.7.0.6"))
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    one, two = sorted(document["rows"], key=lambda r: r["node"])
    assert codes(one) == []
    assert codes(two) == ["live-duplicate-address"]
    assert "shop/web on n1 and one of verify's" in two["findings"][0]["rule"]
    assert two["causes"] == []
    assert two["reachability"] == "not tried: same address"


def test_a_pod_that_is_gone_by_now_is_in_nobodys_way(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    gone = user("web", "n1", "10.7.0.102")
    cluster.pods.append(gone)
    begin = cluster.started

    def start(pod: dict[str, Any]) -> None:
        begin(pod)
        cluster.pods[:] = [p for p in cluster.pods if p is not gone]

    cluster.started = start
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document


def test_a_range_that_two_nodes_hand_out_is_told_whatever_their_counters(served: Serve) -> None:
    cluster, file = served({"lan": c.per_node()})
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    addresses = {r["addresses"][0] for r in document["rows"]}
    assert addresses == {"10.7.0.2/24", "10.7.0.102/24"}, "no address was given twice"
    assert [codes(r) for r in document["rows"]] == [["live-shared-range"]] * 2


def test_a_refused_connection_is_no_blocked_l2(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.refusing.add("10.7.0.102")
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    one, two = sorted(document["rows"], key=lambda r: r["node"])
    assert codes(one) == ["live-wrong-answer"]
    assert codes(one, "causes") == []
    assert "refuses the connection" in one["findings"][0]["rule"]
    assert codes(two) == []


def test_an_address_that_does_not_answer_is_a_blocked_l2(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.unreachable.add("10.7.0.102")
    _, document = cluster.document("verify", "-f", file)
    one, _ = sorted(document["rows"], key=lambda r: r["node"])
    assert (codes(one), codes(one, "causes")) == (["live-unreachable"], ["live-l2-blocked"])


def user(name: str, on: str, address: str) -> dict[str, Any]:
    """Somebody's pod on network lan."""
    entry = {"name": "default/lan", "interface": "net1", "ips": [address]}
    return {
        "metadata": {
            "name": name,
            "namespace": "shop",
            "annotations": {c.NETWORKS: "default/lan", c.STATUS: json.dumps([entry])},
        },
        "spec": {"nodeName": on},
        "status": {"phase": "Running"},
    }
