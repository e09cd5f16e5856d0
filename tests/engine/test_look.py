"""One look at the cluster before an `up`: what is refused, and what is told while Multus starts."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from rig.cluster.addresses import POD_CIDR, SERVICE_CIDR
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import manifests, sample
from tests.engine.conftest import Deployed
from tests.engine.test_removal import CRD, crds

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


def bridge(third: int, **more: Any) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"10.7.{third}.0/24"}
    return {"cniVersion": "1.0.0", "type": "bridge", "bridge": f"look{third}", "ipam": ipam, **more}


def primary(conf_file: str = PRIMARY_CONFLIST) -> dict[str, Any]:
    cidrs = {"podCidrs": [POD_CIDR], "serviceCidrs": [SERVICE_CIDR]}
    return {"plugin": "existing", "confFile": conf_file, **cidrs}


def refused(deployed: Deployed) -> str:
    """What an `up` that is refused says; nothing of it was registered."""
    before = deployed.stack.export_stack().deployment.get("resources") or []
    with pytest.raises(automation.CommandError) as error:
        deployed.up()
    after = deployed.stack.export_stack().deployment.get("resources") or []
    # The stack itself is there as soon as a program runs.
    assert {r["urn"] for r in after} - {r["urn"] for r in before} <= {
        r["urn"] for r in after if r["type"] == "pulumi:pulumi:Stack"
    }
    text = str(error.value)
    assert "Traceback" not in text
    return text


def test_a_namespace_that_is_not_there_is_refused_before_anything_is_registered(
    deployed: Deployed,
) -> None:
    networks = {"lab": {"namespace": "not-there", "config": bridge(1)}}
    deployed.configure(networks=networks)
    said = refused(deployed)
    assert "error[namespace-missing] multinet:networks.lab.namespace" in said
    assert "way out: kubectl create namespace not-there" in said
    assert deployed.objects() == []
    preview = deployed.stack.preview()
    assert "namespace-missing" in preview.stderr + preview.stdout
    deployed.cluster.kubectl("create", "namespace", "not-there")
    try:
        assert deployed.up()["create"] > 5
        deployed.destroy()
    finally:
        deployed.cluster.kubectl("delete", "namespace", "not-there")


@pytest.mark.parametrize("mode", ["thick", "thin"])
def test_a_file_that_the_primary_does_not_write_ends_an_up_soon_and_says_which_are_there(
    deployed: Deployed, mode: str
) -> None:
    deployed.configure(primaryCni=primary("10-wrong.conflist"), multus={"mode": mode})
    started = time.monotonic()
    with pytest.raises(automation.CommandError) as failed:
        deployed.up()
    took = time.monotonic() - started
    said = str(failed.value)
    print(f"{mode}: {took:.0f} s\n{said[-3000:]}")
    assert took < 120, "rolloutTimeout is ten minutes"
    assert "error[multus-not-started] multinet:primaryCni.confFile" in said
    assert "rig: waits for 10-wrong.conflist" in said
    if mode == "thick":
        assert f"its CNI directory has {PRIMARY_CONFLIST}" in said
    assert "Multus is not ready on rig: waits for 10-wrong.conflist" in said, "said meanwhile"
    assert "Traceback" not in said
    assert "multus-not-started" in refused(deployed), "what did not change is no better"
    deployed.configure(primaryCni=primary(), multus={"mode": mode})
    deployed.up()
    assert set(deployed.up()) == {"same"}


def test_a_kubeconfig_that_is_not_there_is_refused_and_another_path_to_it_is_no_change(
    deployed: Deployed, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("first", "second")]
    for path in paths:
        shutil.copy(deployed.cluster.kubeconfig, path)
    deployed.configure(kubeconfig=str(paths[0]))
    assert set(deployed.up()) == {"create"}
    deployed.configure(kubeconfig=str(tmp_path / "not-there"))
    said = refused(deployed)
    assert "error[cluster-unreachable] multinet:kubeconfig" in said
    assert "not-there is not a file" in said
    deployed.configure(kubeconfig=str(paths[1]))
    assert set(deployed.up()) == {"same"}
    (user,) = json.loads(deployed.cluster.kubeconfig.read_text())["users"]
    files = [p for p in (deployed.project.parent / "state").rglob("*.json") if p.is_file()]
    state = "".join(p.read_text() for p in files)
    assert "multus-daemonset" in state
    assert user["user"]["client-key-data"] not in state, "a secret is encrypted in the state"
    for path in paths:
        path.unlink()
    assert deployed.destroy().get("delete"), "a destroy needs no file"


def test_a_network_renamed_while_a_pod_is_on_it_is_refused(deployed: Deployed) -> None:
    kubectl = deployed.cluster.kubectl
    deployed.configure(networks={"old": {"config": bridge(2)}})
    deployed.up()
    kubectl("apply", "-f", "-", input=json.dumps(sample.pod("renaming", "old")))
    kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/renaming")
    try:
        deployed.configure(networks={})
        said = refused(deployed)
        assert "error[network-in-use] multinet:networks.old" in said
        assert "1 pod (pod renaming in default) ask for it" in said
        deployed.configure(networks={"old": {"config": bridge(2), "protect": False}})
        assert set(deployed.up()) == {"same", "update"}, "it may go now"
        deployed.configure(networks={"new": {"config": bridge(2)}})
        said = refused(deployed)
        assert "network-in-use" not in said
        assert "error[addresses-given-again] multinet:networks.new" in said
        assert "pod default/renaming has addresses of network old" in said
        deployed.configure(networks={"new": {"config": bridge(2, name="old")}})
        deployed.up()
        kubectl("apply", "-f", "-", input=json.dumps(sample.pod("renamed", "new")))
        kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/renamed")
        given = [_net1(kubectl("exec", p, "--", "ip", "a")) for p in ("renaming", "renamed")]
        assert len(set(given)) == 2, "the books were kept"
    finally:
        kubectl("delete", "pod", "renaming", "renamed", "--ignore-not-found", "--wait")


def _net1(ip_a: str) -> str:
    return next(word for word in ip_a.split() if word.startswith("10.7.2."))


def test_what_kubectl_applied_of_the_rendered_is_taken_over_and_goes_with_the_crd(
    deployed: Deployed, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    manifests.render_environment(deployed.project / "Pulumi.demo.yaml", out)
    manifests.apply(out, deployed.cluster)
    assert set(deployed.up()) == {"create"}
    assert f"removed the CRD {CRD}" in deployed.destroy_said()
    assert deployed.objects() == []
    assert CRD not in crds(deployed)
