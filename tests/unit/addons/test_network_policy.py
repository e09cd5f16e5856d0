"""Policies enforced by the add-on, as a user has it: what runs, on which networks, with which rights."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from multinet import versions
from multinet.addons.network_policy import crd, enforced
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.findings.model import check
from tests.unit.addons.test_addons import before
from tests.unit.addons.test_addons import planned as planned_whole
from tests.unit.addons.test_whereabouts import PRIMARY, planned, pod_of, validated

DAEMON_SET = "network-policy-daemonset"


def network(kind: str, **more: Any) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": kind, **more}}


STATIC = {"type": "static", "addresses": [{"address": "10.7.0.2/24"}]}
LAN = network("macvlan", master="eth0")
POLICY = {"networks": ["lan"], "podSelector": {"matchLabels": {"app": "web"}}}


def config(given: object = True, **more: Any) -> dict[str, Any]:
    return {"primaryCni": PRIMARY, "networks": {}, "addons": {"networkPolicy": given}, **more}


def test_one_line_brings_the_enforcer_and_the_kind_before_it(project: Path) -> None:
    found = planned_whole(project, config())
    ours = {name: r for name, r in found.items() if name.startswith("network-policy-")}
    assert {name: r.type for name, r in ours.items()} == {
        "network-policy-crd": "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinitionPatch",
        "network-policy-account": "kubernetes:core/v1:ServiceAccount",
        "network-policy-cluster-role": "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "network-policy-cluster-role-binding": (
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
        ),
        "network-policy-config": "kubernetes:core/v1:ConfigMap",
        DAEMON_SET: "kubernetes:apps/v1:DaemonSet",
    }
    assert found["network-policy"].type == "multinet:index:NetworkPolicyAddon"
    assert found["network-policy-crd"].urn in before(DAEMON_SET, found)


def test_its_image_is_pinned_and_comes_from_the_mirror(project: Path) -> None:
    found = planned(project, config(multus={"registry": "registry.example.org/mirror"}))
    (container,) = pod_of(found[DAEMON_SET])["containers"]
    name = "k8snetworkplumbingwg/multi-networkpolicy-nftables"
    assert container["image"] == (f"registry.example.org/mirror/{name}:{versions.NETWORK_POLICY}")


def flags(project: Path, whole: dict[str, Any]) -> list[str]:
    (container,) = pod_of(planned(project, whole)[DAEMON_SET])["containers"]
    command: list[str] = container["command"]
    return command


@pytest.mark.parametrize(
    ("given", "networks", "told"),
    [
        (True, {"b": network("bridge"), "a": LAN}, "bridge,macvlan"),
        (True, {"a": LAN, "t": network("tap")}, "macvlan"),
        (True, {"a": LAN, "b": network("ipvlan", mode="l3s", ipam=STATIC)}, "macvlan"),
        ({"plugins": ["macvlan", "own", "macvlan"]}, {"b": network("bridge")}, "macvlan,own"),
        (True, {}, ",".join(sorted(enforced.COVERED))),
        (True, {"a": {"perNode": "provided"}}, ",".join(sorted(enforced.COVERED))),
    ],
)
def test_it_is_told_the_types_of_the_declared_networks(
    project: Path, given: object, networks: dict[str, Any], told: str
) -> None:
    assert f"--network-plugins={told}" in flags(project, config(given, networks=networks))


@pytest.mark.parametrize(
    ("given", "multus", "socket"),
    [
        (True, {}, "/run/containerd/containerd.sock"),
        (True, {"distribution": "k3s"}, "/run/k3s/containerd/containerd.sock"),
        ({"criSocket": "/run/crio/crio.sock"}, {}, "/run/crio/crio.sock"),
    ],
)
def test_it_asks_the_runtime_of_its_node_for_pods_of_its_node(
    project: Path, given: object, multus: dict[str, Any], socket: str
) -> None:
    whole = config(given, multus=multus)
    said = flags(project, whole)
    assert f"--container-runtime-endpoint={socket}" in said
    # By the name of the node: a host may be called otherwise.
    assert "--hostname-override=$(NODE_NAME)" in said
    pod = pod_of(planned(project, whole)[DAEMON_SET])
    paths = [v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v]
    assert paths == [socket.rpartition("/")[0], "/proc"], "and not the node's whole file system"
    (container,) = pod["containers"]
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
    assert f"test -S /host{socket}" in container["readinessProbe"]["exec"]["command"][-1]


def test_it_is_not_privileged(project: Path) -> None:
    pod = pod_of(planned(project, config())[DAEMON_SET])
    (container,) = pod["containers"]
    context = container["securityContext"]
    assert context["capabilities"] == {
        "drop": ["ALL"],
        "add": ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"],
    }
    assert context["readOnlyRootFilesystem"] is True
    assert not {"privileged", "hostNetwork", "hostPID"} & {*context, *pod}


@pytest.mark.parametrize("icmp", [False, True])
def test_ping_passes_where_it_is_asked_for(project: Path, icmp: bool) -> None:
    said = flags(project, config({"icmp": icmp}))
    assert ("--accept-icmp" in said, "--accept-icmpv6" in said) == (icmp, icmp)


def rules_file(project: Path) -> str:
    (text,) = planned(project, config())["network-policy-config"]["data"].values()
    return str(text)


def test_neighbours_are_always_found(project: Path) -> None:
    assert "nd-neighbor-solicit" in rules_file(project)
    said = flags(project, config())
    for way in ("ingress", "egress"):
        assert f"--custom-v6-{way}-rule-file=/etc/multinet/ipv6.nft" in said


AS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or any(shutil.which(p) is None for p in ("nft", "unshare", "setpriv")),
    reason="needs root, nft, unshare and setpriv",
)


def in_own_namespaces(script: str) -> subprocess.CompletedProcess[str]:
    """A shell script in a network namespace of its own, which is gone afterwards."""
    ran = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-ec", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "Operation not permitted" in ran.stderr and "unshare" in ran.stderr:
        pytest.skip("no network namespace can be made here")
    return ran


@AS_ROOT
def test_nftables_takes_the_rules(project: Path) -> None:
    rule = rules_file(project).strip()
    ran = in_own_namespaces(
        "nft add table inet t; nft add chain inet t c;"
        f" nft add rule inet t c '{rule} comment \"Custom Rule\"'; nft list table inet t"
    )
    assert ran.returncode == 0, ran.stderr
    assert "nd-neighbor-advert" in ran.stdout
    assert "mld2-listener-report" in ran.stdout


HELD = """
unshare --net setpriv --reuid 1234 --clear-groups sleep 30 >/dev/null 2>&1 &
held=$!
sleep 1
into() {{
    setpriv --bounding-set "$1" --inh-caps "$1" \\
        nsenter "--net=/proc/$held/ns/net" nft add table inet multi_networkpolicy 2>&1
}}
into '{capabilities}' || echo refused
kill $held
"""


@AS_ROOT
@pytest.mark.skipif(shutil.which("nsenter") is None, reason="needs nsenter")
@pytest.mark.parametrize("without", ["", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"])
def test_its_capabilities_are_enough_and_each_is_needed(project: Path, without: str) -> None:
    """Into the network namespace of a pod that is nobody's root, and a table written there."""
    (container,) = pod_of(planned(project, config())[DAEMON_SET])["containers"]
    given = container["securityContext"]["capabilities"]["add"]
    kept = ",".join(["-all", *(f"+{c.lower()}" for c in given if c != without)])
    ran = in_own_namespaces(HELD.format(capabilities=kept))
    assert ran.returncode == 0, ran.stderr
    assert ("refused" in ran.stdout) is bool(without), ran.stdout


def test_it_is_there_for_a_network_where_the_kernel_sees_what_pods_get() -> None:
    def why(given: dict[str, Any], **settings: Any) -> str:
        raw = {"networks": {"lan": given}}
        site, findings = check(SiteSettings, raw)
        assert site is not None, findings
        known = NetworkPolicyAddonSettings(**settings)
        told = enforced.why_not(known, None, site.networks["lan"])
        return "" if told is None else told.why

    for known in (LAN, network("bridge"), network("sriov")):
        assert why(known) == ""
    assert "past the pod's rules" in why(network("tap"))
    assert "not known" in why(network("own"))
    assert why(network("own"), plugins=["own"]) == ""
    assert "none of plugins (own)" in why(LAN, plugins=["own"])
    assert "on the nodes" in why({"perNode": "provided"})


def test_the_kind_holds_networkpolicys_specification() -> None:
    made = crd.custom_resource_definition()
    assert made["metadata"]["name"] == "multi-networkpolicies.k8s.cni.cncf.io"
    (version,) = made["spec"]["versions"]
    spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
    assert spec["required"] == ["podSelector"]
    assert set(spec["properties"]) == {"podSelector", "policyTypes", "ingress", "egress"}
    port = spec["properties"]["egress"]["items"]["properties"]["ports"]["items"]["properties"]
    assert set(port) == {"protocol", "port", "endPort"}


def test_a_policy_is_one_resource_after_the_networks_that_it_is_for(project: Path) -> None:
    networks = {"lan": LAN | {"namespace": "kube-system"}, "san": LAN}
    found = planned_whole(
        project, config(networks=networks, policies={"web": POLICY | {"namespace": "apps"}})
    )
    made = found["web-policy"]
    assert made.type == "kubernetes:k8s.cni.cncf.io/v1beta1:MultiNetworkPolicy"
    metadata = made.inputs["metadata"]
    assert (metadata["name"], metadata["namespace"]) == ("web", "apps")
    assert metadata["annotations"]["k8s.v1.cni.cncf.io/policy-for"] == "kube-system/lan"
    assert metadata["annotations"]["multinet.dev/owner"] == "multinet/test"
    earlier = before("web-policy", found)
    assert {found[DAEMON_SET].urn, found["lan"].urn} <= earlier
    assert found["san"].urn not in earlier


@pytest.mark.parametrize("given", [False, None])
def test_off_there_is_nothing_of_it(project: Path, given: bool | None) -> None:
    addons = {} if given is None else {"networkPolicy": given}
    found = planned(project, config() | {"addons": addons})
    assert [name for name in found if "policy" in name] == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"plugins": []}, "plugins"),
        ({"plugins": ["macvlan,bridge"]}, "plugins[0]"),
        ({"criSocket": "/crio.sock"}, "criSocket"),
        ({"image": "UPPER:v1"}, "image"),
    ],
)
def test_what_cannot_work_is_told_at_its_path(
    tmp_path: Path, given: dict[str, Any], path: str
) -> None:
    found = validated(tmp_path, config(given))
    assert {f["path"] for f in found if f["severity"] == "error"} == {
        f"multinet:addons.networkPolicy.{path}"
    }
