"""The file that Multus is to read the primary CNI from, against what runs. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from multinet.findings import Finding, Path, Severity
from multinet.multus import rollout
from multinet.multus.running import container_of
from multinet.multus.standing import Standing
from multinet.preflight.look import Seen
from multinet.primary_cni.agents import CONF_FILE, running
from multinet.stack.settings import StackSettings

_PATH: Path = ("multinet:primaryCni", "confFile")


def wrong_conf_file(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    """Whether none of the agents that run writes the `confFile` of an existing primary.

    Nothing is said where no agent is known, or where a Multus of this file is serving already.
    """
    named = stack.primary_cni.effective_conf_file
    if stack.primary_cni.plugin != "existing" or not stack.multus.enabled or not named:
        return
    agents = running(seen.daemon_sets, seen.nodes or (), seen.cilium)
    if not all(a.writes for a in agents):
        return  # of one of them it depends
    if not agents or any(named in {a.writes, *a.names} for a in agents):
        return
    if seen.multus.done and _as_declared(stack, seen.multus):
        return
    writing = ", ".join(
        f"{a.agent.project}{f' (DaemonSet {a.name})' if a.name else ''} writes {a.writes}"
        for a in agents
    )
    rule = f"{writing}: Multus would wait for another file, and never start"
    way_out = f"use {' or '.join(dict.fromkeys(a.writes for a in agents))}"
    if agent := next((a.name for a in agents if a.name), ""):
        namespace, _, name = agent.rpartition("/")
        way_out += (
            f"; where the nodes have {named} by other means, say so: kubectl -n {namespace}"
            f" annotate daemonset {name} {CONF_FILE}={named}"
        )
    yield Finding("conf-file-not-written", _PATH, rule, way_out, named)


def unready_multus(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    """Whether a Multus that this `up` would leave as it is does not start.

    The engine waits for what it changes; what is as declared already it passes by.
    """
    left = seen.multus.left
    if not left or not _as_declared(stack, seen.multus):
        return
    if hopeless := [w for w in left if w.hopeless]:
        yield rollout.finding(hopeless)
    else:
        yield dataclasses.replace(rollout.finding(left), severity=Severity.WARNING)


def _as_declared(stack: StackSettings, multus: Standing) -> bool:
    """Whether it runs with the file and the image that the stack declares."""
    if multus.daemon_set is None:
        return False
    container = container_of(multus.daemon_set)
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    named = stack.primary_cni.effective_conf_file
    return container.get("image") == stack.multus.effective_image and any(
        str(word).endswith(named) for word in words
    )
