"""destroy: what goes, what stays, and what the user is told of it."""

from __future__ import annotations

import json

import pytest
from pulumi import automation

from rig.demo import sample
from tests.engine.conftest import Deployed

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

CRD = "network-attachment-definitions.k8s.cni.cncf.io"


def network(name: str) -> str:
    """Someone else's network, by hand."""
    return json.dumps(
        {
            "apiVersion": "k8s.cni.cncf.io/v1",
            "kind": "NetworkAttachmentDefinition",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"config": json.dumps({"cniVersion": "1.0.0", "type": "bridge"})},
        }
    )


def crds(deployed: Deployed) -> str:
    return deployed.cluster.kubectl("get", "crd", "-o", "name")


def test_destroy_leaves_no_object_no_crd_and_pods_start_on_the_primary_alone(
    deployed: Deployed,
) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    sample.run(kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    said = deployed.destroy_said()
    assert deployed.objects() == []
    assert CRD not in crds(deployed)
    assert f"removed the CRD {CRD}" in said
    kubectl("delete", "pod", sample.NAME, "--wait")
    kubectl("apply", "-f", "-", input=json.dumps(sample.pod("later")))
    kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/later")
    assert "net1" not in kubectl("exec", "later", "--", "ip", "a")
    kubectl("delete", "pod", "later", "--wait")


def test_a_protected_stack_is_not_destroyed_before_it_is_meant(deployed: Deployed) -> None:
    deployed.configure(protect=True)
    deployed.up()
    before, known = deployed.objects(), deployed.resources()
    with pytest.raises(automation.CommandError) as refused:
        deployed.destroy()
    assert "is protected" in str(refused.value)
    assert (deployed.objects(), deployed.resources()) == (before, known), "nothing was deleted"
    # A ConfigMap is changed in its place: made anew it would be refused.
    deployed.configure(protect=True, multus={"logLevel": "debug"})
    assert deployed.up().get("update", 0) >= 2
    assert deployed.objects() == before
    deployed.configure(protect=True, networks={})
    with pytest.raises(automation.CommandError) as refused:
        deployed.up()
    assert "is protected" in str(refused.value)
    assert deployed.objects() == before
    deployed.configure(protect=False)
    assert set(deployed.up()) == {"same"}
    deployed.destroy()
    assert deployed.objects() == []


def test_the_crd_stays_while_others_have_networks_and_the_user_is_told(deployed: Deployed) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    kubectl("apply", "-f", "-", input=network("theirs"))
    said = deployed.destroy_said()
    assert f"kept the CRD {CRD}" in said
    assert "default/theirs" in said
    assert "theirs" in kubectl("get", "net-attach-def", "-o", "name")
    assert "macvlan-conf" not in kubectl("get", "net-attach-def", "-o", "name")
    kubectl("delete", "net-attach-def", "theirs")
    assert set(deployed.up()) == {"create"}, "a CRD that stayed is no obstacle"
    deployed.destroy()
    assert CRD not in crds(deployed)


def test_a_crd_that_others_manage_as_well_stays(deployed: Deployed) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    kubectl("label", "crd", CRD, "--field-manager=helm", "app.kubernetes.io/managed-by=Helm")
    assert "helm" in deployed.destroy_said()
    assert CRD in crds(deployed)
    kubectl("delete", "crd", CRD)
