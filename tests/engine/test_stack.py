"""up, no-op up, refresh, destroy, refusal, kill: by the real engine."""

from __future__ import annotations

import json

import pytest
from pulumi import automation

from rig.demo import sample
from tests.engine.conftest import Deployed

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


def test_a_first_preview_on_a_cluster_without_the_crd_passes(deployed: Deployed) -> None:
    assert deployed.preview().get("create", 0) > 0


def test_up_gives_a_pod_its_second_interface_and_a_second_up_changes_nothing(
    deployed: Deployed,
) -> None:
    created = deployed.up()
    assert set(created) == {"create"}
    proof = sample.run(deployed.cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
    assert set(deployed.up()) == {"same"}
    assert set(deployed.refresh()) == {"same"}
    networks = deployed.outputs()["networks"]
    assert networks["macvlan-conf"]["reference"] == "default/macvlan-conf"


def test_changing_the_mode_updates_in_place(deployed: Deployed) -> None:
    deployed.up()
    deployed.configure(multus={"mode": "thin"})
    changes = deployed.up()
    assert changes.get("replace", 0) == 0
    assert "update" in changes
    assert set(deployed.up()) == {"same"}
    proof = sample.run(deployed.cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []


def test_drift_is_seen_and_restored(deployed: Deployed) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    daemon_set = ("-n", "kube-system", "daemonset", "multinet-multus")
    kubectl("delete", "net-attach-def", "macvlan-conf")
    # By another field manager: setting it back is a conflict that has to be won.
    changed = {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 7}}}}
    kubectl("patch", *daemon_set, "--field-manager=someone", "-p", json.dumps(changed))
    seen = deployed.refresh()
    assert seen.get("delete") == 1
    assert seen.get("update") == 1
    assert "create" in deployed.up()
    found = json.loads(kubectl("get", *daemon_set, "-o", "json"))
    assert found["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 10
    assert "NetworkAttachmentDefinition/macvlan-conf" in deployed.objects()
    assert set(deployed.up()) == {"same"}


def test_a_network_edited_by_hand_is_set_back(deployed: Deployed) -> None:
    deployed.up()
    kubectl = deployed.cluster.kubectl
    read = ("get", "net-attach-def", "macvlan-conf", "-o", "jsonpath={.spec.config}")
    declared = kubectl(*read)
    edited = json.dumps({"spec": {"config": declared.replace("bridge", "private")}})
    kubectl("patch", "net-attach-def", "macvlan-conf", "--type=merge", "-p", edited)
    assert kubectl(*read) != declared
    assert deployed.refresh().get("update") == 1
    assert deployed.up().get("update") == 1
    assert kubectl(*read) == declared


def test_a_bad_configuration_is_refused_without_a_traceback_and_nothing_is_created(
    deployed: Deployed,
) -> None:
    deployed.configure(multus={"mode": "thik"})
    with pytest.raises(automation.CommandError) as refused:
        deployed.up()
    text = str(refused.value)
    assert "multinet:multus.mode" in text
    assert "did you mean 'thick'?" in text
    # The engine stops the program; the refusal itself must come without a traceback.
    assert "Traceback" not in text.partition("multinet:multus.mode")[0]
    assert deployed.objects() == []
