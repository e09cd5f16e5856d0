"""From what a cluster shows to an environment that validates and means the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multinet import paths
from multinet.adopt import convert, files
from multinet.adopt.convert import Adopted
from multinet.multus import objects
from multinet.multus.settings import MultusSettings
from multinet.networks import nad as nads
from multinet.stack.load import check_config
from tests.unit.adopt import clusters as c

OWNER = "multinet/prod"


def adopted(*found: dict[str, Any], cluster: Any = c.kubespray, **options: Any) -> Adopted:
    return convert(c.seen(*found, **cluster()), OWNER, **options)


def test_a_nads_configuration_is_kept_as_it_is() -> None:
    result = adopted(c.nad("blue", c.MACVLAN, labels={"team": "net"}))
    assert result.complete
    blue = result.config["networks"]["blue"]
    assert blue == {"namespace": "default", "labels": {"team": "net"}, "config": c.MACVLAN}
    checked, _ = check_config(result.config)
    assert checked is not None
    made = nads.manifest("blue", checked.networks["blue"])
    assert json.loads(made["spec"]["config"]) == {**c.MACVLAN, "name": "blue"}
    assert made["metadata"]["labels"]["team"] == "net"


def test_a_device_plugins_resource_and_own_annotations_are_kept() -> None:
    notes = {"k8s.v1.cni.cncf.io/resourceName": "intel.com/vf", "team.example/owner": "me",
             "kubectl.kubernetes.io/last-applied-configuration": "{}"}  # fmt: skip
    sriov = {"cniVersion": "1.0.0", "type": "sriov", "vlan": 100}
    network = adopted(c.nad("fast", sriov, annotations=notes)).config["networks"]["fast"]
    assert network["resourceName"] == "intel.com/vf"
    assert network["annotations"] == {"team.example/owner": "me"}


@pytest.mark.parametrize("spec", [{}, {"config": ""}, None])
def test_a_nad_whose_configuration_the_nodes_have_is_taken_as_that(spec: Any) -> None:
    notes = {"k8s.v1.cni.cncf.io/resourceName": "intel.com/vf"}
    found = {**c.nad("fast", "", annotations=notes), "spec": spec}
    result = adopted(found, c.nad("blue", c.MACVLAN))

    assert result.complete
    assert result.config["networks"]["fast"] == {
        "namespace": "default",
        "resourceName": "intel.com/vf",
        "perNode": "provided",
    }
    checked, _ = check_config(result.config)
    assert checked is not None
    assert nads.manifest("fast", checked.networks["fast"])["spec"] == {}
    assert "default/fast" in files.import_list(result)
    json.loads(files.claim(result, OWNER))


MULTUS = {
    "upstream's thick": (
        c.upstream_thick,
        {"mode": "thick", "namespaceIsolation": False},
    ),
    "thick with isolation": (
        lambda: c.upstream_thick(namespaceIsolation=True, globalNamespaces="default, shared"),
        {"mode": "thick", "namespaceIsolation": True, "globalNamespaces": ["default", "shared"]},
    ),
    "isolation alone: default is everyone's": (
        lambda: c.upstream_thick(namespaceIsolation=True),
        {"namespaceIsolation": True, "globalNamespaces": ["default"]},
    ),
    "Kubespray's": (
        c.kubespray,
        {"mode": "thin", "namespaceIsolation": False},
    ),
    "on k3s": (
        c.k3s,
        {"mode": "thin", "distribution": "k3s", "globalNamespaces": ["default", "shared"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", MULTUS)
def test_the_multus_that_is_there_is_described_and_left_alone(how: str) -> None:
    cluster, expected = MULTUS[how]
    section = adopted(c.nad("blue", c.MACVLAN), cluster=cluster).config["multus"]
    assert section["enabled"] is False
    assert {key: section[key] for key in expected} == expected


def test_a_multus_of_this_very_stack_stays_its_own() -> None:
    cluster = c.upstream_thick()
    cluster["daemon_sets"][0]["metadata"]["annotations"] = {"multinet.dev/owner": OWNER}
    result = adopted(c.nad("blue", c.MACVLAN), cluster=lambda: cluster)
    assert result.config["multus"]["enabled"] is True, "else the next up would remove it"
    assert any("this stack installed" in note for note in result.notes)


@pytest.mark.parametrize("distribution", sorted(paths.CNI_DIRS))
@pytest.mark.parametrize("mode", ["thick", "thin"])
def test_a_multus_of_this_very_stack_keeps_its_node_s_directories(
    distribution: str, mode: str
) -> None:
    given = {"mode": mode, "distribution": distribution}
    ours = MultusSettings.model_validate(given, by_alias=True, by_name=False)
    item = objects.daemon_set(ours, "10-x.conflist")
    item["metadata"]["annotations"] = {"multinet.dev/owner": OWNER}
    section = adopted(cluster=lambda: {"daemon_sets": [item]}).config["multus"]
    again = MultusSettings.model_validate(section, by_alias=True, by_name=False)
    if mode == "thick":
        assert again.dirs == ours.dirs
    else:  # thin has no business with network namespaces
        assert (again.dirs.conf, again.dirs.bin) == (ours.dirs.conf, ours.dirs.bin)


PRIMARIES = {
    "a pinned one": (
        lambda: c.upstream_thick(multusMasterCNI="07-own.conflist"),
        "07-own.conflist",
    ),
    "by Calico's agents": (c.kubespray, "10-calico.conflist"),
    "flannel inside k3s": (c.k3s, "10-flannel.conflist"),
}


@pytest.mark.parametrize("how", PRIMARIES)
def test_the_primarys_file_is_found(how: str) -> None:
    cluster, expected = PRIMARIES[how]
    result = adopted(cluster=cluster)
    assert result.config["primaryCni"]["confFile"] == expected
    assert "multinet:primaryCni.confFile" not in result.missing


def test_a_primary_that_does_not_show_is_asked_for_and_never_guessed() -> None:
    result = adopted(cluster=c.upstream_thick)
    assert "confFile" not in result.config["primaryCni"]
    assert "multinet:primaryCni.confFile" in result.missing
    assert not result.complete
    two = {"daemon_sets": [c.daemon_set("calico-node", "x"), c.daemon_set("cilium", "y")]}
    assert "multinet:primaryCni.confFile" in adopted(cluster=lambda: two).missing
    given = adopted(cluster=lambda: two, conf_file="05-cilium.conflist")
    assert given.config["primaryCni"]["confFile"] == "05-cilium.conflist"


CIDRS = {
    "kubeadm": (c.kubespray(), ["10.233.64.0/18"], ["10.233.0.0/18"]),
    "neighbouring shares as one": (c.k3s(), ["10.42.0.0/23"], []),
    "Calico's pools, those in use": (
        {"ip_pools": [{"spec": {"cidr": "10.9.0.0/16"}}, {"spec": {"cidr": "10.8.0.0/16", "disabled": True}}]},
        ["10.9.0.0/16"],
        [],
    ),
    "both families of kube-proxy": (
        {"config_maps": {("kube-system", "kube-proxy"): {"config.conf": "clusterCIDR: 10.7.0.0/16,fd07::/48"}}},
        ["10.7.0.0/16", "fd07::/48"],
        [],
    ),
    "ServiceCIDRs": (
        {"service_cidrs": [{"spec": {"cidrs": ["10.6.0.0/16"]}}], "config_maps": {("kube-system", "cilium-config"): {"cluster-pool-ipv4-cidr": "10.5.0.0/16"}}},
        ["10.5.0.0/16"],
        ["10.6.0.0/16"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", CIDRS)
def test_the_clusters_own_networks_come_from_who_wrote_them_down(where: str) -> None:
    cluster, pods, services = CIDRS[where]
    section = adopted(cluster=lambda: cluster).config["primaryCni"]
    assert (section["podCidrs"], section["serviceCidrs"]) == (pods, services)


REFUSED = {
    "no JSON": ("{oops", "JSON"),
    "blanks": (" ", "not JSON"),
    "a mistyped mode": ({**c.MACVLAN, "mode": "brige"}, "config.mode brige: must be one of"),
    "Multus in itself": ({"cniVersion": "0.3.1", "type": "multus"}, "config.type"),
    "the pods' own subnet": (
        {"cniVersion": "0.3.1", "type": "bridge", "ipam": {"type": "host-local", "subnet": "10.233.65.0/24"}},
        "overlaps the pods' addresses",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_nad_that_multinet_refuses_is_listed_with_the_reason(what: str) -> None:
    config, reason = REFUSED[what]
    result = adopted(c.nad("bad", config), c.nad("good", c.MACVLAN))
    assert [*result.config["networks"]] == ["good"]
    (left,) = result.left
    assert (left.name, left.refused) == ("bad", True)
    assert reason in left.reason
    assert not result.complete
    assert check_config(result.config)[0] is not None


MANAGED = {
    "Helm's release net": {"annotations": {"meta.helm.sh/release-name": "net"}},
    "SriovNetwork fast": {"ownerReferences": [{"kind": "SriovNetwork", "name": "fast"}]},
    "Argo CD": {"annotations": {"argocd.argoproj.io/tracking-id": "x"}},
    "Flux's Kustomization nets": {"labels": {"kustomize.toolkit.fluxcd.io/name": "nets"}},
    "multinet's stack multinet/other": {"annotations": {"multinet.dev/owner": "multinet/other"}},
}


@pytest.mark.parametrize("manager", MANAGED)
def test_a_nad_that_somebody_else_writes_is_left_to_them(manager: str) -> None:
    result = adopted(c.nad("theirs", c.MACVLAN, **MANAGED[manager]))
    assert result.config["networks"] == {}
    (left,) = result.left
    assert manager in left.reason
    assert not left.refused
    assert result.complete


def test_what_this_stack_has_marked_already_is_its_own() -> None:
    mine = c.nad("blue", c.MACVLAN, annotations={"multinet.dev/owner": OWNER},
                 labels={"app.kubernetes.io/part-of": "multinet"})  # fmt: skip
    network = adopted(mine).config["networks"]["blue"]
    assert "labels" not in network
    assert "annotations" not in network


def test_of_one_name_in_two_namespaces_the_second_is_listed() -> None:
    other = {**c.MACVLAN, "master": "eth1"}
    found = (c.nad("blue", other, "b"), c.nad("blue", c.MACVLAN, "a"))
    result = adopted(*found)
    assert result.config["networks"]["blue"]["namespace"] == "a"
    assert "--namespace b" in result.left[0].reason
    chosen = adopted(*found, namespaces=["b"])
    assert chosen.config["networks"]["blue"]["namespace"] == "b"
    assert chosen.left == []


def test_the_import_list_names_what_the_program_creates() -> None:
    result = adopted(c.nad("blue", c.MACVLAN), c.nad("blue-nad", {**c.MACVLAN, "master": "eth1"}))
    entries = json.loads(files.import_list(result))["resources"]
    assert len({entry["name"] for entry in entries}) == len(entries), "references are unambiguous"
    shown = [(e["logicalName"], e.get("id"), e.get("component", False)) for e in entries]
    assert shown == [
        ("multinet", None, True),
        ("networks", None, True),
        ("blue", "default/blue", False),
        ("blue-nad", "default/blue-nad", False),
    ]
    environment, networks, *nads = entries
    assert networks["parent"] == environment["name"]
    assert {nad["parent"] for nad in nads} == {networks["name"]}


def test_names_in_commands_are_quoted() -> None:
    result = adopted(c.nad("blue", c.MACVLAN))
    names = files.Names("my import.json", "my claim.json")
    steps = files.steps(result, "multinet/a b", names, {"context": "x; rm -rf /"})
    for quoted in ("'x; rm -rf /'", "'my import.json'", "'my claim.json'"):
        assert any(quoted in step for step in steps)


def test_a_reason_cannot_break_out_of_its_comment() -> None:
    bad = c.nad("bad", {**c.MACVLAN, "mode": "x\nconfig:\n  multinet:multus: {}\n"})
    text = files.stack_file(adopted(bad), "https://x", {})
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert any("default/bad" in line for line in comments)
    assert text.splitlines()[len(comments)] == "config:"


def test_the_same_cluster_gives_the_same_bytes_in_any_order() -> None:
    one = [c.nad(f"n{i}", {**c.MACVLAN, "master": f"eth{i}"}) for i in range(5)]
    texts = {
        (
            files.stack_file(found, "https://x", {}),
            files.import_list(found),
            files.claim(found, OWNER),
        )
        for found in (adopted(*one), adopted(*reversed(one)))
    }
    assert len(texts) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=40), st.just(json.dumps(c.MACVLAN))), max_size=4))
def test_whatever_nads_hold_the_environment_validates(texts: list[str]) -> None:
    found = [c.nad(f"n{i}", text) for i, text in enumerate(texts)]
    result = adopted(*found)
    assert check_config(result.config)[0] is not None
    assert len(result.config["networks"]) + len(result.left) == len(found)
