"""Running pods attached and detached: what guards it on a real API server, and the real controller."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import rig
from multinet.addons.dynamic_networks import guard, objects
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.site import SiteSettings
from multinet.names import NETWORKS
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.images import dynamic_networks as image
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PATIENCE = 90.0
SECRET = "other/secret"


def pod(name: str, annotation: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "lab", "annotations": {NETWORKS: annotation}},
        "spec": {"containers": [{"name": "c", "image": "example.org/x:v1"}]},
    }


@pytest.fixture(scope="module")
def guarded(api_server: rig.ControlPlane) -> Iterator[rig.ControlPlane]:
    """An API server with the policy, as it is shipped, and a namespace with a pod."""
    settings, site = DynamicNetworksAddonSettings(), SiteSettings()
    rights = (objects.account, objects.cluster_role, objects.cluster_role_binding)
    made = [build(settings, site) for build in (*rights, guard.policy, guard.binding)]
    text = "\n---\n".join(map(json.dumps, made))
    api_server.kubectl("create", "namespace", "lab")
    # Made by a controller, where one runs.
    api_server.kubectl("create", "serviceaccount", "default", "-n=lab", check=False)
    api_server.kubectl("create", "-f", "-", input=json.dumps(pod("there", "lan")))
    api_server.kubectl("apply", "--server-side", "-f", "-", input=text)
    # It is looked at some moments after it is written.
    assert at_last(lambda: "may use networks" in tried(api_server, SECRET), PATIENCE)
    yield api_server
    api_server.kubectl("delete", "-f", "-", input=text)
    api_server.kubectl("delete", "namespace", "lab")


def answer(server: rig.ControlPlane, *arguments: str, input: str | None = None) -> str:
    """What the API server says against it; empty: nothing."""
    ran = server.kubectl_run(*arguments, "--dry-run=server", "-n=lab", input=input)
    return ran.stderr if ran.returncode else ""


def tried(server: rig.ControlPlane, annotation: str) -> str:
    return answer(server, "create", "-f", "-", input=json.dumps(pod("new", annotation)))


@pytest.mark.parametrize(
    "annotation",
    [
        "",
        "lan",
        "lan@net1,lab/san@net2",
        "default/shared, kube-system/shared",
        '[{"name": "lan"}]',
        '[{"name": "shared", "namespace": "default", "ips": ["10.0.0.1"]}]',
    ],
)
def test_a_pod_may_ask_for_what_multus_gives_it(guarded: rig.ControlPlane, annotation: str) -> None:
    assert tried(guarded, annotation) == ""


@pytest.mark.parametrize(
    "annotation",
    [
        SECRET,
        f"lan, {SECRET}@net2",
        " other / secret",
        '[{"name": "secret", "namespace": "other"}]',
        '[{"name": "a", "namespace": "lab", "namespace": "other"}]',
        '[{"name": "secret", "NameSpace" :\n "other"}]',
        '[{"name": "secret", "n\\u0061mespace": "other"}]',
        '[{"name": "secret", "name\u017fpace": "other"}]',
    ],
)
def test_networks_of_others_are_refused_however_they_are_written(
    guarded: rig.ControlPlane, annotation: str
) -> None:
    said = tried(guarded, annotation)
    assert "ValidatingAdmissionPolicy 'multinet-dynamic-networks'" in said


def test_a_running_pod_is_held_to_the_same_by_every_way_to_it(guarded: rig.ControlPlane) -> None:
    merge = json.dumps({"metadata": {"annotations": {NETWORKS: f"{SECRET}@net2"}}})
    for way in ((), ("--subresource=status",)):
        said = answer(guarded, "patch", "pod", "there", "--type=merge", *way, "-p", merge)
        assert "pods of lab may use networks of their own namespace" in said, way

    def annotate(text: str) -> str:
        return answer(guarded, "annotate", "pod", "there", "--overwrite", text)

    assert annotate(f"{NETWORKS}=lan@net1,default/shared@net2") == ""
    assert annotate(f"{NETWORKS}-") == ""
    # The controller would take the one without an interface for another one.
    assert "name every network's interface" in annotate(f"{NETWORKS}=lan,san@net2")
    by_json = '[{"name": "lan"}, {"name": "san", "interface": "net2"}]'
    assert "name every network's interface" in annotate(f"{NETWORKS}={by_json}")
    # What it had before is not looked at.
    assert annotate("team=a") == ""


@pytest.mark.parametrize(
    ("verb", "resource", "allowed"),
    [
        ("watch", "pods", True),
        ("update", "pods/status", True),
        ("watch", "network-attachment-definitions.k8s.cni.cncf.io", True),
        ("patch", "events", True),
        ("update", "pods", False),
        ("update", "network-attachment-definitions.k8s.cni.cncf.io", False),
        ("get", "secrets", False),
        ("create", "pods/exec", False),
        ("get", "nodes", False),
    ],
)
def test_the_controller_may_do_no_more_than_it_needs(
    guarded: rig.ControlPlane, verb: str, resource: str, allowed: bool
) -> None:
    name, _, group = resource.partition(".")
    alone, _, sub = name.partition("/")
    of = {"verb": verb, "group": group, "resource": alone, "subresource": sub, "namespace": "lab"}
    user = "system:serviceaccount:kube-system:multinet-dynamic-networks"
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": ["system:authenticated"], "resourceAttributes": of},
    }
    said = guarded.kubectl("create", "-f", "-", "-o=json", input=json.dumps(review))
    assert bool(json.loads(said)["status"].get("allowed")) is allowed


# --- the real controller ----------------------------------------------------------------------


def macvlan(number: int) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"10.89.{number}.0/24"}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}
    return {"config": config, "ignore": {"host-local-on-shared-l2": "one node"}}


@pytest.fixture(scope="module")
def attaching(
    cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[rig.Cluster]:
    """A node with Multus thick and the add-on, two networks and a pod on one of them."""
    archive = image.archive(rig.Progress(quiet=True))
    if archive is None:
        pytest.skip(f"no {image.PROGRAM} on PATH: it is in no registry of modules")
    cluster.load_image(archive)
    directory = tmp_path_factory.mktemp("attaching")
    overrides = {
        **RigCluster().overrides(),
        "networks": {"lan": macvlan(1), "san": macvlan(2)},
        "addons": {"dynamicNetworks": True},
    }
    out = directory / "out"
    manifests.render_environment(write_stack_file(directory, overrides), out)
    manifests.apply(out, cluster)
    one = sample.pod("one", networks="lan@net1")
    cluster.kubectl("apply", "-f", "-", input=json.dumps(one))
    cluster.kubectl("wait", "--for=condition=Ready", "pod/one", f"--timeout={PATIENCE:.0f}s")
    yield cluster
    cluster.kubectl("delete", "pod", "one", "--wait", "--ignore-not-found")
    for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
        cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def inside(cluster: rig.Cluster) -> set[str]:
    """The pod's own further interfaces."""
    said = cluster.kubectl("exec", "one", "--", "ls", "/sys/class/net")
    return {link for link in said.split() if link.startswith("net")}


def told(cluster: rig.Cluster) -> dict[str, str]:
    """Interface → network, as the pod's network-status has them."""
    read = json.loads(cluster.kubectl("get", "pod", "one", "-o=json"))
    return {
        s["interface"]: s["name"] for s in manifests.network_status(read) if not s.get("default")
    }


def annotate(cluster: rig.Cluster, networks: str) -> None:
    cluster.kubectl("annotate", "pod", "one", "--overwrite", f"{NETWORKS}={networks}")


def test_a_running_pod_is_attached_and_detached(attaching: rig.Cluster) -> None:
    before = json.loads(attaching.kubectl("get", "pod", "one", "-o=json"))["status"]
    assert inside(attaching) == {"net1"}

    annotate(attaching, "lan@net1,san@net2")
    expected = {"net1": "default/lan", "net2": "default/san"}
    assert at_last(lambda: told(attaching) == expected, PATIENCE), told(attaching)
    assert inside(attaching) == {"net1", "net2"}
    address = attaching.kubectl("exec", "one", "--", "ip", "-4", "addr", "show", "net2")
    assert "10.89.2." in address

    annotate(attaching, "lan@net1")
    assert at_last(lambda: told(attaching) == {"net1": "default/lan"}, PATIENCE), told(attaching)
    assert inside(attaching) == {"net1"}
    after = json.loads(attaching.kubectl("get", "pod", "one", "-o=json"))["status"]
    restarts = [s["containerStatuses"][0]["restartCount"] for s in (before, after)]
    assert restarts == [0, 0], "all of it in the pod that runs"


def test_it_goes_on_when_multus_made_its_socket_anew(attaching: rig.Cluster) -> None:
    """It sees /run, and not the socket or the directory of before."""
    multus = ("-n=kube-system", "daemonset/multinet-multus")
    attaching.kubectl("rollout", "restart", *multus)
    attaching.kubectl("rollout", "status", *multus, f"--timeout={PATIENCE:.0f}s")
    annotate(attaching, "lan@net1,san@net3")
    assert at_last(lambda: told(attaching).get("net3") == "default/san", PATIENCE), told(attaching)
    annotate(attaching, "lan@net1")
    assert at_last(lambda: inside(attaching) == {"net1"}, PATIENCE)
