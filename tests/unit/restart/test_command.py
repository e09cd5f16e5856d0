"""`multinet restart`, as it is called, where nothing is to be done or may be."""

from __future__ import annotations

from tests.unit.status.test_command import Serve, pod, served
from tests.unit.verify import clusters as c

__all__ = ["served"]
ATTACHED = {
    "type": "PodReadyToStartContainers",
    "status": "True",
    "lastTransitionTime": "2026-03-01T12:00:01Z",
}
DEPLOYMENTS = "/apis/apps/v1/deployments"


def stale_pod() -> dict[str, object]:
    found = pod("web-1-a", "n1", conditions=[ATTACHED])
    found["metadata"]["annotations"].pop(c.STATUS)  # it started without Multus
    return found


def deployment() -> dict[str, object]:
    return {"metadata": {"name": "web", "namespace": "apps"}, "spec": {}, "status": {}}


def test_where_every_pod_is_on_its_networks_nothing_is_asked(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    ran = cluster.run("restart", "-f", file)
    assert (ran.exit_code, "every pod is on its networks" in ran.stdout) == (0, True), ran.output


def test_a_dry_run_tells_what_would_be_rolled(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.pods.append(stale_pod())
    cluster.lists[DEPLOYMENTS] = [deployment()]
    code, document = cluster.document("restart", "-f", file, "--dry-run")
    assert code == 0
    assert [(w["kind"], w["name"], w["pods"]) for w in document["roll"]] == [
        ("Deployment", "web", ["web-1-a"])
    ]


def test_where_nobody_can_be_asked_yes_is_needed(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.pods.append(stale_pod())
    cluster.lists[DEPLOYMENTS] = [deployment()]
    ran = cluster.run("restart", "-f", file)
    assert (ran.exit_code, "--yes is needed" in ran.stderr) == (2, True), ran.output


def test_what_is_left_alone_exits_1(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.pods.append(stale_pod())  # of a Deployment that is not there any more
    code, document = cluster.document("restart", "-f", file, "--yes")
    assert (code, [p["pod"] for p in document["others"]]) == (1, ["web-1-a"])
