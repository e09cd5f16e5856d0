"""From what was seen of a cluster to an environment that validates."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from multinet.adopt import primary
from multinet.adopt.look import Seen
from multinet.adopt.multus import running
from multinet.adopt.nads import NotAdoptable, network, told
from multinet.findings import Finding, warnings
from multinet.live import Object
from multinet.names import own_key, stack_key
from multinet.stack.load import until_valid


@dataclasses.dataclass(frozen=True)
class Left:
    """A NAD that is not in the environment. refused: multinet would not take it as it is."""

    namespace: str
    name: str
    reason: str
    refused: bool


@dataclasses.dataclass(frozen=True)
class Adopted:
    """What came out.

    Attributes:
        config: the environment, keys without the `multinet:` prefix.
        left: NADs that are not in it.
        missing: what the cluster did not tell and someone must add: key → what to do.
        notes: where the rest comes from, and what to look at.
        warnings: findings about the environment as it is.
        there: name of a network → its NAD, as the cluster has it.
    """

    config: dict[str, Any]
    left: Sequence[Left]
    missing: dict[str, str]
    notes: Sequence[str]
    warnings: Sequence[Finding]
    there: Mapping[str, Object]

    @property
    def complete(self) -> bool:
        """Whether it validates as it is, and holds every NAD that is not somebody else's."""
        return not self.missing and not any(left.refused for left in self.left)


def convert(
    seen: Seen, owner: str, namespaces: Collection[str] = (), conf_file: str = ""
) -> Adopted:
    """Convert what was seen.

    Args:
        owner: the stack that adopts, as `project/stack`.
        namespaces: whose NADs are taken; empty: of all.
        conf_file: name of the primary's configuration file, where the cluster does not tell.
    """
    notes = [f"not looked at: {text}" for text in seen.unread]
    missing: dict[str, str] = {}
    multus = running(seen, owner)
    pinned = multus.primary_conf if multus else ""
    if multus and multus.own:
        notes.append(f"Multus is DaemonSet {multus.name}, which this stack installed")
    elif multus:
        notes.append(f"Multus is DaemonSet {multus.name}: it stays as it is (enabled: false)")
    else:
        notes.append("no Multus was found: with enabled: true this stack brings one")
    config: dict[str, Any] = {
        "primaryCni": _primary(seen, pinned, conf_file, notes, missing),
        "multus": dict(multus.section) if multus else {"enabled": False},
        "networks": {},
    }
    if "confFile" not in config["primaryCni"]:
        missing[f"{stack_key('primaryCni')}.confFile"] = (
            "name the file that the primary CNI writes in the nodes' CNI directory,"
            " or give --conf-file"
        )
    left = _networks(seen, owner, namespaces, config["networks"])

    def take_out(refused: list[Finding]) -> None:
        _take_out(refused[0], config, left, notes, missing)

    found = until_valid(lambda: config, take_out, missing)
    there = {
        name: nad
        for nad in seen.nads or ()
        if (name := nad["metadata"]["name"]) in config["networks"]
        and config["networks"][name]["namespace"] == nad["metadata"]["namespace"]
    }
    return Adopted(
        config,
        left,
        missing,
        notes,
        warnings(found),
        {name: there[name] for name in config["networks"]},
    )


def _primary(
    seen: Seen, pinned: str, given: str, notes: list[str], missing: dict[str, str]
) -> dict[str, Any]:
    section: dict[str, Any] = {"plugin": "existing"}
    if file := given or pinned or primary.conf_file(seen):
        section["confFile"] = file
    if takes_away := primary.exclusive(seen):
        notes.append(takes_away)
    for key, (cidrs, source) in (
        ("podCidrs", primary.pod_cidrs(seen)),
        ("serviceCidrs", primary.service_cidrs(seen)),
    ):
        if cidrs:
            section[key] = cidrs
            notes.append(f"{key}: from {source}")
        elif key == "serviceCidrs":
            section[key] = []  # better none than a default that is not this cluster's
            notes.append(
                f"{key}: the cluster does not tell; add them, networks are checked by them"
            )
        else:
            missing[f"{stack_key('primaryCni')}.{key}"] = (
                "name the pods' networks: others are checked by them"
            )
    return section


def _networks(
    seen: Seen, owner: str, namespaces: Collection[str], networks: dict[str, Any]
) -> list[Left]:
    left: list[Left] = []
    taken: dict[str, str] = {}
    nads = sorted(
        seen.nads or (), key=lambda nad: (nad["metadata"]["namespace"], nad["metadata"]["name"])
    )
    for nad in nads:
        namespace, name = nad["metadata"]["namespace"], nad["metadata"]["name"]
        if namespaces and namespace not in namespaces:
            continue
        try:
            declared = network(nad, owner)
        except NotAdoptable as stays:
            left.append(Left(namespace, name, str(stays), stays.refused))
            continue
        if name in networks:
            reason = f"{taken[name]}/{name} has its name: adopt it into a stack of its own,"
            left.append(Left(namespace, name, f"{reason} with --namespace {namespace}", True))
            continue
        networks[name], taken[name] = declared, namespace
    return left


def _take_out(
    finding: Finding,
    config: dict[str, Any],
    left: list[Left],
    notes: list[str],
    missing: dict[str, str],
) -> None:
    """Take out the network or key that a finding is about, naming it; or call it missing."""
    section, key = (*(str(step) for step in finding.path[:2]), "", "")[:2]
    section = own_key(section)
    if key not in config.get(section, {}):
        missing[finding.where] = f"{finding.rule}; {finding.way_out}"
        return
    taken = config[section].pop(key)
    if section == "networks":
        reason = told(finding.at(finding.path[2:]))
        left.append(Left(taken["namespace"], key, reason, True))
    else:
        notes.append(f"{section}.{key}: left out, {finding.rule}")
