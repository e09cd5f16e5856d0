"""Add-ons and networks with a block for each node, by the engine: there, unchanged, and gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import rig
from rig.demo import manifests, sample
from rig.images import whereabouts
from rig.images.plugins import plugins_archive
from tests.cluster.reliability.site import LEFT, STATE
from tests.engine.conftest import Deployed
from tests.images import kubectl_archive

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


def macvlan(**ipam: Any) -> dict[str, Any]:
    return {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}


SECTIONS: dict[str, Any] = {
    "addons": {"cniPlugins": {"plugins": ["macvlan", "static"]}, "whereabouts": True},
    "networks": {
        "wide": {"config": macvlan(type="whereabouts", range="10.66.0.0/24")},
        "own": {
            "config": macvlan(type="host-local", subnet="10.67.0.0/16"),
            "perNode": {"blockSize": 24},
        },
    },
}
STAYS_OF_MULTUS = LEFT["thick"] | {f"{STATE}/results"}
CLUSTER_WIDE = "namespace,crd,clusterrole,clusterrolebinding"
NAMESPACED = "daemonset,deployment,job,cronjob,configmap,secret,serviceaccount,role,rolebinding"


@pytest.fixture(scope="module")
def images(cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a registry would have."""
    quiet = rig.Progress(quiet=True)
    archive = kubectl_archive(tmp_path_factory.mktemp("images"))
    for image in (plugins_archive(quiet), whereabouts.archive(quiet), archive):
        cluster.load_image(image)


def there(cluster: rig.Cluster) -> dict[str, set[str]]:
    """Objects by kind and name, and what the node has where CNI's files are."""
    said = json.loads(cluster.kubectl("get", f"{CLUSTER_WIDE},{NAMESPACED}", "-A", "-o", "json"))
    objects = {f"{o['kind']}/{o['metadata']['name']}" for o in said["items"]}
    places = ("/etc/cni", "/opt/cni/bin", "/var/lib/multinet", "/var/lib/cni/multus")
    files = cluster.node_run(["find", *places], check=False).stdout
    return {"objects": objects, "files": set(files.splitlines())}


@pytest.fixture
def attached(deployed: Deployed) -> Iterator[Deployed]:
    """Pods go while Multus is still there to detach them."""
    yield deployed
    deployed.cluster.kubectl("delete", "pod", "wide", "own", "--ignore-not-found", "--wait")


@pytest.mark.usefixtures("images")
def test_addons_and_blocks_come_serve_stay_the_same_and_go(attached: Deployed) -> None:
    cluster, before = attached.cluster, there(attached.cluster)
    attached.configure(**SECTIONS)
    assert set(attached.up()) == {"create"}
    for name, prefix in (("wide", "10.66.0."), ("own", "10.67.")):
        cluster.kubectl("apply", "-f", "-", input=json.dumps(sample.pod(name, networks=name)))
        cluster.kubectl("wait", "--for=condition=Ready", "--timeout=120s", f"pod/{name}")
        pod = json.loads(cluster.kubectl("get", "pod", name, "-o", "json"))
        (net1,) = [s for s in manifests.network_status(pod) if s.get("interface") == "net1"]
        assert [ip.startswith(prefix) for ip in net1["ips"]] == [True]
    assert set(attached.up()) == {"same"}
    cluster.kubectl("delete", "pod", "wide", "own", "--wait")
    attached.destroy()
    assert attached.resources() == 0
    after = there(cluster)
    assert after["objects"] <= before["objects"]
    assert after["files"] - before["files"] <= STAYS_OF_MULTUS
