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


def test_a_node_that_it_is_not_meant_for_lacks_nothing(served: Serve) -> None:
    pool = {"example.com/fast": {"links": ["ens1f0"]}}
    chosen = {"kubernetes.io/os": "linux", "sriov": "there"}
    cluster, file = served({"lan": c.lan()}, addons={"sriov": {"pools": pool}})
    plugin, layer = daemon_set(), daemon_set()
    plugin["metadata"]["name"] = "multinet-sriov-device-plugin"
    plugin["spec"]["template"]["spec"]["nodeSelector"] = chosen
    layer["metadata"]["name"] = "multinet-sriov-cni"
    cluster.lists["/apis/apps/v1/daemonsets"].extend([plugin, layer])
    cluster.pods.extend([pod("n1")])
    _, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert finding["rule"].startswith("multinet-sriov-cni is not ready on n2: it has no pod there")


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


# --- whereabouts: its agent on each node, and its reconciler once ------------------------

AGENT = {
    "app.kubernetes.io/name": "whereabouts",
    "app.kubernetes.io/component": "ipam-agent",
    "app.kubernetes.io/part-of": "multinet",
}
RECONCILER = {**AGENT, "app.kubernetes.io/component": "ipam-reconciler"}
_DEPLOYMENTS = "/apis/apps/v1/deployments"


def reconciler(*, ready: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """The Deployment and its pod."""
    running = pod("n1", ready=ready)
    running["metadata"] |= {"name": "reconciler-x", "labels": RECONCILER}
    deployment = {
        "metadata": {"name": "multinet-whereabouts-reconciler", "namespace": "kube-system"},
        "spec": {"selector": {"matchLabels": RECONCILER}, "template": {"spec": {}}},
        "status": {"readyReplicas": 1} if ready else {},
    }
    return deployment, running


def agents(cluster: Any, *nodes: str) -> None:
    made = daemon_set()
    made["metadata"]["name"] = "multinet-whereabouts"
    made["spec"]["selector"]["matchLabels"] = AGENT
    cluster.lists["/apis/apps/v1/daemonsets"].append(made)
    for node in nodes:
        one = pod(node)
        one["metadata"] |= {"name": f"agent-{node}", "labels": AGENT}
        cluster.pods.append(one)


def test_whereabouts_that_runs_is_nothing_to_tell(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons={"whereabouts": True})
    agents(cluster, "n1", "n2")
    deployment, running = reconciler(ready=True)
    cluster.lists[_DEPLOYMENTS] = [deployment]
    cluster.pods.append(running)
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["findings"]) == (0, [])


def test_a_reconciler_that_fails_is_told_with_its_own_words(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons={"whereabouts": True})
    agents(cluster, "n1", "n2")
    deployment, running = reconciler(ready=False)
    cluster.lists[_DEPLOYMENTS] = [deployment]
    cluster.pods.append(running)
    said = "a run failed: ippools is forbidden; again in a minute"
    cluster.logs["reconciler-x"] = f"multinet: {said}\n"
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert finding["code"] == "live-addon-not-ready"
    assert finding["path"] == "multinet:addons.whereabouts"
    assert said in finding["rule"]
    assert "logs deployment/multinet-whereabouts-reconciler" in finding["wayOut"]


def test_an_agent_that_is_missing_on_a_node_and_a_reconciler_that_is_not_there(
    served: Serve,
) -> None:
    cluster, file = served({"lan": c.lan()}, addons={"whereabouts": True})
    agents(cluster, "n1")
    cluster.lists[_DEPLOYMENTS] = []
    _, document = cluster.document("verify", "-f", file)
    told = {finding["code"]: finding["rule"] for finding in document["findings"]}
    assert "multinet-whereabouts is not ready on n2" in told["live-addon-not-ready"]
    assert "multinet-whereabouts-reconciler" in told["live-addon-missing"]


def test_a_dhcp_daemon_is_asked_for_only_where_a_network_uses_dhcp(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, addons={"dhcpDaemon": True})
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["findings"]) == (0, [])
