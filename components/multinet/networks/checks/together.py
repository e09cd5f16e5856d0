"""A warning that many networks share the cause of: told once, with the networks' names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from multinet.findings import Finding
from multinet.networks.checks.view import ROOT

_MOST_NAMED = 8
_SHARED: Mapping[str, tuple[str, str]] = {
    "host-local-on-shared-l2": (
        "each node hands out their addresses by itself, and the pods of all nodes meet on their"
        " segments: two nodes give the same address",
        "give each node a block of them (perNode.blockSize), or use whereabouts or dhcp; if there is"
        " one node, accept it for all in multinet:ignore",
    ),
    "whereabouts-not-brought": (
        "nothing here brings whereabouts to the nodes, and their pods wait for it",
        "add `whereabouts: true` to multinet:addons, or `whereabouts: false` where others bring it",
    ),
    "dhcp-daemon-not-brought": (
        "nothing here runs the dhcp plugin's daemon on the nodes, and their pods wait for it",
        "add `dhcpDaemon: true` to multinet:addons, or `dhcpDaemon: false` where others run it",
    ),
}
"""Code → rule and way out of several networks, where it is the cluster that decides."""


def together(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those of a shared cause as one, in the place of the first.

    Its path is that of all networks. One network's own keeps its path.
    """
    networks: dict[str, list[str]] = {}
    for finding in findings:
        if finding.code in _SHARED and finding.path[:1] == (ROOT,):
            networks.setdefault(finding.code, []).append(str(finding.path[1]))
    shared = {code: [*dict.fromkeys(names)] for code, names in networks.items()}
    shared = {code: names for code, names in shared.items() if len(names) > 1}
    made: list[Finding] = []
    for finding in findings:
        if finding.code not in shared:
            made.append(finding)
        elif shared[finding.code]:
            made.append(_one(finding, shared[finding.code]))
            shared[finding.code] = []
    return made


def _one(first: Finding, names: Sequence[str]) -> Finding:
    rule, way_out = _SHARED[first.code]
    named = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    whose = f"{len(names)} networks ({named}{more}): {rule}"
    return dataclasses.replace(first, path=(ROOT,), rule=whose, way_out=way_out, value=None)
