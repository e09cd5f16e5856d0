"""Warnings that are known and accepted: silenced by code, with a reason, where they belong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.validating import Verdict, validate

WHY = "it is known"
OTHERS = {"dhcpDaemon": False}  # others run it
LOCAL = {"type": "host-local", "subnet": "10.1.0.0/24"}
ROUTED = {**LOCAL, "routes": [{"dst": "0.0.0.0/0"}]}


def macvlan(ipam: dict[str, Any], master: str = "eth0", **keys: Any) -> dict[str, Any]:
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": master, "ipam": ipam}
    return {"config": config, **keys}


def codes(verdict: Verdict) -> list[str]:
    return sorted(f["code"] for f in verdict.findings)


def test_an_ignored_warning_is_gone_and_others_stay() -> None:
    bridge = {"config": {"cniVersion": "1.0.0", "type": "bridge", "ipam": ROUTED}}

    told = validate(networks={"one": {**bridge, "ignore": {"default-route": WHY}}, "two": bridge})

    assert told.warnings == {"multinet:networks.two.config.ipam.routes[0].dst": "default-route"}


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        ("default-rout", "x", "unknown-code"),
        ("ranges-overlap", "x", "cannot-ignore-error"),
        ("default-route", " ", "reason-missing"),
    ],
)
def test_what_cannot_be_ignored_is_refused(code: str, reason: str, told: str) -> None:
    of_network = validate(networks={"one": macvlan(ROUTED, ignore={code: reason})})
    of_stack = validate(networks={"one": macvlan(ROUTED)}, ignore={code: reason})

    assert of_network.errors == {f"multinet:networks.one.ignore.{code}": told}
    assert of_stack.errors == {f"multinet:ignore.{code}": told}


def test_what_verify_sees_of_nodes_too_is_accepted_where_no_node_is_declared() -> None:
    ignore = {"nodes-own-subnet": "its pods have exec probes"}

    found = validate(networks={"one": macvlan({"type": "dhcp"}, ignore=ignore)}, addons=OTHERS)

    assert found.findings == []


def test_errors_are_never_silenced() -> None:
    networks = {name: macvlan(LOCAL) for name in ("one", "two")}

    told = validate(networks=networks, ignore={"subnet-on-two-segments": WHY})

    assert set(told.errors.values()) == {"ranges-overlap"}


STACK_WIDE = {
    "a network's": ("default-route", {"networks": {"one": macvlan(ROUTED)}}),
    "a configuration's": (
        "gateway-outside-subnet",
        {"networks": {"one": macvlan({**LOCAL, "gateway": "10.9.0.1"})}},
    ),
    "Multus's": ("cpu-limit", {"multus": {"resources": {"limits": {"cpu": "1"}}}}),
    "the primary CNI's": (
        "api-server-unknown",
        {"primaryCni": {"plugin": "cilium", "cilium": {"kubeProxyReplacement": True}}},
    ),
    "a node's": ("secret-unencrypted", {"nodes": {"n1": {"privateKey": "k"}}}),
    "the file's": ("secret-unencrypted", {"kubeconfig": "{apiVersion: v1}"}),
}


@pytest.mark.parametrize("whose", STACK_WIDE)
def test_the_stack_can_accept_any_warning_of_its_environment(whose: str) -> None:
    code, sections = STACK_WIDE[whose]

    assert code in validate(**sections).warnings.values()
    assert code not in codes(validate(**sections, ignore={code: WHY}))


def test_an_ignore_that_silences_nothing_is_told_of() -> None:
    told = validate(
        networks={"one": macvlan({"type": "dhcp"}, ignore={"host-local-on-shared-l2": WHY})},
        ignore={"cpu-limit": WHY},
        addons=OTHERS,
    )

    assert told.code == 0
    assert told.warnings == {
        "multinet:networks.one.ignore.host-local-on-shared-l2": "ignore-unused",
        "multinet:ignore.cpu-limit": "ignore-unused",
    }


def test_whether_an_ignore_is_of_use_is_not_told_while_errors_may_hide_what_it_is_for() -> None:
    wrong = macvlan({**ROUTED, "gatway": "10.1.0.1"}, ignore={"default-route": WHY})

    told = validate(networks={"one": wrong}, ignore={"cpu-limit": WHY})

    assert set(told.errors.values()) == {"unknown-key"}
    assert "ignore-unused" not in codes(told)


def test_warnings_of_nodes_are_accepted_by_the_stack_alone() -> None:
    quiet = validate(ignore={"node-link-down": "eth1 is connected later"})
    network = macvlan({"type": "dhcp"}, ignore={"node-link-down": WHY})
    told = validate(networks={"one": network}, addons=OTHERS)

    assert quiet.findings == []
    assert told.warnings == {"multinet:networks.one.ignore.node-link-down": "ignore-unused"}
    assert "multinet:ignore" in told.text("ignore-unused")


def test_what_only_a_running_cluster_tells_cannot_be_ignored_here() -> None:
    told = validate(ignore={"live-l2-blocked": WHY})

    assert told.warnings == {"multinet:ignore.live-l2-blocked": "ignore-unused"}
    assert "verify" in told.text("ignore-unused")


def test_a_file_that_serves_several_environments_may_accept_unused_ignores() -> None:
    both = {"cpu-limit": WHY, "ignore-unused": "one file for three sites"}

    assert validate(ignore=both).findings == []
    assert validate(ignore={"ignore-unused": WHY}).warnings == {
        "multinet:ignore.ignore-unused": "ignore-unused"
    }
