"""The words in which programs on a node say what is wrong, and what that means. Pure.

They are those of the reference plugins v1.9.1, Multus v4.3.0, libcni v1.3, whereabouts v0.9, the
kubelet and the scheduler.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Final

from multinet.cni.plugins.known import brought_by
from multinet.findings import Finding, Path

DHCP_WAY_OUT: Final = (
    "check that a server serves that L2, and knows or accepts the pod's MAC address"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the cluster around a pod that is not as it should be.

    Attributes:
        bin_dir, conf_dir: of the CNI on the nodes.
        parent: the network's link on the node; empty: not known.
        cilium_exclusive: whether the cluster has a Cilium that renames others' files.
        multus_down: what is wrong with Multus on the pod's node; empty: it is ready.
        no_block: why the node's own configurations are not laid out; empty: they are.
    """

    bin_dir: str = "/opt/cni/bin"
    conf_dir: str = "/etc/cni/net.d"
    parent: str = ""
    cilium_exclusive: bool = False
    multus_down: str = ""
    no_block: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Rule:
    """Words that tell of a cause.

    Attributes:
        pattern: what is looked for, whatever its case.
        rule, way_out, value: of the finding; `{0}` is what was found, `{1}` the pattern's first
            group and so on, `{bin}` the directory of the programs, `{parent}` the network's link.
    """

    code: str
    pattern: re.Pattern[str]
    rule: str
    way_out: str
    value: str = ""

    def finding(self, match: re.Match[str], path: Path, facts: Facts) -> Finding:
        said = [group or "" for group in (match[0], *match.groups())]
        parent = f"link {facts.parent}" if facts.parent else "the link it hangs on"
        where = {"bin": facts.bin_dir, "parent": parent}
        texts = (self.rule, self.way_out, self.value)
        rule, way_out, value = (text.format(*said, **where) for text in texts)
        return Finding(self.code, path, rule, way_out, value or None)


def _plugin_missing(match: re.Match[str], path: Path, facts: Facts) -> Finding:
    plugin = match[1]
    where = " ".join(dict.fromkeys((match[2] or facts.bin_dir).split()))
    if plugin == "whereabouts":
        rule = f"whereabouts is not installed: there is no such program in {where}"
        way_out = (
            "`whereabouts: true` under multinet:addons brings it to every node; or use another IPAM"
        )
        return Finding("live-whereabouts-missing", path, rule, way_out, plugin)
    rule = f"the program {plugin} is not in {where} on that node"
    way_out = "`cniPlugins: true` under multinet:addons brings it to every node; or nodes.<name>.cniPlugins"
    if project := brought_by(plugin):
        way_out = f"install it there: {project} lays it out"
    return Finding("live-plugin-missing", path, rule, way_out, plugin)


def _no_block(path: Path, facts: Facts) -> Finding:
    rule = f"the node has no block of the network yet, and its pods wait: {facts.no_block}"
    way_out = "see the pod of DaemonSet multinet-node-blocks there; pods start when it is ready"
    return Finding("live-no-block", path, rule, way_out)


def _rule(code: str, pattern: str, rule: str, way_out: str, value: str = "") -> _Rule:
    return _Rule(code, re.compile(pattern, re.IGNORECASE), rule, way_out, value)


_PLUGIN_MISSING: Final = re.compile(
    r'failed to find plugin "([^"]+)" in path (?:\[([^\]]*)\]|\S*)', re.IGNORECASE
)
_EDITED = "if it was edited, `pulumi up --refresh` writes the declared one"
_RULES: Final[Sequence[_Rule]] = (
    _rule(
        "live-configuration-missing",
        r"no networks? (?:available in the name \S+ in cni dir|found in) (\S+)"
        r"|error reading (\S*/zz-multinet-\S+):",
        "the node has no configuration of its own for this network in {}",
        "have it laid out there, with the network's name; or give the network a config",
    ),
    _rule(
        "live-range-exhausted",
        r"no IP addresses available in range set: (\S+)"
        r"|Could not allocate IP in range: ip: .*? / range: (\S+)",
        "no address is left in {1}{2}",
        "widen the range, or free addresses that nobody has: `multinet status --nodes` names them",
        "{1}{2}",
    ),
    _rule(
        "live-isolated",
        r"namespace isolation enabled, .* pod is in namespace (\S+) but refers to target namespace"
        r" (\S+)",
        "namespace isolation: pods of {1} may not use networks of {2}",
        "put the NAD into the pod's namespace, or its namespace into multus.globalNamespaces",
    ),
    _rule(
        "live-nad-not-found",
        r"cannot find a network-attachment-definition \(([^)]+)\) in namespace \(([^)]+)\)"
        r".*not found",
        "Multus finds no NAD {1} in namespace {2}",
        "`pulumi up --refresh` makes it again",
        "{1}",
    ),
    _rule(
        "live-nad-unreadable",
        r"ailed to unmarshal Spec\.Config: (.*)|(delegate must have the 'type' or 'plugin' field)"
        r"|(error parsing configuration(?: list)?: .*)",
        "Multus cannot read the NAD's configuration: {1}{2}{3}",
        f"correct the NAD; {_EDITED}",
    ),
    _rule(
        "live-cni-version",
        r'incompatible CNI versions; config is "([^"]*)"',
        "a plugin does not speak cniVersion {1}",
        "set a version that it speaks, or update it",
    ),
    _rule(
        "live-dhcp-daemon",
        r"error dialing DHCP daemon: (.*)",
        "no dhcp daemon listens on that node ({1})",
        "`dhcpDaemon: true` under multinet:addons runs one on every node; or nodes.<name>.dhcpDaemon",
    ),
    _rule(
        "live-dhcp-silent",
        r"error calling DHCP\.Allocate|no more tries|DHCP.* timed? ?out",
        "the dhcp daemon got no answer from a DHCP server",
        DHCP_WAY_OUT,
    ),
    _rule(
        "live-mtu-above-parent",
        r"invalid MTU (\d+), must be \[0, master MTU\((\d+)\)\]",
        "the declared MTU {1} is above that of {parent}, {2}",
        "lower it to {2}, or raise it under nodes.<name>.links",
        "{1}",
    ),
    _rule(
        "live-not-a-bridge",
        r'"([^"]+)" already exists but is not a bridge',
        "{1} is on that node, and is no bridge",
        "name another bridge: the plugin makes one that is not there",
        "{1}",
    ),
    _rule(
        "live-kernel",
        r"failed to create (\S+): operation not supported",
        "the node's kernel has no {1}",
        "load its module (nodes.<name>.modules), or use a kernel that has it",
        "{1}",
    ),
    _rule(
        "live-parent-in-use",
        r"failed to create (?:macvlan|ipvlan|vlan): "
        r"(?:invalid argument|device or resource busy|file exists)",
        "{parent} is in use in a way that excludes this: another pod has it, or a passthru",
        "see which pods of that node are on it; such a link serves one pod at a time",
    ),
    _rule(
        "live-route-refused",
        r"failed to add route '(?:[^']*?via ([^ ]+) dev [^']*': network is unreachable|([^']*)')",
        "the kernel refuses a declared route: {1}{2}",
        "correct the route's gateway",
        "{1}{2}",
    ),
    _rule(
        "live-parent-missing",
        r"failed to lookup master|failed to find host device|Link not found"
        r"|no default route interface",
        "{parent} is not on that node",
        "declare it under nodes.<name>.links, correct the master, or set a nodeSelector",
    ),
    _rule(
        "live-no-device",
        r"Insufficient ([a-z0-9.-]+\.[a-z0-9.-]+/[A-Za-z0-9._-]*[A-Za-z0-9])",
        "no node that fits has a free device of {1}",
        "see whether its device plugin runs, and `kubectl describe node`: allocatable",
        "{1}",
    ),
    _rule(
        "live-unschedulable",
        r"(\d+/\d+ nodes are available: .*?)(?: preemption:|$)",
        "the scheduler found no place for the pod: {1}",
        "make room on the node, or choose another with --node",
    ),
    _rule(
        "live-whereabouts-books",
        r"whereabouts.*(?:forbidden|could not find the requested resource|context deadline)",
        "whereabouts cannot reach its books in the API server: {0}",
        "see whether its CRDs, its RBAC and its kubeconfig on that node are there",
    ),
    _rule(
        "live-primary-not-ready",
        r'cni plugin not initialized|network is not ready|plugin type="(?:calico|cilium-cni)" failed.*'
        r"|still waiting for readinessindicatorfile @ \S+",
        "the primary network is not ready: {0}",
        "see the primary CNI's pods on that node",
    ),
    _rule(
        "live-token-expired",
        r"\bUnauthorized\b|token has expired|provide credentials",
        "Multus's credential is not accepted any more: its token has expired, or is of an account"
        " that was deleted",
        "restart Multus's pods: `kubectl rollout restart daemonset` in its namespace",
    ),
    _rule(
        "live-multus-forbidden",
        r"(cannot \w+ resource \S+ in API group[^:]*)",
        "Multus may not do what it needs: {1}",
        "its ClusterRole, or the binding, was changed: `pulumi up --refresh` restores both",
    ),
    _rule(
        "live-daemon-down",
        r"failed to send CNI request: (.*)|(multus\.sock.*)",
        "Multus's daemon does not answer on that node: {1}{2}",
        "see its pod there: `kubectl get pods -o wide` in Multus's namespace",
    ),
    _rule(
        "live-api-unreachable",
        r"(dial tcp \S+ (?:connect: |i/o ).*|TLS handshake timeout|no route to host.*)",
        "Multus does not reach the API server: {1}",
        "see whether service addresses work on that node; else set multus.apiServer",
    ),
    _rule(
        "live-image",
        r"(?:Failed to pull image|ErrImagePull|ImagePullBackOff|Back-off pulling image"
        r"|ErrImageNeverPull|InvalidImageName)[: ]*(.*)",
        "the node cannot get the pods' image: {1}",
        "give --image one that the nodes can pull; it needs sh, ip, httpd and wget",
    ),
    _rule(
        "live-refused-by-plugin",
        r"(unknown \w+ mode: .*|invalid VLAN ID .*|failed to load netconf: .*)",
        "a plugin refuses the NAD's configuration: {1}",
        f"run `multinet validate`; {_EDITED}",
    ),
)


def cause(text: str, path: Path, facts: Facts) -> Finding | None:
    """What a text tells of; None: nothing that is known."""
    if match := _PLUGIN_MISSING.search(text):
        return _plugin_missing(match, path, facts)
    for rule in _RULES:
        if rule.code == "live-configuration-missing" and facts.no_block:
            if rule.pattern.search(text):
                return _no_block(path, facts)
            continue
        if match := rule.pattern.search(text):
            return rule.finding(match, path, facts)
    return None
