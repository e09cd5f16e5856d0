"""A whole environment, typed: as a stack file, and with outputs of other resources."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from multinet import (
    Environment,
    EnvironmentArgs,
    Existing,
    HostLocal,
    Macvlan,
    MultusArgs,
    NetworkArgs,
    NodeArgs,
    PrimaryCniArgs,
    Route,
    render,
)
from multinet.component_plugin.provider import ComponentPlugin
from multinet.names import PROJECT
from multinet.settle import whole_numbers
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import SECRET, Monitor
from tests.unit.typed.test_program import config_of, later, refused, run

STACK_FILE: dict[str, Any] = {
    "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
    "multus": {"mode": "thick", "globalNamespaces": ["default"]},
    "networks": {
        "macvlan-conf": {
            "namespace": "lab",
            "labels": {"team": "a"},
            "config": {
                "cniVersion": "1.0.0",
                "type": "macvlan",
                "master": "eth0",
                "mode": "bridge",
                "ipam": {
                    "type": "host-local",
                    "subnet": "192.168.1.0/24",
                    "rangeStart": "192.168.1.200",
                    "routes": [{"dst": "10.7.0.0/16", "gw": "192.168.1.1"}],
                },
            },
        }
    },
}


def typed(master: pulumi.Input[str] = "eth0", **more: Any) -> EnvironmentArgs:
    ipam = HostLocal(
        subnet="192.168.1.0/24",
        range_start="192.168.1.200",
        routes=[Route(dst="10.7.0.0/16", gw="192.168.1.1")],
    )
    network = NetworkArgs(
        namespace="lab",
        labels={"team": "a"},
        config=Macvlan(master=master, mode="bridge", ipam=ipam),
    )
    return EnvironmentArgs(
        primary_cni=PrimaryCniArgs(plugin=Existing(conf_file="10-x.conflist")),
        multus=MultusArgs(mode="thick", global_namespaces=["default"]),
        networks={"macvlan-conf": network},
        **more,
    )


def objects(engine: Monitor) -> dict[tuple[str, str], Any]:
    """Kind and name → what is created, of every object."""
    return {
        (made.type.rpartition(":")[2], made.inputs["metadata"]["name"]): made.inputs
        for made in engine.made.values()
        if made.type.startswith("kubernetes:") and "metadata" in made.inputs
    }


def test_stack_file_typed_python_and_the_plugin_create_the_same(project: Path) -> None:
    by_python = objects(run(lambda: Environment("edge", typed())))
    engine = Monitor()

    async def plugin() -> None:
        result = ComponentPlugin().construct("edge", "multinet:index:Environment", STACK_FILE)
        await pulumi.Output.from_input(result.urn).future()

    monitor.run(engine, plugin)
    plan = render.run(project / "__main__.py", PROJECT, "dev", STACK_FILE)
    by_file = {
        (r.type.rpartition(":")[2], r.inputs["metadata"]["name"]): r.inputs
        for r in plan.resources
        if r.type.startswith("kubernetes:")
    }

    def text(found: dict[tuple[str, str], Any]) -> str:
        sortable = sorted((list(key), whole_numbers(value)) for key, value in found.items())
        return json.dumps(sortable, sort_keys=True).replace("multinet/dev", "project/dev")

    assert len(by_file) == 7
    assert text(by_python) == text(by_file)
    assert text(objects(engine)) == text(by_file)


def test_an_output_is_checked_before_what_is_made_of_it() -> None:
    engine = run(lambda: Environment("edge", typed(later("eth7"))))
    assert config_of(engine, "edge-macvlan-conf")["master"] == "eth7"
    said, engine = refused(lambda: Environment("edge", typed(later("eth0/1"))))
    assert "networks.macvlan-conf.config.master" in said
    assert "edge-macvlan-conf" not in engine.made


def test_a_known_mistake_is_told_at_once_beside_an_output() -> None:
    def program() -> None:
        Environment("edge", typed(later("eth0"), context=""))

    said, engine = refused(program)
    assert "context" in said
    assert not engine.made


def test_checks_across_sections_wait_for_what_they_are_about() -> None:
    def program() -> None:
        args = typed()
        pods = PrimaryCniArgs(
            plugin=Existing(conf_file="10-x.conflist"), pod_cidrs=[later("192.168.0.0/16")]
        )
        Environment(
            "edge",
            EnvironmentArgs(primary_cni=pods, networks=args.networks),
        )

    said, _ = refused(program)
    assert "macvlan-conf" in said
    assert "192.168" in said


def test_a_kubeconfig_of_another_resource_is_a_secret_of_the_provider() -> None:
    kubeconfig = '{"apiVersion": "v1", "kind": "Config"}'
    engine = run(lambda: Environment("edge", typed(kubeconfig=later(kubeconfig))))
    assert set(engine.made["edge-cluster"].inputs["kubeconfig"]) == {SECRET}
    children = [m for m in engine.made.values() if m.type.startswith("kubernetes:")]
    assert {m.provider.split("::")[-2] for m in children} == {"edge-cluster"}


def test_two_environments_live_in_one_program() -> None:
    def program() -> None:
        Environment("north", typed())
        Environment("south", typed())

    assert {"north-macvlan-conf", "south-macvlan-conf"} <= run(program).made.keys()


def test_what_decides_which_resources_there_are_is_known() -> None:
    def program() -> None:
        nodes = {"worker-1": NodeArgs(lost=later(False))}
        Environment("edge", typed(nodes=nodes))

    said, _ = refused(program)
    assert "[must-be-known] nodes.worker-1.lost" in said
    said, _ = refused(lambda: Environment("edge", typed(protect=later(True))))
    assert "[must-be-known] protect" in said


@pytest.mark.parametrize("given", [str, later], ids=["known", "known later"])
def test_all_is_protected_where_asked_but_nodes_and_networks_that_may_go(
    given: Callable[[str], pulumi.Input[str]],
) -> None:
    nodes = {"worker-1": NodeArgs(host="192.0.2.7")}
    made = run(lambda: Environment("edge", typed(given("eth0"), protect=True, nodes=nodes))).made
    free = {name for name, one in made.items() if not one.protect}
    assert "edge-macvlan-conf" not in free
    free -= {name for name in free if "worker-1" in name or made[name].type.startswith("pulumi:")}
    assert free == set()

    (kept,) = STACK_FILE["networks"].values()
    ipam = {"type": "host-local", "subnet": "10.9.0.0/24"}
    config = {"cniVersion": "1.0.0", "type": "bridge", "ipam": ipam}
    may_go = {"config": config, "protect": False}
    mapping = {**STACK_FILE, "networks": {"kept": kept, "may-go": may_go}, "protect": True}
    made = run(lambda: Environment("edge", mapping)).made
    assert (made["edge-kept"].protect, made["edge-may-go"].protect) == (True, False)

    made = run(lambda: Environment("edge", typed(given("eth0")))).made
    assert not any(one.protect for one in made.values())


@pytest.mark.parametrize("given", [STACK_FILE, None], ids=["mapping", "typed"])
def test_outputs_are_those_of_a_stack(given: dict[str, Any] | None) -> None:
    found: dict[str, Any] = {}

    def program() -> None:
        told = Environment("edge", given or typed()).told
        pulumi.Output.from_input(told).apply(found.update)

    run(program)
    assert found["networks"]["macvlan-conf"]["reference"] == "lab/macvlan-conf"
    assert found["primaryCni"]["confFile"] == "10-x.conflist"
    assert found["multus"]["mode"] == "thick"
