"""Add-ons whose settings come from another resource."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from multinet import SriovAddon
from tests.unit.reuse import monitor

FAST = "example.com/fast"


@pytest.mark.parametrize(
    "pools",
    [
        pulumi.Output.from_input,
        lambda pools: {FAST: pulumi.Output.from_input(pools[FAST])},
        lambda pools: {FAST: {"links": pulumi.Output.from_input(pools[FAST]["links"])}},
        lambda pools: {FAST: {"links": [pulumi.Output.from_input("ens1f0")]}},
    ],
    ids=["all of them", "one", "its links", "a link"],
)
def test_pools_of_another_resource_are_waited_for(pools: Callable[[Any], Any]) -> None:
    engine = monitor.Monitor()

    def program() -> None:
        SriovAddon("sriov", {"pools": pools({FAST: {"links": ["ens1f0"]}})}, {})

    monitor.run(engine, program)
    told = json.loads(engine.made["sriov-config"].inputs["data"]["config.json"])
    assert told["resourceList"][0]["selectors"] == [{"pfNames": ["ens1f0"]}]
