"""What an author's program is refused, when, and what is registered until then."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from multinet import (
    Bridge,
    Chain,
    Existing,
    HostLocal,
    Macvlan,
    Multus,
    MultusArgs,
    Network,
    NetworkArgs,
    Networks,
    NodeArgs,
    NodeNetwork,
    Portmap,
    PrimaryCni,
    PrimaryCniArgs,
    Whereabouts,
    attach,
)
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import SECRET, Monitor

UNKNOWN = pulumi.output.UNKNOWN


def run(program: Callable[[], Any], *, preview: bool = False) -> Monitor:
    engine = Monitor()

    def quiet() -> None:
        program()

    monitor.run(engine, quiet, preview=preview)
    return engine


def refused(program: Callable[[], Any]) -> tuple[str, Monitor]:
    """What the author is told, and what was registered before."""
    engine = Monitor()

    def quiet() -> None:
        program()

    with pytest.raises(pulumi.RunError) as said:
        monitor.run(engine, quiet)
    text = str(said.value)
    # What waited for it ends here: asyncio logs each in a finalizer, which would run in the middle
    # of whatever comes next.
    del said
    gc.collect()
    return text, engine


def later(value: Any) -> pulumi.Output[Any]:
    """An output of another resource."""

    async def known() -> Any:
        return value

    return pulumi.Output.from_input(known())


def config_of(engine: Monitor, name: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(engine.made[name].inputs["spec"]["config"])
    return config


def test_a_network_is_written_in_one_line() -> None:
    engine = run(
        lambda: Network("lan", Macvlan(master="eth0", ipam=Whereabouts(range="10.0.0.0/24")))
    )
    assert config_of(engine, "lan") == {
        "cniVersion": "1.0.0",
        "name": "lan",
        "type": "macvlan",
        "master": "eth0",
        "ipam": {"type": "whereabouts", "range": "10.0.0.0/24"},
    }


@pytest.mark.parametrize(
    "config",
    [
        {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"},
        '{"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}',
        Macvlan(master="eth0"),
        Chain(plugins=[Macvlan(master="eth0")]),
        NetworkArgs(config=Macvlan(master="eth0")),
    ],
    ids=["mapping", "JSON", "typed", "chain", "settings"],
)
def test_a_configuration_is_taken_in_every_form(config: Any) -> None:
    said = config_of(run(lambda: Network("lan", config)), "lan")
    assert said.get("plugins", [said])[0]["master"] == "eth0"
    assert said["cniVersion"] == "1.0.0"


def test_every_mistake_is_told_on_the_author_s_line_as_of_a_stack_file() -> None:
    said, engine = refused(
        lambda: Network(
            "Foo_Bar",
            Macvlan(mode="brige", ipam={"type": "host-local"}),  # type: ignore[arg-type]
            namespace="Default",
            ignore={"bogus": "x"},
        )
    )
    for part in (
        "[not-a-dns-label] name",
        "[unknown-value] config.mode",
        "did you mean 'bridge'",
        "config.ipam",
        "[not-a-dns-label] namespace",
    ):
        assert part in said
    assert "pydantic" not in said
    assert not engine.made, "nothing was registered"


def test_an_ignore_that_is_wrong_is_told() -> None:
    said, _ = refused(lambda: Network("lan", Macvlan(master="eth0"), ignore={"bogus": "x"}))
    assert "[unknown-code] ignore.bogus" in said


def test_an_output_in_a_subnet_is_checked_before_its_object_is_there() -> None:
    def program(subnet: str) -> Any:
        return lambda: Network("lan", Bridge(bridge="br0", ipam=HostLocal(subnet=later(subnet))))

    engine = run(program("10.0.0.0/24"))
    assert config_of(engine, "lan")["ipam"]["subnet"] == "10.0.0.0/24"
    said, engine = refused(program("10.0.0.0/31"))
    assert "config.ipam.subnet" in said
    assert "lan" not in engine.made


def test_a_known_mistake_beside_an_output_is_told_at_once() -> None:
    asked: list[str] = []

    async def never() -> str:
        asked.append("awaited")
        return "10.0.0.0/24"

    def program() -> None:
        config = Macvlan(
            mode="brige",  # type: ignore[arg-type]
            ipam=HostLocal(subnet=pulumi.Output.from_input(never())),
        )
        try:
            Network("lan", config)
        finally:
            assert not asked, "it is told before anything is waited for"

    said, _ = refused(program)
    assert "config.mode" in said
    assert "1 problem" in said, "what is missing may be what is not known yet"


@pytest.mark.parametrize("start", ["10.0.0.10", "10.0.9.10"])
def test_a_rule_of_two_values_waits_for_both(start: str) -> None:
    ipam = lambda: HostLocal(subnet=later("10.0.0.0/24"), range_start=start)  # noqa: E731
    program = lambda: Network("lan", Bridge(bridge="br0", ipam=ipam()))  # noqa: E731
    if start == "10.0.0.10":
        assert "lan" in run(program).made
        return
    said, engine = refused(program)
    assert "[address-outside-subnet] config.ipam.rangeStart" in said
    assert "lan" not in engine.made


def test_a_preview_shows_what_is_known_and_refuses_nothing_else() -> None:
    def program() -> None:
        unknown = pulumi.Output.from_input(UNKNOWN)
        Network("lan", Macvlan(master="eth0", ipam=Whereabouts(range=unknown)))

    engine = run(program, preview=True)
    metadata = engine.made["lan"].inputs["metadata"]
    assert metadata["name"] == "lan"
    assert "10." not in json.dumps(engine.made["lan"].inputs)


def test_whole_numbers_of_another_stack_are_whole() -> None:
    engine = run(lambda: Network("lan", Macvlan(master="eth0", mtu=later(1400.0))))
    assert config_of(engine, "lan")["mtu"] == 1400


def test_a_secret_stays_one() -> None:
    master = lambda: pulumi.Output.secret("eth7")  # noqa: E731
    engine = run(lambda: Network("lan", Macvlan(master=master())))
    assert set(engine.made["lan"].inputs["spec"]) == {SECRET}
    assert engine.made["lan"].inputs["metadata"]["name"] == "lan"


def test_networks_that_overlap_are_refused_together_also_when_one_is_not_known_yet() -> None:
    def pair(range_of_b: pulumi.Input[str]) -> dict[str, Macvlan]:
        return {
            "a": Macvlan(master="eth0", ipam=Whereabouts(range="10.0.0.0/24")),
            "b": Macvlan(master="eth0", ipam=HostLocal(subnet=range_of_b)),
        }

    said, engine = refused(lambda: Networks("lab", pair("10.0.0.0/25")))
    assert "overlap" in said
    assert not engine.made

    said, engine = refused(lambda: Networks("lab", pair(later("10.0.0.0/25"))))
    assert "overlap" in said
    assert "lab-b" not in engine.made, "what is not known waits for the checks across all"
    assert "lab-b" in run(lambda: Networks("lab", pair(later("10.9.0.0/24")))).made


def test_networks_outputs_are_those_of_the_contract() -> None:
    found: dict[str, Any] = {}

    def program() -> None:
        lab = Networks("lab", {"a": Macvlan(master="eth0", ipam=HostLocal(subnet="10.0.0.0/24"))})
        lan = lab["a"]
        pulumi.Output.all(lan.type, lan.reference, lan.annotation, lan.subnets).apply(
            lambda told: found.update(told=told)
        )

    run(program)
    annotation = {"k8s.v1.cni.cncf.io/networks": "default/a"}
    assert found["told"] == ["macvlan", "default/a", annotation, ["10.0.0.0/24"]]


def test_a_network_at_hand_says_what_pods_may_ask_of_it() -> None:
    from multinet.attachments.attachment import Attachment
    from multinet.findings import InvalidEnvironment

    found: dict[str, Any] = {}

    def program() -> None:
        lan = Network("lan", Macvlan(master="eth0", ipam=HostLocal(subnet="10.0.0.0/24")))
        found["short"] = attach(lan)
        with pytest.raises(InvalidEnvironment, match="outside"):
            attach(Attachment("lan", namespace="default", ips=["10.9.0.1"]), declared=[lan])
        wan = Network("wan", Macvlan(master=later("eth1")), namespace="edge")
        attach(lan, wan).apply(lambda said: found.update(later=said))

    run(program)
    key = "k8s.v1.cni.cncf.io/networks"
    assert found == {
        "short": {key: "default/lan"},
        "later": {key: "default/lan,edge/wan"},
    }


def test_multus_takes_outputs_and_refuses_what_decides_its_parts() -> None:
    def program() -> None:
        primary = PrimaryCni("cni", Existing(conf_file=later("10-x.conflist")))
        Multus("multus", MultusArgs(image=later("example.org/multus:v4-thick")), primary.conf_file)

    engine = run(program)
    daemon_set = json.dumps(engine.made["multus-daemonset"].inputs)
    assert "example.org/multus:v4-thick" in daemon_set
    assert "10-x.conflist" in json.dumps(engine.made["multus-config"].inputs)
    wrong = lambda: MultusArgs(image=later("not an image"))  # noqa: E731
    said, engine = refused(lambda: Multus("multus", wrong(), "10-x.conflist"))
    assert "image" in said
    assert "multus-daemonset" not in engine.made
    mode = lambda: MultusArgs(mode=later("thin"))  # noqa: E731
    said, _ = refused(lambda: Multus("multus", mode(), "10-x.conflist"))
    assert "[must-be-known] mode" in said


def test_a_primary_cni_takes_outputs() -> None:
    from multinet import Calico

    pods = lambda: PrimaryCniArgs(plugin=Calico(), pod_cidrs=[later("10.20.0.0/16")])  # noqa: E731
    engine = run(lambda: PrimaryCni("cni", pods()))
    assert "10.20.0.0/16" in json.dumps(engine.made["cni-installation"].inputs)
    broken = lambda: PrimaryCniArgs(plugin=Calico(), pod_cidrs=[later("10.20.0.0/33")])  # noqa: E731
    said, engine = refused(lambda: PrimaryCni("cni", broken()))
    assert "podCidrs" in said
    assert "cni-installation" not in engine.made


def test_a_node_takes_outputs() -> None:
    node = lambda: NodeArgs(host=later("192.0.2.7"), private_key=pulumi.Output.secret("k"))  # noqa: E731
    engine = run(lambda: NodeNetwork("worker-1", node()))
    assert "192.0.2.7" in json.dumps(engine.made["worker-1-apply"].inputs["connection"])


def test_chained_plugins_are_a_list() -> None:
    chain = Chain(plugins=[Bridge(bridge="br0"), Portmap(capabilities={"portMappings": True})])
    engine = run(lambda: Network("lan", chain))
    assert [p["type"] for p in config_of(engine, "lan")["plugins"]] == ["bridge", "portmap"]
