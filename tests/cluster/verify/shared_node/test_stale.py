"""`multinet verify --stale`: pods that are not on their networks as these are now."""

from __future__ import annotations

import json
import time

import pytest

from rig.demo import sample
from tests.cluster.verifying import (
    Environment,
    bridge,
    wait_until,
)

pytestmark = pytest.mark.cluster


def test_stale_finds_a_workload_after_its_network_changed_and_not_before(
    dev: Environment,
) -> None:
    file = dev.declare("stale", {"moving": {"config": bridge(12)}})
    metadata = {"name": "web", "namespace": "default"}
    pod = sample.pod("web", networks="moving")
    template = {
        "metadata": {"labels": {"app": "web"}, "annotations": pod["metadata"]["annotations"]},
        "spec": pod["spec"],
    }
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(workload))
    try:
        dev.cluster.kubectl("rollout", "status", "deployment/web", "--timeout=180s")
        code, document = dev.document(file, "--stale")
        assert (code, document["stale"]) == (0, [])
        assert document["networks"] == ["default/moving"]
        time.sleep(1.1)  # the API server's times are in whole seconds
        dev.nad("moving", "default", json.dumps({"name": "moving", **bridge(12, mtu=1400)}))
        ran = dev.verify(file, "--stale")
        assert ran.returncode == 1
        command = "kubectl rollout restart deployment/web -n default"
        assert command in ran.stdout.splitlines()
        dev.cluster.kubectl(*command.split()[1:])
        dev.cluster.kubectl("rollout", "status", "deployment/web", "--timeout=180s")

        def settled() -> bool:
            return dev.document(file, "--stale")[0] == 0

        wait_until(settled)
    finally:
        dev.cluster.kubectl("delete", "deployment", "web", "--wait=true")
        dev.drop("moving")


def test_where_multus_is_away_nothing_is_started_and_what_started_is_stale(
    dev: Environment,
) -> None:
    daemon_set = ("daemonset/multinet-multus", "--namespace=kube-system")
    selector = {"spec": {"template": {"spec": {"nodeSelector": {"no": "where"}}}}}
    dev.cluster.kubectl("patch", *daemon_set, "--type=merge", "--patch", json.dumps(selector))
    multus = ("pods", "--namespace=kube-system", "--selector=app.kubernetes.io/name=multus")
    dev.cluster.kubectl("wait", "--for=delete", *multus, "--timeout=180s")
    lonely = json.dumps(sample.pod("lonely"))
    try:
        dev.cluster.kubectl("apply", "-f", "-", input=lonely)
        dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/lonely", "--timeout=180s")
        code, document = dev.document(dev.file)
        assert code == 1
        assert [f["code"] for f in document["findings"]] == ["live-multus-not-ready"]
        assert [r["verdict"] for r in document["rows"]] == ["not tried"]
        code, document = dev.document(dev.file, "--stale")
        assert code == 1
        # Other tests' pods may be on this node as well.
        (stale,) = [pod for pod in document["stale"] if pod["pod"] == "lonely"]
        assert "Multus was away" in stale["reasons"][0]
    finally:
        dev.cluster.kubectl("delete", "pod", "lonely", "--wait=true")
        back = [{"op": "remove", "path": "/spec/template/spec/nodeSelector/no"}]
        dev.cluster.kubectl("patch", *daemon_set, "--type=json", "--patch", json.dumps(back))
        dev.cluster.kubectl("rollout", "status", *daemon_set, "--timeout=180s")
