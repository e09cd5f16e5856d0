"""`multinet verify`, as it is called, where an add-on is not as it should be."""

from __future__ import annotations

from typing import Any

from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve

ADDONS = {"cniPlugins": True}
LABELS = {"app.kubernetes.io/name": "cni-plugins", "app.kubernetes.io/part-of": "multinet"}


def daemon_set(**container: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "multinet-cni-plugins", "namespace": "kube-system"},
        "spec": {
            "selector": {"matchLabels": LABELS},
            "template": {"spec": {"containers": [{"name": "cni-plugins", **container}]}},
        },
    }


def pod(node: str, *, ready: bool = True) -> dict[str, Any]:
    status = {"name": "cni-plugins", "ready": ready, "state": {"running": {}}}
    name = f"plugins-{node}"
    return {
        "metadata": {"name": name, "namespace": "kube-system", "labels": LABELS},
        "spec": {"nodeName": node, "containers": [{"name": "cni-plugins"}]},
        "status": {
            "phase": "Running",
            "conditions": [c.READY] if ready else [],
            "containerStatuses": [status],
        },
    }


def test_one_that_runs_on_every_node_is_nothing_to_tell(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons=ADDONS)
    cluster.lists["/apis/apps/v1/daemonsets"].append(daemon_set())
    cluster.pods.extend([pod("n1"), pod("n2")])
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["findings"]) == (0, [])


def test_one_that_is_declared_and_not_there(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons=ADDONS)
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert finding["code"] == "live-addon-missing"
    assert finding["path"] == "multinet:addons.cniPlugins"
    assert {row["verdict"] for row in document["rows"]} == {"ok"}, "networks are tried all the same"


def test_one_that_is_not_ready_is_told_with_its_own_words(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons=ADDONS)
    cluster.lists["/apis/apps/v1/daemonsets"].append(daemon_set())
    cluster.pods.extend([pod("n1"), pod("n2", ready=False)])
    said = "/opt/cni/bin cannot be written: it is read-only on this node; name a directory"
    cluster.logs["plugins-n2"] = f"multinet: {said}\n"
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert finding["code"] == "live-addon-not-ready"
    assert finding["rule"].startswith("multinet-cni-plugins is not ready on n2: its pod is running")
    assert said in finding["rule"]
    assert "n1" not in finding["rule"]
    assert "logs plugins-n2" in finding["wayOut"]


def test_a_node_without_a_pod_of_it(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons=ADDONS)
    cluster.lists["/apis/apps/v1/daemonsets"].append(daemon_set())
    cluster.pods.extend([pod("n1")])
    _, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert "not ready on n2: it has no pod there" in finding["rule"]
    assert "describe daemonset multinet-cni-plugins" in finding["wayOut"]


def test_one_that_a_cut_off_destroy_left_taking_away(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons=ADDONS)
    taking = daemon_set(env=[{"name": "TAKE_AWAY", "value": "yes"}])
    cluster.lists["/apis/apps/v1/daemonsets"].append(taking)
    cluster.pods.extend([pod("n1"), pod("n2")])
    _, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert finding["code"] == "live-addon-not-ready"
    assert "taking away" in finding["rule"]
    assert "--refresh" in finding["wayOut"]


def test_who_has_no_add_on_is_asked_nothing_more(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons={"cniPlugins": False})
    cluster.document("verify", "-f", file)
    assert cluster.asked.count("/apis/apps/v1/namespaces/kube-system/daemonsets") == 1, "Multus's"
