"""The examples, deployed: networks of one stack, a Deployment of another on two of them."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation
from ruamel.yaml import YAML

import rig
from multinet.versions import SAMPLE_IMAGE
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import engine
from rig.demo.environment import PROJECT_DIR, STACK
from rig.demo.manifests import network_status
from tests.engine.conftest import Deployed

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

MACVLAN: dict[str, Any] = {
    "cniVersion": "0.4.0",
    "type": "macvlan",
    "master": "eth0",
    "mode": "bridge",
    "ipam": {"type": "host-local", "subnet": "10.93.0.0/24"},
}
BRIDGE = MACVLAN | {"type": "bridge", "bridge": "br-back"}
BRIDGE = {k: v for k, v in BRIDGE.items() if k not in ("master", "mode")}
BRIDGE["ipam"] = {"type": "host-local", "subnet": "10.94.0.0/24"}
NETWORKS = {"front": {"config": MACVLAN}, "back": {"config": BRIDGE}}


@contextlib.contextmanager
def example(
    name: str, beside: Path, cluster: rig.Cluster, **config: str
) -> Iterator[automation.Stack]:
    """A stack of an example, in the backend of `beside`'s stacks; destroyed at the end."""
    project = beside / name
    shutil.copytree(PROJECT_DIR / "examples" / name, project)
    yaml = YAML()
    document = yaml.load(project / "Pulumi.yaml")
    document["runtime"]["options"]["virtualenv"] = str(PROJECT_DIR / ".venv")
    yaml.dump(document, project / "Pulumi.yaml")
    stack = engine.stack(project, cluster.kubeconfig, STACK)
    for key, value in config.items():
        stack.set_config(f"{document['name']}:{key}", automation.ConfigValue(value))
    try:
        yield stack
    finally:
        stack.destroy()


def test_a_deployment_is_on_two_networks_of_another_stack(
    deployed: Deployed, tmp_path: Path
) -> None:
    deployed.configure(networks=NETWORKS)
    deployed.up()
    kubectl = deployed.cluster.kubectl
    wanted = {"networks": f"organization/multinet/{STACK}", "first": "front", "second": "back"}

    with example("attach", tmp_path, deployed.cluster, **wanted, image=SAMPLE_IMAGE) as stack:
        said = stack.up()
        assert said.outputs["annotation"].value == {
            "k8s.v1.cni.cncf.io/networks": "default/front,default/back@lan"
        }
        (pod,) = json.loads(kubectl("get", "pod", "-l", "app=two-networks", "-o", "json"))["items"]
        addresses = {e["interface"]: e["ips"] for e in network_status(pod) if e.get("interface")}
        assert addresses["net1"][0].startswith("10.93.0.")
        assert addresses["lan"][0].startswith("10.94.0.")
        inside = kubectl("exec", pod["metadata"]["name"], "--", "ip", "a")
        assert addresses["net1"][0] in inside
        assert addresses["lan"][0] in inside

        stack.set_config("multinet-attach:second", automation.ConfigValue("bakc"))
        with pytest.raises(automation.CommandError) as refused:
            stack.up()
        said_so = str(refused.value)
        assert "network-not-published" in said_so
        assert "did you mean 'back'" in said_so
        assert "Traceback" not in said_so.replace("pulumi.automation", "")


def test_components_in_a_stack_of_one_s_own(cluster: rig.Cluster, tmp_path: Path) -> None:
    with example("components", tmp_path, cluster, confFile=PRIMARY_CONFLIST) as stack:
        outputs = stack.up().outputs
        wanted = outputs["annotation"].value["k8s.v1.cni.cncf.io/networks"]
        assert wanted == "default/storage,default/sensors@sensors0"
        again = stack.up().summary.resource_changes or {}
        assert set(again) == {"same"}, "a second update changed something"
        nads = cluster.kubectl("get", "net-attach-def", "-o", "name")
        assert {n.rpartition("/")[2] for n in nads.split()} >= {"storage", "sensors"}
    assert "multus" not in cluster.kubectl("get", "daemonset", "-A", "-o", "name")
