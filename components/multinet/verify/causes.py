"""From what events, logs and nodes say to the likely cause, with the way out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from multinet.findings import Finding, Path, Severity
from multinet.networks.checks.view import ROOT
from multinet.verify.words import DHCP_WAY_OUT, Facts, cause

__all__ = ["TRANSIENT", "Facts", "blames", "causes", "core", "dhcp_silent"]

TRANSIENT: Final = frozenset(
    {
        *("live-api-unreachable", "live-daemon-down", "live-primary-not-ready"),
        *("live-unschedulable", "live-no-block"),
    }
)
"""Causes that may pass by themselves: worth waiting for until the time is up."""


def causes(network: str, texts: Iterable[str], facts: Facts) -> list[Finding]:
    """The likely causes that these texts tell of, each once; the runtime's words if none does."""
    path: Path = (ROOT, network)
    told = [core(text) for text in texts if text]
    found: dict[str, Finding] = {}
    for text in told:
        if (finding := cause(text, path, facts)) is not None:
            found.setdefault(finding.code, finding)
    if not found and told:
        rule = f"the runtime says: {told[-1]}"
        way_out = "see the pod's events and Multus's log on that node"
        return [Finding("live-unknown-cause", path, rule, way_out, severity=Severity.WARNING)]
    return list(found.values())


def dhcp_silent(network: str, seconds: float) -> Finding:
    """Why a pod with DHCP waits without a word: the daemon asks for minutes before it gives up."""
    rule = f"no DHCP server answered within {seconds:.0f} s"
    return Finding("live-dhcp-silent", (ROOT, network), rule, DHCP_WAY_OUT)


def silent_causes(network: str, facts: Facts) -> list[Finding]:
    """Why a pod started on the primary network alone, with nobody complaining."""
    path: Path = (ROOT, network)
    if facts.cilium_exclusive:
        rule = "Cilium runs with cni.exclusive: it renames Multus's file to .cilium_bak, silently"
        way_out = "set cni.exclusive=false, then restart Multus and the pods"
        return [Finding("live-cilium-exclusive", path, rule, way_out)]
    if facts.multus_down:
        rule = f"Multus was not ready on the pod's node: {facts.multus_down}"
        way_out = "see `kubectl describe` of its pod; then restart the pods"
        return [Finding("live-multus-away", path, rule, way_out)]
    rule = (
        "the runtime did not call Multus: its file (00-multus.conf; thin beside a primary of"
        f" cniVersion 1.0.0: 00-multus.conflist) is not the first in {facts.conf_dir}"
    )
    way_out = f"look into {facts.conf_dir} on that node: what sorts before it, or took it away?"
    return [Finding("live-not-first", path, rule, way_out)]


def unreached_causes(network: str, same_node: bool, facts: Facts) -> list[Finding]:
    """Why two pods with addresses did not reach each other: what is usual, not what is known."""
    path: Path = (ROOT, network)
    if same_node:
        rule = "pods on one node cannot talk: a packet filter on the node, or an isolating option"
        way_out = "look at bridge-nf-call-iptables, firewall and network policies on that node"
        return [Finding("live-filtered", path, rule, way_out, severity=Severity.WARNING)]
    parent = facts.parent or "the parent"
    rule = (
        f"between nodes, {parent} does not carry frames of pods: a switch or hypervisor that drops"
        " MAC addresses it does not know, another L2, or a VLAN that is not on the port"
    )
    way_out = (
        "allow forged transmits and promiscuous mode on the virtual switch; use ipvlan in clouds"
    )
    return [Finding("live-l2-blocked", path, rule, way_out, severity=Severity.WARNING)]


def core(text: str) -> str:
    """The message inside the wrappings of kubelet, runtime and shim, in one line."""
    inner = text.partition("': StdinData")[0].rpartition("ERRORED: ")[2]
    inner = re.sub(r"\[[^\]\s]*/[0-9a-f-]{36}(:[^\]]*)?\]: ", "", inner)
    inner = re.sub(r"^.*?failed to setup network for sandbox \"[0-9a-f]+\": ", "", inner)
    inner = re.sub(r"^error configuring pod \[[^\]]*\] networking: ", "", inner)
    return " ".join(inner.split())[:400]


def blames(text: str) -> str:
    """The CNI name of the network that a failed attach names; empty: it names none."""
    match = re.search(r'error adding container to network "([^"]+)"', text)
    return match[1] if match else ""
