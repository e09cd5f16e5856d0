"""What runs beside an add-on, or has to go on as it is, before an `up` changes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from multinet.addons.dhcp_daemon import objects as dhcp_daemon
from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.network_policy import names as network_policy
from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts import names as whereabouts
from multinet.findings import Finding, Path, Severity
from multinet.names import stack_key
from multinet.preflight.look import Seen
from multinet.preflight.marks import is_of, place_of
from multinet.stack.settings import StackSettings

_Object = Mapping[str, Any]
_WHEREABOUTS = re.compile(r"(?:^|[/-])whereabouts(?:-cni)?(?:[:@]|$)")
"""An image of it: upstream's, RKE2's hardened one, a mirror's."""
_ENFORCER = re.compile(r"multi-?networkpolicy-(?:nftables|iptables)")
"""An image or a command of one."""


def beside_addons(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    """Another whereabouts, or another enforcer of policies, on the same nodes; a dhcp daemon whose
    change would cost its leases.
    """
    yield from _another_whereabouts(stack, seen)
    yield from _another_enforcer(stack, seen)
    yield from _leases(stack, owner, seen)


def _another_whereabouts(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    if "whereabouts" not in stack.addons.on:
        return
    for item in seen.daemon_sets:
        namespace, name = place_of(item)
        if (namespace, name) == (stack.multus.namespace, whereabouts.NAME):
            continue
        if any(_WHEREABOUTS.search(str(c.get("image", ""))) for c in _containers(item)):
            path: Path = (stack_key("addons"), "whereabouts")
            rule = (
                f"another whereabouts runs in this cluster, as DaemonSet {namespace}/{name}: both"
                " would write its plugin and its file on every node"
            )
            way_out = "whereabouts: false uses that one; else remove it first, and keep its books"
            yield Finding("another-whereabouts", path, rule, way_out, f"{namespace}/{name}")


def _another_enforcer(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    if "network_policy" not in stack.addons.on:
        return
    for item in seen.daemon_sets:
        namespace, name = place_of(item)
        if (namespace, name) == (stack.multus.namespace, network_policy.NAME):
            continue
        if any(_ENFORCER.search(_started_as(c)) for c in _containers(item)):
            path: Path = (stack_key("addons"), "networkPolicy")
            rule = (
                f"policies are enforced in this cluster already, by DaemonSet {namespace}/{name}: both"
                " would write rules into the same pods, and take away each other's"
            )
            way_out = "networkPolicy: false leaves it to that one; else remove it first"
            yield Finding("another-enforcer", path, rule, way_out, f"{namespace}/{name}")


def _started_as(container: _Object) -> str:
    """Its image and command in one text; another image, as OpenShift's, has the same program."""
    return " ".join([str(container.get("image", "")), *map(str, container.get("command") or ())])


def _leases(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    settings = stack.addons.dhcp_daemon
    if not isinstance(settings, DhcpDaemonAddonSettings):
        return
    site = SiteSettings.of(stack.multus, stack.primary_cni, stack.networks)
    there = {place_of(item): item for item in seen.daemon_sets}
    item = there.get((stack.multus.namespace, dhcp_daemon.NAME))
    if item is None or not is_of(item, owner) or not dhcp_daemon.sockets(site):
        return
    if _runs(item) != _runs(dhcp_daemon.daemon_set(settings, site)):
        path: Path = (stack_key("addons"), "dhcpDaemon")
        rule = (
            "the daemon changes, and its pods go on as they are: one that ends loses the leases of its"
            " node's pods, whose addresses are given to others once they run out"
        )
        labels = ",".join(f"{key}={value}" for key, value in dhcp_daemon.SELECTOR.items())
        way_out = (
            "node by node, best with the node drained: kubectl delete pod"
            f" -n {stack.multus.namespace} -l {labels} --field-selector spec.nodeName=NODE"
        )
        yield Finding("dhcp-daemon-waits", path, rule, way_out, None, Severity.WARNING)


def _runs(daemon_set: _Object) -> list[Any]:
    """What a pod of it is started with, as far as a change of ours shows there."""
    template = daemon_set["spec"]["template"]
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    started = [(c.get("image"), c.get("command")) for c in _containers(daemon_set)]
    return [annotations.get(dhcp_daemon.CONFIG_HASH), *started]


def _containers(daemon_set: _Object) -> list[_Object]:
    return list(daemon_set["spec"]["template"]["spec"].get("containers") or ())
