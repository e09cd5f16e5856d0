"""Attaching to networks of another stack: by its outputs, refused as far as those tell."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from multinet import attach_from
from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.published import attach_published
from multinet.findings import InvalidEnvironment, format_path
from multinet.names import NETWORKS
from multinet.networks.resource import summary
from multinet.networks.settings import NetworkSettings
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor

MACVLAN = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}


def _published(namespace: str = "default", **ipam: Any) -> dict[str, Any]:
    """A network's output, by the code that exports it."""
    config: Any = {**MACVLAN, "ipam": ipam or {"type": "host-local", "subnet": "10.1.0.0/24"}}
    return summary("blue", NetworkSettings(config=config, namespace=namespace))


OUTPUTS = {
    "blue": {**_published()},
    "red": {**_published("lab"), "reference": "lab/red"},
    "lan": {**_published(type="dhcp"), "reference": "default/lan"},
}


def _refusals(*wanted: Any, outputs: Any = OUTPUTS, **options: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidEnvironment) as refused:
        attach_published(outputs, *wanted, **options)
    return {(f.code, format_path(f.path)) for f in refused.value.findings}


def test_the_namespace_comes_from_the_other_stack() -> None:
    made = attach_published(OUTPUTS, "blue", "red@data", "lab/red")
    assert made == {NETWORKS: "default/blue,lab/red@data,lab/red"}


def test_an_attachment_that_asks_for_more_keeps_what_it_asks() -> None:
    made = attach_published(OUTPUTS, Attachment("red", ips=["10.1.0.7/24"], interface="data"))
    assert made[NETWORKS] == (
        '[{"name": "red", "namespace": "lab", "interface": "data", "ips": ["10.1.0.7/24"]}]'
    )


def test_every_problem_is_told_at_once() -> None:
    assert _refusals(
        "bleu",
        Attachment("blue", ips=["10.2.0.7"]),
        "other/red",
        "lan@eth0",
        Attachment("blue", ips=["ten"]),
    ) == {
        ("network-not-published", "networks[0].name"),
        ("ip-outside-ranges", "networks[1].ips[0]"),
        ("wrong-namespace", "networks[2].namespace"),
        ("interface-taken", "networks[3].interface"),
        ("not-an-address", "networks[4].ips[0]"),
    }


def test_a_mistyped_network_is_told_the_nearest_one() -> None:
    with pytest.raises(InvalidEnvironment, match="did you mean 'blue'"):
        attach_published(OUTPUTS, "bleu")


def test_where_subnets_are_not_known_any_address_may_be_asked_for() -> None:
    assert attach_published(OUTPUTS, Attachment("lan", ips=["10.2.0.7/24"]))


def test_isolation_is_checked_where_it_is_told() -> None:
    isolation = Isolation(("default",))
    assert attach_published(OUTPUTS, "red", pod_namespace="lab", isolation=isolation)
    told = _refusals("red", pod_namespace="shop", isolation=isolation)
    assert told == {("namespace-isolated", "networks[0].namespace")}


@pytest.mark.parametrize("outputs", [None, "default/blue", ["blue"]])
def test_something_else_than_the_output_is_refused(outputs: Any) -> None:
    assert _refusals("blue", outputs=outputs) == {("not-an-output", "")}


def test_a_stack_without_that_output_is_refused_in_words() -> None:
    """Not by a KeyError of the SDK's, with a traceback."""
    engine = Monitor({"organization/shop/dev": {"url": "https://shop.example"}})

    def program() -> None:
        stack = pulumi.StackReference("organization/shop/dev")
        pulumi.export("annotation", attach_from(stack, "blue"))

    with pytest.raises(pulumi.RunError) as refused:
        monitor.run(engine, program)
    text = str(refused.value)
    assert "the stack has no output `networks`" in text
    assert "pulumi stack output" in text
    assert "KeyError" not in text


def test_the_whole_stack_s_outputs_are_not_its_networks() -> None:
    outputs = {"networks": OUTPUTS, "multus": {"enabled": True}}
    assert ("not-an-output", "networks.reference") in _refusals("blue", outputs=outputs)
