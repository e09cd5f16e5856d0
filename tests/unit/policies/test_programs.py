"""Policies from programs: typed, with values that are known later, and by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from multinet import (
    AddonsArgs,
    Environment,
    EnvironmentArgs,
    Macvlan,
    NetworkArgs,
    NetworkPolicy,
    NetworkPolicyAddonArgs,
    PolicyArgs,
    PolicyIngress,
    PolicyPeer,
    PolicyPort,
    PolicySelector,
)
from tests.unit.reuse.monitor import Monitor
from tests.unit.typed.test_from_config import run as with_config
from tests.unit.typed.test_program import later, refused, run

POLICY_FOR = "k8s.v1.cni.cncf.io/policy-for"


def policies(engine: Monitor) -> dict[str, dict[str, Any]]:
    return {
        made.inputs["metadata"]["name"]: made.inputs
        for made in engine.made.values()
        if made.inputs.get("kind") == "MultiNetworkPolicy"
    }


def web(**more: Any) -> PolicyArgs:
    given: dict[str, Any] = {
        "networks": ["lan"],
        "pod_selector": PolicySelector(match_labels={"app": "web"}),
        "ingress": [
            PolicyIngress(
                from_=[PolicyPeer(pod_selector=PolicySelector(match_labels={"app": "proxy"}))],
                ports=[PolicyPort(port=80)],
            )
        ],
    }
    return PolicyArgs(**(given | more))


def environment(**sections: Any) -> None:
    given: dict[str, Any] = {
        "networks": {"lan": NetworkArgs(config=Macvlan(master="eth0"))},
        "addons": AddonsArgs(network_policy=NetworkPolicyAddonArgs()),
        "policies": {"web": web()},
    }
    Environment("edge", EnvironmentArgs(**(given | sections)))


SPEC = {
    "podSelector": {"matchLabels": {"app": "web"}},
    "policyTypes": ["Ingress"],
    "ingress": [
        {
            "from": [{"podSelector": {"matchLabels": {"app": "proxy"}}}],
            "ports": [{"protocol": "TCP", "port": 80}],
        }
    ],
}


def test_typed_it_is_the_same_as_in_a_stack_file() -> None:
    made = policies(run(environment))["web"]
    assert made["spec"] == SPEC
    assert made["metadata"]["annotations"][POLICY_FOR] == "default/lan"


def test_by_itself_it_is_one_resource() -> None:
    def program() -> None:
        NetworkPolicy("web", web(), namespaces={"lan": "shared"})

    (made,) = policies(run(program)).values()
    assert made["spec"] == SPEC
    assert made["metadata"]["annotations"][POLICY_FOR] == "shared/lan"


def test_values_of_other_resources_are_waited_for() -> None:
    def program() -> None:
        labels = PolicySelector(match_labels={"app": later("web")})
        lan = NetworkArgs(config=Macvlan(master=later("eth0")), namespace=later("default"))
        environment(policies={"web": web(pod_selector=labels)}, networks={"lan": lan})

    made = policies(run(program))["web"]
    assert made["spec"] == SPEC
    assert made["metadata"]["annotations"][POLICY_FOR] == "default/lan"


def test_a_network_that_is_not_known_yet_is_there_all_the_same() -> None:
    def program() -> None:
        environment(networks={"lan": NetworkArgs(config=Macvlan(master=later("eth0")))})

    assert policies(run(program))["web"]["spec"] == SPEC


def test_what_is_wrong_is_told_before_anything_is_made() -> None:
    said, engine = refused(lambda: environment(policies={"web": web(networks=["lna"])}))
    assert "policy-network-unknown" in said
    assert "did you mean 'lan'" in said
    assert not engine.made


def test_a_program_adds_policies_to_those_of_its_stack() -> None:
    def program(more: str) -> Callable[[], Environment]:
        return lambda: Environment.from_config(policies={more: web()})

    of_file = json.dumps({"of-the-file": {"networks": ["lan"]}})
    lan = {"lan": {"config": {"cniVersion": "1.0.0", "type": "bridge"}}}
    config: dict[str, Any] = {
        "networks": json.dumps(lan),
        "addons": '{"networkPolicy": true}',
        "policies": of_file,
    }
    said, engine, _ = with_config(program("web"), **config)
    assert (said, set(policies(engine))) == ("", {"of-the-file", "web"})
    said, _, _ = with_config(program("of-the-file"), **config)
    assert "duplicate-key" in said


@pytest.mark.parametrize(
    ("name", "code"), [("Web_Policy", "not-a-dns-label"), ("w" * 60, "policy-name-too-long")]
)
@pytest.mark.parametrize("waits", [False, True])
def test_by_itself_its_name_is_looked_at_too(name: str, code: str, waits: bool) -> None:
    def program() -> None:
        labels = PolicySelector(match_labels={"app": later("web") if waits else "web"})
        NetworkPolicy(name, web(namespace="n" * 63, pod_selector=labels))

    said, engine = refused(program)
    assert f"error[{code}]" in said
    assert not policies(engine)
