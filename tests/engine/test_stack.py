"""up, no-op up, refresh, destroy, refusal, kill: by the real engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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
    kubectl("delete", "net-attach-def", "macvlan-conf")
    kubectl("-n", "kube-system", "label", "daemonset", "multinet-multus", "tampered=yes")
    assert "delete" in deployed.refresh()
    assert "create" in deployed.up()
    assert "NetworkAttachmentDefinition/macvlan-conf" in deployed.objects()


def test_destroy_leaves_no_object_but_the_crd_and_pods_start_on_the_primary(
    deployed: Deployed,
) -> None:
    deployed.up()
    assert deployed.objects()
    deployed.destroy()
    assert deployed.objects() == []
    assert "k8s.cni.cncf.io" in deployed.cluster.kubectl("get", "crd", "-o", "name")
    assert set(deployed.up()) == {"create"}, "a CRD that stayed is no obstacle"


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


@pytest.mark.parametrize("after_seconds", [1.5, 4.0, 6.0])
def test_a_killed_up_is_finished_by_the_next_one(deployed: Deployed, after_seconds: float) -> None:
    script = (
        "import sys; from pathlib import Path; from rig.demo import engine;"
        "engine.up(engine.stack(Path(sys.argv[1]), Path(sys.argv[2])), print)"
    )
    arguments = [str(deployed.project), str(deployed.cluster.kubeconfig)]
    root = Path(__file__).resolve().parents[2]
    running = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"PYTHONPATH": f"{root}:{root / 'components'}"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after_seconds)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    deployed.stack.cancel()
    deployed.up()
    assert set(deployed.up()) == {"same"}
    proof = sample.run(deployed.cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
