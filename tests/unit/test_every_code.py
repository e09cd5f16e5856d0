"""Every code that an environment can have is told by `multinet validate`, at its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.findings.codes import CODES, WARNINGS
from tests.unit.every_code.networks import NETWORKS as OWN_RULES
from tests.unit.every_code.policies import POLICIES
from tests.unit.every_code.projects import PROJECTS
from tests.unit.every_code.readers import READERS
from tests.unit.every_code.sections import ELSEWHERE, FILES
from tests.unit.every_code.sections import SECTIONS as OWN_SECTIONS

NETWORKS = OWN_RULES | READERS | PROJECTS
SECTIONS = OWN_SECTIONS | POLICIES
OF_A_CLUSTER = (
    "addon-taking-away",
    "addresses-given-again",
    "another-enforcer",
    "another-multus",
    "another-primary",
    "another-whereabouts",
    "blocks-moved",
    "blocks-of-gone-nodes",
    "cluster-unreachable",
    "conf-file-not-written",
    "dhcp-daemon-waits",
    "multus-not-started",
    "namespace-missing",
    "network-in-use",
    "node-not-declared",
    "node-not-in-cluster",
    "owned-by-others",
    "pods-keep-old",
    "pools-not-applied",
)
"""What one look at a cluster finds before an update."""
OF_A_POD = (
    "attachment-unchecked",
    "capability-undeclared",
    "default-route-ignored",
    "default-route-twice",
    "interface-taken",
    "ip-outside-ranges",
    "ip-without-prefix",
    "ips-and-claim",
    "ips-without-effect",
    "mac-without-effect",
    "namespace-isolated",
    "network-not-published",
    "no-common-node",
    "not-a-guid",
    "not-a-port",
    "not-a-reference",
    "not-an-output",
    "nothing-to-attach",
    "pod-link-missing",
    "too-many-ips",
    "wrong-namespace",
)
"""What a pod asks of networks, in a program."""
BY_OTHER_SECTIONS = (
    "link-taken",
    "mtu-set-by-cilium",
    "nodes-own-subnet",
    "whereabouts-file-elsewhere",
)
"""Warnings of a network that nodes, Multus or the primary CNI make."""


def validate(text: str, directory: Path) -> list[dict[str, Any]]:
    file = directory / "Pulumi.example.yaml"
    file.write_text(text)
    result = CliRunner().invoke(app, ["validate", "--json", "-f", str(file)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found: list[dict[str, Any]] = json.loads(result.output)["findings"]
    return found


def environment(code: str) -> str:
    """The stack file of a code's example."""
    if code in FILES:
        return FILES[code]
    below, indent = (NETWORKS[code], 4) if code in NETWORKS else (SECTIONS[code], 2)
    head = "config:\n  multinet:networks:\n" if code in NETWORKS else "config:\n"
    return head + "\n".join(" " * indent + line for line in below.splitlines()) + "\n"


def _line(text: str) -> int | None:
    lines = [i for i, line in enumerate(text.splitlines(), 1) if line.endswith("# here")]
    assert len(lines) < 2
    return lines[0] if lines else None


@pytest.mark.parametrize("code", [*NETWORKS, *SECTIONS, *FILES])
def test_an_environment_shows_it_at_its_line(code: str, tmp_path: Path) -> None:
    text = environment(code)

    found = validate(text, tmp_path)

    assert (code, _line(text)) in {(f["code"], f["line"]) for f in found}, found


def test_every_code_has_an_example() -> None:
    # What a preflight, a live cluster, or a pod's own requests are found to be: elsewhere.
    seen_there = {code for code in CODES if code.startswith(("live-", "node-"))}
    others = {*seen_there, *OF_A_CLUSTER, *OF_A_POD, *ELSEWHERE}
    shown = {*NETWORKS, *SECTIONS, *FILES}

    assert CODES - shown == others - shown
    assert shown <= CODES


def _warnings(codes: dict[str, str]) -> list[str]:
    return [code for code in codes if code in WARNINGS]


def _ignoring(text: str, code: str, of_networks: bool) -> str:
    document = YAML(typ="safe", pure=True).load(text)
    reason = {code: "it is meant to be so"}
    if of_networks:
        for network in document["config"]["multinet:networks"].values():
            network["ignore"] = reason
    else:
        document["config"].setdefault("multinet:ignore", {}).update(reason)
    return json.dumps(document)


@pytest.mark.parametrize("code", [*_warnings(NETWORKS), *BY_OTHER_SECTIONS])
def test_a_networks_warning_is_accepted_and_can_be_ignored(code: str, tmp_path: Path) -> None:
    text = environment(code)
    before = [f for f in validate(text, tmp_path) if f["code"] == code]
    assert {f["severity"] for f in before} == {"warning"}

    found = validate(_ignoring(text, code, of_networks=True), tmp_path)

    assert code not in {f["code"] for f in found}
    assert "error" not in {f["severity"] for f in found}, found


@pytest.mark.parametrize("code", _warnings(NETWORKS | SECTIONS | FILES))
def test_the_stack_can_accept_any_warning(code: str, tmp_path: Path) -> None:
    found = validate(_ignoring(environment(code), code, of_networks=False), tmp_path)

    assert code not in {f["code"] for f in found}
    assert "error" not in {f["severity"] for f in found}, found


@pytest.mark.parametrize("code", _warnings(NETWORKS))
def test_an_ignore_of_it_without_need_is_told_of(code: str, tmp_path: Path) -> None:
    quiet = {"config": {"cniVersion": "1.0.0", "type": "bridge"}, "ignore": {code: "it was so"}}
    document = {"config": {"multinet:networks": {"lan": quiet}}}

    (told,) = validate(json.dumps(document), tmp_path)

    assert (told["code"], told["path"]) == ("ignore-unused", f"multinet:networks.lan.ignore.{code}")


ONE_PLUGIN_ONLY = {
    "too-deep": "its path ends some levels down, wherever that is",
    "slices-unnamed": "the controller takes the name of a list's file",
    "ovn-option": "a list's name is its own",
}
_OF_THE_LIST = ("cniVersion", "name")


def _as_list(document: dict[str, Any]) -> bool:
    """Put each network's plugin into a list; False where one is no such object."""
    networks = document["config"].get("multinet:networks")
    configs = [n.get("config") for n in networks.values()] if isinstance(networks, dict) else []
    if not configs or not all(isinstance(c, dict) and "plugins" not in c for c in configs):
        return False
    for network in networks.values():
        config = network["config"]
        top = {key: config[key] for key in _OF_THE_LIST if key in config}
        plugin = {key: value for key, value in config.items() if key not in top}
        network["config"] = {**top, "plugins": [plugin]}
    return True


def _in_list(path: str) -> str:
    head, dot, tail = path.partition(".config")
    listed = dot and tail.removeprefix(".") not in _OF_THE_LIST
    return f"{head}.config.plugins[0]{tail}" if listed else path


def _loaded(code: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(environment(code))
    return document


UNREADABLE = ("duplicate-key", "not-a-json-value", "too-large")
OF_ONE_PLUGIN = [
    code
    for code in NETWORKS | SECTIONS
    if code not in (*ONE_PLUGIN_ONLY, *UNREADABLE) and _as_list(_loaded(code))
]


@pytest.mark.parametrize("code", OF_ONE_PLUGIN)
def test_in_a_list_it_is_told_at_the_entry(code: str, tmp_path: Path) -> None:
    document = _loaded(code)
    alone = {f["path"] for f in validate(json.dumps(document), tmp_path) if f["code"] == code}
    _as_list(document)

    found = {f["path"] for f in validate(json.dumps(document), tmp_path) if f["code"] == code}

    assert found == {_in_list(path) for path in alone}
    assert found
