"""Networks that a program adds to the stack's configuration, made of other resources' outputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from multinet import (
    Bridge,
    Environment,
    HostLocal,
    Macvlan,
    NetworkArgs,
    NodeArgs,
    stack_settings,
)
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import SECRET, Monitor
from tests.unit.typed.test_program import config_of, later

CONFIG = {
    "multinet:primaryCni": '{"plugin": "existing", "confFile": "10-x.conflist"}',
    "multinet:networks": json.dumps(
        {
            "of-the-file": {
                "config": {
                    "cniVersion": "1.0.0",
                    "type": "macvlan",
                    "master": "eth0",
                    "ipam": {"type": "whereabouts", "range": "10.1.0.0/24"},
                }
            }
        }
    ),
}
PROVIDER = "pulumi:providers:kubernetes"


def run(
    program: Callable[[], Any], *, preview: bool = False, **config: str
) -> tuple[str, Monitor, list[str]]:
    """What the author is told where it is refused, what was registered, and what was warned of."""
    engine, said, warned = Monitor(), "", []

    def quiet() -> None:
        program()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pulumi.log, "warn", warned.append)
        try:
            settings = {**CONFIG, **{f"multinet:{key}": text for key, text in config.items()}}
            monitor.run(engine, quiet, config=settings, preview=preview)
        except pulumi.RunError as refused:
            said = str(refused)
    return said, engine, warned


def lan(subnet: pulumi.Input[str], **more: Any) -> Any:
    return Bridge(bridge="br0", ipam=HostLocal(subnet=subnet), **more)


def test_an_output_is_checked_with_all_the_rest_before_its_network_is_there() -> None:
    for subnet, code in (
        ("10.2.0.0/24", ""),
        ("10.2.0.0/31", "error[subnet-too-small] multinet:networks.lan.config.ipam.subnet"),
        ("10.1.0.0/25", ""),
        ("10.2.0.0/33", "multinet:networks.lan.config.ipam.subnet"),
    ):
        said, engine, _ = run(lambda: Environment.from_config(networks={"lan": lan(later(subnet))}))  # noqa: B023
        if not code:
            assert not said
            assert "of-the-file" in engine.made
            assert config_of(engine, "lan")["ipam"]["subnet"] == subnet
            continue
        assert "the configuration of stack dev is refused: 1 problem, it was not created" in said
        assert code in said
        assert "lan" not in engine.made


def test_a_range_that_overlaps_one_of_the_file_is_told_when_it_is_known() -> None:
    def program() -> None:
        range_ = later("10.1.0.0/25")
        Environment.from_config(
            networks={"lan": Macvlan(master="eth0", ipam=HostLocal(subnet=range_))}
        )

    said, engine, _ = run(program)
    assert "error[ranges-overlap] multinet:networks.lan.config.ipam" in said
    assert "of-the-file" in said
    assert "lan" not in engine.made


@pytest.mark.parametrize(
    ("more", "config", "told"),
    [
        ({"wrong": Macvlan(mode="brige")}, {}, "networks.wrong.config.mode"),  # type: ignore[arg-type]
        ({}, {"multus": '{"mode": "thik"}'}, "multinet:multus.mode"),
        ({}, {"contxt": "a"}, "multinet:contxt"),
        # A rule of several values, and one of several networks, that are all known.
        (
            {"small": lan("10.3.0.0/31")},
            {},
            "multinet:networks.small.config.ipam.subnet",
        ),
        (
            {"twin": Macvlan(master="eth0", ipam=HostLocal(subnet="10.1.0.0/25"))},
            {},
            "error[ranges-overlap] multinet:networks.",
        ),
        ({"of-the-file": lan("10.3.0.0/24")}, {}, "[duplicate-key] multinet:networks.of-the-file"),
    ],
    ids=["key", "section", "top", "rule", "across", "twice"],
)
def test_a_known_mistake_is_told_at_once(
    more: dict[str, Any], config: dict[str, str], told: str
) -> None:
    asked: list[str] = []

    async def never() -> str:
        asked.append("awaited")
        raise AssertionError("nobody waits for it")

    def program() -> None:
        unknown = lan(pulumi.Output.from_input(never()))
        try:
            Environment.from_config(networks={"lan": unknown, **more})
        finally:
            assert not asked, "it is told before anything is waited for"

    said, engine, _ = run(program, **config)
    assert told in said
    assert "nothing of it was created" in said
    assert not engine.made


def test_warnings_are_told_once_and_at_once_where_they_can_be() -> None:
    host_local = Macvlan(master="eth0", ipam=HostLocal(subnet="10.4.0.0/24"))

    def program() -> None:
        Environment.from_config(networks={"known": host_local, "lan": lan(later("10.2.0.0/24"))})

    for preview in (False, True):
        _, _, warned = run(program, preview=preview)
        told = [text for text in warned if "[host-local-on-shared-l2]" in text]
        assert len(told) == 1
        assert told[0].startswith("warning[host-local-on-shared-l2] multinet:networks.known.")
    _, _, warned = run(
        program,
        ignore='{"host-local-on-shared-l2": "one node"}',
        addons='{"whereabouts": false}',
    )
    assert not warned


def test_the_provider_and_what_is_known_do_not_wait() -> None:
    def program() -> None:
        unknown = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        Environment.from_config(networks={"lan": lan(unknown)})

    _, engine, _ = run(program, preview=True, kubeconfig="/k", context="c")
    (provider,) = [name for name, made in engine.made.items() if made.type == PROVIDER]
    assert provider == "cluster", "a state knows it by this name"
    assert engine.made["cluster"].inputs["context"] == "c"
    assert engine.made["cluster"].inputs["kubeconfig"] == {SECRET: "/k"}
    assert config_of(engine, "of-the-file")["type"] == "macvlan"
    assert "config" not in json.dumps(engine.made["lan"].inputs.get("spec", {}))
    assert engine.made["lan"].inputs["metadata"]["name"] == "lan"


def test_outputs_of_a_program_without_any_are_as_they_were() -> None:
    found: list[dict[str, Any]] = []

    def program(subnet: Callable[[str], pulumi.Input[str]]) -> None:
        environment = Environment.from_config(networks={"lan": lan(subnet("10.2.0.0/24"))})
        pulumi.Output.from_input(environment.told).apply(found.append)

    same = [run(lambda: program(how))[1].made for how in (str, later)]  # noqa: B023
    objects = [{n: made.inputs for n, made in of.items() if n != "lan"} for of in same]
    assert objects[0] == objects[1]
    assert config_of_both(same) == [config_of_both(same)[0]] * 2
    assert found[0] == found[1]


def config_of_both(engines: list[Any]) -> list[Any]:
    return [made["lan"].inputs["spec"] for made in engines]


def test_a_node_and_a_whole_network_may_be_outputs_and_names_may_not() -> None:
    def whole() -> None:
        Environment.from_config(
            networks={
                "lan": later({"config": lan("10.2.0.0/24").tree() | {"cniVersion": "1.0.0"}})
            },
            nodes={"worker-1": NodeArgs(host=later("192.0.2.7"))},
        )

    said, engine, _ = run(whole)
    assert not said
    assert config_of(engine, "lan")["ipam"]["subnet"] == "10.2.0.0/24"
    assert "192.0.2.7" in json.dumps(engine.made["worker-1-apply"].inputs["connection"])

    for section in ("networks", "nodes"):
        said, engine, _ = run(lambda: Environment.from_config(**{section: later({})}))  # noqa: B023
        assert f"[must-be-known] multinet:{section}" in said
        assert not engine.made


@pytest.mark.parametrize("asked", ["true", "false"])
def test_protection_is_read_from_the_configuration(asked: str) -> None:
    said, engine, _ = run(Environment.from_config, protect=asked)
    assert not said
    assert engine.made["multus-daemonset"].protect is (asked == "true")


def test_a_broken_section_beside_an_output_is_a_finding() -> None:
    def program() -> None:
        Environment.from_config(nodes={"worker-1": NodeArgs(host=later("192.0.2.7"))})

    said, _, _ = run(program, networks="none")
    assert "multinet:networks" in said
    assert "1 problem" in said


def test_settings_that_a_program_reads_are_known() -> None:
    said, _, _ = run(lambda: stack_settings(networks={"lan": lan(later("10.2.0.0/24"))}))
    assert "give them to Environment.from_config" in said
    found: list[Any] = []
    run(
        lambda: found.append(
            stack_settings(networks={"lan": NetworkArgs(config=lan("10.2.0.0/24"))})
        )
    )
    assert [*found[0].networks] == ["of-the-file", "lan"]
