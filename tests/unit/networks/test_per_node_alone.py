"""perNode in a program: a network by itself reaches no node, an environment's does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertiesError

from multinet import Environment, Network, NetworkArgs, Networks, PerNodeArgs
from multinet.blocks.objects import NAME
from multinet.component_plugin.provider import ComponentPlugin
from multinet.findings.model import check
from multinet.networks.settings import NetworkSettings
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor

LAN: dict[str, Any] = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {"type": "host-local", "subnet": "10.50.0.0/16"},
}
OTHER = {**LAN, "ipam": {"type": "host-local", "subnet": "10.51.0.0/16"}}
BLOCKS = NetworkArgs(config=LAN, per_node=PerNodeArgs(block_size=26))


def ran(program: Callable[[], Any]) -> Monitor:
    engine = Monitor()
    monitor.run(engine, lambda: program() and None)
    return engine


def checked() -> NetworkSettings:
    settings, _ = check(NetworkSettings, {"config": LAN, "perNode": {"blockSize": 26}})
    assert settings is not None
    return settings


@pytest.mark.parametrize(
    "program",
    [
        lambda: Network("lan", BLOCKS),
        lambda: Network("lan", checked()),
        lambda: Network("lan", NetworkArgs(config=LAN, per_node={"nodes": {"b": {"mtu": 1400}}})),
        lambda: Network(
            "lan", NetworkArgs(config=pulumi.Output.from_input(LAN), per_node={"blockSize": 26})
        ),
        lambda: Networks("networks", {"wan": OTHER, "lan": BLOCKS}),
        lambda: Networks("networks", {"lan": checked()}),
    ],
)
def test_a_network_by_itself_is_refused_since_nothing_brings_it_to_a_node(
    program: Callable[[], Any],
) -> None:
    with pytest.raises(pulumi.RunError, match="per-node-undelivered") as refused:
        ran(program)
    assert "perNode" in str(refused.value)
    assert "Environment.from_config(networks=" in str(refused.value)


@pytest.mark.parametrize("kind", ["Network", "Networks"])
def test_it_is_refused_in_every_language(kind: str) -> None:
    lan = {"config": LAN, "perNode": {"blockSize": 26}}
    given = lan if kind == "Network" else {"networks": {"lan": lan}}
    with pytest.raises(InputPropertiesError) as refused:
        monitor.run(
            Monitor(),
            lambda: ComponentPlugin().construct("lan", f"multinet:index:{kind}", given) and None,
        )
    assert "per-node-undelivered" in refused.value.message


def test_an_environment_brings_it() -> None:
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    engine = ran(
        lambda: Environment(
            "lab", {"primaryCni": primary, "networks": {"lan": BLOCKS}, "kubeconfig": "{}"}
        )
    )
    kinds = {made.type for made in engine.made.values() if NAME in str(made.inputs)}
    assert "kubernetes:apps/v1:DaemonSet" in kinds
    assert any(m.inputs.get("spec") == {} for m in engine.made.values())
    # In the end it gives numbers back, with what it has to know: the program does not run then.
    book = engine.made["lab-node-blocks-book"]
    assert "give back" in book.inputs["delete"] or "gave back" in book.inputs["delete"]
    assert "create" not in book.inputs
    assert book.inputs["environment"]["MULTINET_NETWORKS"] == "default/lan"
