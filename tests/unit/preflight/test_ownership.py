"""Which objects of a live cluster stand in a stack's way."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings import Finding
from multinet.names import OWNER
from multinet.preflight.beside_addons import beside_addons
from multinet.preflight.look import Seen
from multinet.preflight.namespaces import missing_namespaces
from multinet.preflight.ownership import ownership
from multinet.preflight.wanted import Name
from multinet.primary_cni.agents import AGENTS, agent_of
from multinet.stack.settings import StackSettings

ME = "multinet/dev"


def stack(**sections: Any) -> StackSettings:
    config = {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "networks": {"blue": {"config": {"cniVersion": "1.0.0", "type": "bridge"}}},
    }
    return StackSettings.model_validate(config | sections, by_alias=True, by_name=False)


def check(declared: StackSettings, owner: str, seen: Seen) -> list[Finding]:
    return [*ownership(declared, owner, seen)]


def thing(name: str, namespace: str = "default", owner: str = "", image: str = "x") -> Any:
    metadata: dict[str, Any] = {"name": name, "namespace": namespace}
    if owner:
        metadata["annotations"] = {OWNER: owner}
    template = {"spec": {"containers": [{"name": "c", "image": image}]}}
    return {"metadata": metadata, "spec": {"template": template}}


def namespaces(*names: str) -> dict[Name, Any]:
    return {Name("v1", "Namespace", "", name): {"metadata": {"name": name}} for name in names}


def codes(found: list[Finding]) -> list[str]:
    return [f"{f.code} {f.where}" for f in found]


def test_an_empty_cluster_and_one_that_is_ours_are_in_nobodys_way() -> None:
    assert check(stack(), ME, Seen()) == []
    ours = Seen(
        networks=[thing("blue", owner=ME)],
        daemon_sets=[thing("multinet-multus", "kube-system", ME, "ghcr.io/k/multus-cni:v1")],
    )
    assert check(stack(), ME, ours) == []


@pytest.mark.parametrize("owner", ["", "multinet/staging"])
def test_a_network_of_that_name_and_namespace_is_others_unless_it_is_marked(owner: str) -> None:
    (found,) = check(stack(), ME, Seen(networks=[thing("blue", owner=owner)]))
    assert codes([found]) == ["owned-by-others multinet:networks.blue"]
    assert f"{OWNER}={ME}" in found.way_out
    assert ("staging" in found.rule) is bool(owner)
    assert check(stack(), ME, Seen(networks=[thing("blue", "elsewhere"), thing("red")])) == []


def test_another_multus_is_refused_only_where_this_stack_installs_one() -> None:
    theirs = Seen(
        daemon_sets=[thing("kube-multus-ds", "kube-system", image="r/multus-cni:v4@sha256:0")]
    )
    assert codes(check(stack(), ME, theirs)) == ["another-multus multinet:multus"]
    assert check(stack(multus={"enabled": False}), ME, theirs) == []
    # A registry called multus is no Multus.
    other = Seen(daemon_sets=[thing("app", image="multus.example/app:1")])
    assert check(stack(), ME, other) == []


def test_a_namespace_that_others_made_is_not_taken_over_and_deleted() -> None:
    seen = Seen(objects=namespaces("default", "multus-system"))
    asked = stack(multus={"namespace": "multus-system"})
    (found,) = check(asked, ME, seen)
    assert codes([found]) == ["owned-by-others multinet:multus.namespace"]
    assert found.way_out.startswith("name another one")
    assert check(stack(), ME, Seen(objects=namespaces("default", "kube-system"))) == []


@pytest.mark.parametrize(
    ("manager", "refused"), [("kubectl", True), ("pulumi-kubernetes-0a1b", False)]
)
def test_the_operators_namespace_that_somebody_made_is_not_taken_over(
    manager: str, refused: bool
) -> None:
    there = namespaces("default", "tigera-operator")
    there[Name("v1", "Namespace", "", "tigera-operator")]["metadata"]["managedFields"] = [
        {"manager": manager}
    ]
    found = check(stack(primaryCni={"plugin": "calico"}), ME, Seen(objects=there))
    assert codes(found) == (["owned-by-others multinet:primaryCni.plugin"] if refused else [])


def test_a_multus_of_another_stack_is_not_told_to_take_another_name() -> None:
    theirs = thing("multinet-multus", "kube-system", "multinet/other")
    name = Name("apps/v1", "DaemonSet", "kube-system", "multinet-multus")
    (found,) = check(stack(), ME, Seen(daemon_sets=[theirs], objects={name: theirs}))
    assert codes([found]) == ["owned-by-others multinet:multus"]
    assert found.way_out.startswith("multus.enabled: false uses the Multus that is there")


@pytest.mark.parametrize(
    ("plugin", "name", "namespace", "manager", "refused"),
    [
        ("calico", "cilium", "kube-system", "helm", True),
        ("calico", "calico-node", "kube-system", "kubectl", True),
        ("calico", "calico-node", "calico-system", "operator", True),
        ("cilium", "cilium", "kube-system", "helm", True),
        ("cilium", "cilium", "kube-system", "pulumi-kubernetes-0a1b", False),
        ("cilium", "kube-flannel-ds", "kube-flannel", "kubectl", True),
        ("cilium", "rke2-canal", "kube-system", "helm", True),
        ("existing", "cilium", "kube-system", "helm", False),
        ("cilium", "web", "default", "kubectl", False),
    ],
)
def test_a_second_primary_is_refused(
    plugin: str, name: str, namespace: str, manager: str, refused: bool
) -> None:
    item = thing(name, namespace)
    item["metadata"]["managedFields"] = [{"manager": manager}]
    primary = {"plugin": plugin} | ({"confFile": "x.conflist"} if plugin == "existing" else {})
    found = check(stack(primaryCni=primary), ME, Seen(daemon_sets=[item]))
    assert codes(found) == (["another-primary multinet:primaryCni.plugin"] if refused else [])
    item["metadata"]["annotations"] = {OWNER: ME}
    assert check(stack(primaryCni=primary), ME, Seen(daemon_sets=[item])) == []


AGENTS_SEEN = [
    *((name, agent.namespace or "kube-system") for name, agent in AGENTS.items()),
    ("kube-flannel-ds-amd64", "kube-system"),
    ("kube-flannel-ds-s390x", "kube-system"),
]


@pytest.mark.parametrize(("name", "namespace"), AGENTS_SEEN)
def test_every_known_agent_of_a_primary_is_told_with_its_file(name: str, namespace: str) -> None:
    seen = Seen(daemon_sets=[thing(name, namespace)])
    plugin = "cilium" if name == "calico-node" else "calico"

    (found,) = check(stack(primaryCni={"plugin": plugin}), ME, seen)

    assert codes([found]) == ["another-primary multinet:primaryCni.plugin"]
    agent = agent_of(thing(name, namespace))
    assert agent is not None
    assert agent.project in found.rule
    assert agent.file in found.way_out


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        ("sdn", "default"),
        ("netd", "monitoring"),
        ("cilium-envoy", "kube-system"),
        ("web", "default"),
    ],
)
def test_what_only_sounds_like_a_primary_is_none(name: str, namespace: str) -> None:
    seen = Seen(daemon_sets=[thing(name, namespace)])
    assert check(stack(primaryCni={"plugin": "calico"}), ME, seen) == []


def test_calicos_agents_are_ours_when_what_its_operator_installs_is() -> None:
    agents = [thing("calico-node", "calico-system")]
    asked = stack(primaryCni={"plugin": "calico"})
    ours = Seen(daemon_sets=agents, installations=[thing("default", "", owner=ME)])
    theirs = Seen(daemon_sets=agents, installations=[thing("default", "")])
    assert check(asked, ME, ours) == []
    assert codes(check(asked, ME, theirs)) == ["another-primary multinet:primaryCni.plugin"]


def test_an_add_on_that_others_run_and_one_that_a_cut_off_destroy_left() -> None:
    asked = stack(addons={"cniPlugins": True})
    theirs = thing("multinet-cni-plugins", "kube-system", "multinet/staging")
    name = Name("apps/v1", "DaemonSet", "kube-system", "multinet-cni-plugins")
    seen = Seen(daemon_sets=[theirs], objects={name: theirs})
    (found,) = check(asked, ME, seen)
    assert codes([found]) == ["owned-by-others multinet:addons.cniPlugins"]
    assert check(stack(), ME, seen) == []
    ours = thing("multinet-cni-plugins", "kube-system", ME)
    assert check(asked, ME, Seen(daemon_sets=[ours])) == []
    (container,) = ours["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": "TAKE_AWAY", "value": "yes"}]
    (found,) = check(asked, ME, Seen(daemon_sets=[ours]))
    assert codes([found]) == ["addon-taking-away multinet:addons.cniPlugins"]
    assert "--refresh" in found.way_out


def test_a_policy_of_that_name_that_others_made_is_not_written_over() -> None:
    sections = {
        "networks": {"lan": {"config": {"cniVersion": "1.0.0", "type": "bridge"}}},
        "policies": {"web": {"networks": ["lan"], "namespace": "apps"}},
        "addons": {"networkPolicy": True},
    }
    name = Name("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", "apps", "web")
    seen = Seen(objects={name: thing("web", "apps")})
    (found,) = check(stack(**sections), ME, seen)
    assert codes([found]) == ["owned-by-others multinet:policies.web"]
    assert "multi-networkpolicy web" in found.way_out
    assert check(stack(**sections), ME, Seen(objects={name: thing("web", "apps", ME)})) == []


def test_a_policys_namespace_has_to_be_there() -> None:
    sections = {
        "networks": {"lan": {"config": {"cniVersion": "1.0.0", "type": "bridge"}}},
        "policies": {"a": {"networks": ["lan"]}, "b": {"networks": ["lan"], "namespace": "apps"}},
        "addons": {"networkPolicy": True},
    }
    seen = Seen(namespaces={"default": {"metadata": {}}})
    (found,) = missing_namespaces(stack(**sections), seen)
    assert codes([found]) == ["namespace-missing multinet:policies.b.namespace"]
    assert "policy b would stand in it" in found.rule


@pytest.mark.parametrize(
    ("image", "command", "told"),
    [
        ("ghcr.io/k8snetworkplumbingwg/multi-networkpolicy-nftables:v0.1.0", [], True),
        ("ghcr.io/k8snetworkplumbingwg/multi-networkpolicy-iptables:snapshot", [], True),
        ("quay.io/openshift/x@sha256:0", ["/usr/bin/multi-networkpolicy-nftables"], True),
        ("example.org/networkpolicy-nftables-exporter:v1", [], False),
    ],
)
def test_a_second_enforcer_of_policies_is_refused(
    image: str, command: list[str], told: bool
) -> None:
    item = thing("enforcer", "openshift-multus", image=image)
    item["spec"]["template"]["spec"]["containers"][0]["command"] = command
    seen = Seen(daemon_sets=[item])
    found = [*beside_addons(stack(addons={"networkPolicy": True}), ME, seen)]
    assert codes(found) == ["another-enforcer multinet:addons.networkPolicy"] * told
    ours = thing("multinet-network-policy", "kube-system", ME, image=image)
    for given, there in ((False, item), (True, ours)):
        declared = stack(addons={"networkPolicy": given})
        assert [*beside_addons(declared, ME, Seen(daemon_sets=[there]))] == []
