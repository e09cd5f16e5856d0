"""What others have in the cluster is not written over, and can be handed over."""

from __future__ import annotations

import json

import pytest
from pulumi import automation

from tests.engine.conftest import Deployed
from tests.engine.test_removal import CRD, network

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


def test_others_network_of_that_name_is_refused_before_anything_is_created(
    deployed: Deployed,
) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    kubectl("label", "crd", CRD, "--field-manager=helm", "kept=yes")
    deployed.destroy()
    kubectl("apply", "-f", "-", input=network("macvlan-conf"))
    try:
        assert deployed.preview().get("create", 0) > 0, "a preview only warns"
        with pytest.raises(automation.CommandError) as refused:
            deployed.up()
        text = str(refused.value)
        assert "owned-by-others" in text
        assert "multinet:networks.macvlan-conf" in text
        assert deployed.objects() == []
        annotate = (
            "annotate",
            "net-attach-def",
            "macvlan-conf",
            "multinet.dev/owner=multinet/demo",
        )
        kubectl(*annotate)
        deployed.up()
        config = kubectl("get", "net-attach-def", "macvlan-conf", "-o", "jsonpath={.spec.config}")
        assert json.loads(config)["type"] == "macvlan", "handed over, it is brought to the stack's"
        assert set(deployed.up()) == {"same"}
    finally:
        kubectl("delete", "net-attach-def", "macvlan-conf", "--ignore-not-found")
        deployed.destroy()
        kubectl("delete", "crd", CRD, "--ignore-not-found")


def test_a_second_multus_is_refused(deployed: Deployed) -> None:
    kubectl = deployed.cluster.kubectl
    theirs = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "kube-multus-ds", "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": {"app": "multus"}},
            "template": {
                "metadata": {"labels": {"app": "multus"}},
                "spec": {
                    "nodeSelector": {"none": "such"},
                    "containers": [{"name": "m", "image": "ghcr.io/x/multus-cni:v4.3.0"}],
                },
            },
        },
    }
    kubectl("apply", "-f", "-", input=json.dumps(theirs))
    try:
        with pytest.raises(automation.CommandError) as refused:
            deployed.up()
        assert "another-multus" in str(refused.value)
        assert deployed.objects() == []
    finally:
        kubectl("delete", "daemonset", "kube-multus-ds", "--wait")
