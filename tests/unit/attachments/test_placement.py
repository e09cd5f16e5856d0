"""The affinity that keeps pods on nodes that can serve their networks, as programs ask for it."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from multinet import Macvlan, Network, affinity, affinity_from
from multinet.findings import InvalidEnvironment
from multinet.networks.checks.view import NetworkView
from tests.unit.attachments.asking import lan_view
from tests.unit.reuse import monitor


def on(name: str, **labels: str) -> NetworkView:
    view = lan_view(name)
    return NetworkView(view.name, view.namespace, view.config, node_selector=labels)


def terms(made: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    required = made["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    (term,) = required["nodeSelectorTerms"]
    return [(e["key"], e["operator"], e["values"]) for e in term["matchExpressions"]]


def test_a_pod_lands_where_all_of_its_networks_are() -> None:
    made = affinity(on("lan", rack="a"), on("san", rack="a", disk="ssd"), on("wan"))
    assert terms(made) == [("disk", "In", ["ssd"]), ("rack", "In", ["a"])]


def test_networks_of_every_node_keep_a_pod_from_none() -> None:
    assert affinity(on("lan"), on("wan")) == {}


def test_networks_without_a_common_node_are_refused() -> None:
    with pytest.raises(InvalidEnvironment) as refused:
        affinity(on("lan", rack="a"), on("san", rack="b"))
    (finding,) = refused.value.findings
    assert (finding.code, finding.path) == ("no-common-node", ("san", "nodeSelector"))
    assert "its nodes have rack=b, those of 'lan' rack=a" in finding.rule
    assert isinstance(refused.value, pulumi.RunError)


@pytest.mark.parametrize("later", [False, True])
def test_a_program_gives_its_networks_known_or_not(later: bool) -> None:
    exported: dict[str, Any] = {}

    def program() -> None:
        rack = pulumi.Output.from_input("a") if later else "a"
        lan = Network("lan", Macvlan(master="eth1"), node_selector={"rack": rack})
        pulumi.Output.from_input(affinity(lan)).apply(exported.update)

    monitor.run(monitor.Monitor(), program)
    assert terms(exported) == [("rack", "In", ["a"])]


OUTPUTS = {
    "lan": {"reference": "default/lan", "nodeSelector": {"rack": "a"}},
    "wan": {"reference": "default/wan"},
}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(["lan", "wan"], [("rack", "In", ["a"])]), (["wan"], None)],
)
def test_networks_of_another_stack_are_known_by_its_outputs(
    wanted: list[str], expected: object
) -> None:
    exported: list[Any] = []

    def program() -> None:
        affinity_from(OUTPUTS, *wanted).apply(exported.append)

    monitor.run(monitor.Monitor(), program)
    assert (terms(exported[0]) if exported[0] else None) == expected


def test_a_network_that_the_other_stack_lacks_is_refused_in_words() -> None:
    def program() -> None:
        pulumi.export("affinity", affinity_from(OUTPUTS, "lna"))

    with pytest.raises(pulumi.RunError) as refused:
        monitor.run(monitor.Monitor(), program)
    assert "did you mean 'lan'" in str(refused.value)
    assert json.dumps(OUTPUTS) not in str(refused.value)
