"""Attaching running pods by the add-on, as a user has it: beside thick, guarded, with few rights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from multinet import versions
from multinet.names import NETWORKS
from tests.unit.addons.test_addons import before
from tests.unit.addons.test_addons import planned as planned_whole
from tests.unit.addons.test_whereabouts import PRIMARY, of, planned, pod_of, validated

POLICY, DAEMON_SET = "dynamic-networks-policy", "dynamic-networks-daemonset"


def config(given: object = True, **more: Any) -> dict[str, Any]:
    return {"primaryCni": PRIMARY, "networks": {}, "addons": {"dynamicNetworks": given}, **more}


def test_one_line_brings_the_controller_and_what_guards_it(project: Path) -> None:
    found = planned_whole(project, config())
    ours = {name: r for name, r in found.items() if name.startswith("dynamic-networks-")}
    assert {name: r.type for name, r in ours.items()} == {
        "dynamic-networks-account": "kubernetes:core/v1:ServiceAccount",
        "dynamic-networks-cluster-role": "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "dynamic-networks-cluster-role-binding": (
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
        ),
        "dynamic-networks-config": "kubernetes:core/v1:ConfigMap",
        DAEMON_SET: "kubernetes:apps/v1:DaemonSet",
        POLICY: "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
        f"{POLICY}-binding": (
            "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
        ),
    }
    guards = {found[POLICY].urn, found[f"{POLICY}-binding"].urn}
    assert guards <= before(DAEMON_SET, found), "there is no moment without the guard"


def test_its_image_is_pinned_and_comes_from_the_mirror(project: Path) -> None:
    found = planned(project, config(multus={"registry": "registry.example.org/mirror"}))
    (container,) = pod_of(found[DAEMON_SET])["containers"]
    name = "k8snetworkplumbingwg/multus-dynamic-networks-controller"
    expected = f"registry.example.org/mirror/{name}:{versions.DYNAMIC_NETWORKS}"
    assert container["image"] == expected


@pytest.mark.parametrize(
    ("given", "multus", "socket"),
    [
        (True, {}, "/run/containerd/containerd.sock"),
        (True, {"distribution": "k3s"}, "/run/k3s/containerd/containerd.sock"),
        ({"criSocket": "/run/crio/crio.sock"}, {}, "/run/crio/crio.sock"),
        (True, {"distribution": "microk8s"}, "/var/snap/microk8s/common/run/containerd.sock"),
    ],
)
def test_it_sees_where_sockets_are_made_so_that_new_ones_are_seen(
    project: Path, given: object, multus: dict[str, Any], socket: str
) -> None:
    found = planned(project, config(given, multus=multus))
    pod = pod_of(found[DAEMON_SET])
    paths = {v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v}
    # Multus's daemon makes the directory of its socket anew.
    elsewhere = {socket.rpartition("/")[0]} if not socket.startswith("/run/") else set()
    assert paths == {"/run", *elsewhere}
    (container,) = pod["containers"]
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
    assert json.loads(found["dynamic-networks-config"]["data"]["config.json"]) == {
        "criSocketPath": f"/host{socket}",
        "multusSocketPath": "/host/run/multus/multus.sock",
    }


def test_it_is_not_privileged(project: Path) -> None:
    pod = pod_of(planned(project, config())[DAEMON_SET])
    (container,) = pod["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "privileged" not in container["securityContext"]
    assert "hostNetwork" not in pod


@pytest.mark.parametrize("isolation", [True, False])
def test_the_policy_says_what_multus_is_told(project: Path, isolation: bool) -> None:
    multus = {"namespaceIsolation": isolation, "globalNamespaces": ["shared"]}
    spec = planned(project, config(multus=multus))[POLICY]["spec"]
    said = json.dumps(spec["validations"])
    assert ("shared" in said) is isolation
    assert "name every network's interface" in said
    assert NETWORKS in said
    assert spec["failurePolicy"] == "Fail"


def test_beside_thin_it_is_refused(tmp_path: Path) -> None:
    (told,) = of(
        validated(tmp_path, config(multus={"mode": "thin"})), "dynamic-networks-without-daemon"
    )
    assert (told["severity"], told["path"]) == ("error", "multinet:addons.dynamicNetworks")
    for given, mode in ((False, "thin"), (True, "thick")):
        found = validated(tmp_path, config(given, multus={"mode": mode}))
        assert of(found, told["code"]) == []


@pytest.mark.parametrize("socket", ["/crio.sock", "/run/crio/", "run/crio.sock"])
def test_a_socket_is_in_a_directory_of_its_own(tmp_path: Path, socket: str) -> None:
    found = validated(tmp_path, config({"criSocket": socket}))
    assert {f["path"] for f in found if f["severity"] == "error"} == {
        "multinet:addons.dynamicNetworks.criSocket"
    }


@pytest.mark.parametrize("given", [False, None])
def test_off_there_is_nothing_of_it(project: Path, given: bool | None) -> None:
    addons = {} if given is None else {"dynamicNetworks": given}
    found = planned(project, config() | {"addons": addons})
    assert [name for name in found if name.startswith("dynamic")] == []
