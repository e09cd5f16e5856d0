"""What authors hand over by a slip: refused with what to write, or understood; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from multinet import (
    Attachment,
    Bridge,
    Cilium,
    CniPlugins,
    CniPluginsAddonArgs,
    Environment,
    EnvironmentArgs,
    Existing,
    HostLocal,
    Macvlan,
    Network,
    NetworkArgs,
    Networks,
    SiteArgs,
    affinity,
    attach,
    resources,
    stack_settings,
)
from multinet.stack.settled import settled_stack
from tests.unit.typed.test_program import later, refused, run

LAN = Macvlan(master="eth0", ipam=HostLocal(subnet="10.1.1.0/24"))


def lan() -> Network:
    return Network("lan", LAN)


def several() -> Networks:
    return Networks("lab", {"lan": LAN})


@pytest.mark.parametrize(
    ("program", "what", "way_out"),
    [
        (lambda: attach(lan().reference), "an Output", "the Network itself, not one of its"),
        (lambda: attach([lan(), "b"]), "a list", "`*networks`"),
        (lambda: attach(several()), "a Networks", 'networks["lan"]'),
        (lambda: attach("lan", declared=[several().networks]), "a dict", "*networks.values()"),
        (lambda: affinity("lan"), "a name", "_from(stack, name)"),
        (lambda: resources("lan"), "a name", "_from(stack, name)"),
        (lambda: affinity(Attachment("lan")), "an Attachment", "the Network itself"),
    ],
    ids=["an output", "a list", "networks", "a mapping", "affinity", "resources", "attachment"],
)  # fmt: skip
def test_what_is_no_network_is_named_with_the_way_out(
    program: Callable[[], Any], what: str, way_out: str
) -> None:
    said, _ = refused(program)
    assert f"must be a network, not {what}" in said
    assert way_out in said
    assert "nothing was attached" in said


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (lambda: Networks("lab", [lan()]), "must be name → network, not a list"),
        (lambda: several()["lam"], "no network 'lam' of these: did you mean 'lan'?"),
        (lambda: Environment.from_config(networks=[LAN]), "a pair of name and value, not a Macvlan"),
        (lambda: Environment.from_config({"lan": LAN}), "from_config(networks={…})"),
        (lambda: stack_settings(networks=[LAN]), "a pair of name and value, not a Macvlan"),
    ],
    ids=["networks", "of networks", "from_config", "from_config by position", "stack_settings"],
)  # fmt: skip
def test_networks_that_are_no_mapping_are_refused_in_words(
    program: Callable[[], Any], words: str
) -> None:
    said, _ = refused(program)
    assert words in said


@pytest.mark.parametrize(
    ("primary", "plugin"),
    [(Existing(conf_file="10-x.conflist"), "existing"), (Cilium(kube_proxy_replacement=True), "cilium")],
)  # fmt: skip
def test_a_primarys_class_alone_says_which_one_it_is(primary: Any, plugin: str) -> None:
    def program() -> None:
        stack = settled_stack(EnvironmentArgs(primary_cni=primary), "test", lambda _known: None)
        assert stack.whole.shape is not None
        assert stack.whole.shape.primary_cni.plugin == plugin

    run(program)


def test_a_sites_networks_are_those_of_an_environment(caplog: pytest.LogCaptureFixture) -> None:
    site = SiteArgs(
        primary_cni=Existing(conf_file="10-x.conflist"),
        networks={"lan": LAN, "san": NetworkArgs(config=LAN)},
    )
    engine = run(lambda: CniPlugins("plugins", CniPluginsAddonArgs(), site))
    assert "macvlan" in str(engine.made["plugins-daemonset"].inputs)
    assert "old-cni-version" not in caplog.text


def test_what_stands_beside_a_networks_args_counts() -> None:
    args = NetworkArgs(config=Bridge(bridge="br0"), labels={"team": "a"})
    engine = run(lambda: Network("lan", args, namespace="lab", node_selector={"rack": "a"}))
    metadata = engine.made["lan"].inputs["metadata"]
    assert (metadata["namespace"], metadata["labels"]["team"]) == ("lab", "a")


def test_a_node_is_not_looked_at_before_its_host_is_known() -> None:
    looks: list[dict[str, str]] = []

    def program() -> None:
        nodes = {"w1": {"host": later("192.0.2.7")}, "w2": {"host": "192.0.2.8"}}
        args = EnvironmentArgs(primary_cni=Existing(conf_file="10-x.conflist"), nodes=nodes)
        stack = settled_stack(
            args, "test", lambda s: looks.append({n: str(v.host) for n, v in s.nodes.items()})
        )
        assert stack.whole.later is not None
        pulumi.export("known", stack.whole.later.apply(lambda _known: ""))

    run(program)
    assert looks == [{"w2": "192.0.2.8"}, {"w1": "192.0.2.7", "w2": "192.0.2.8"}]
