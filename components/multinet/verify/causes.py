"""From what events, logs and nodes say to the likely cause, with the way out. Pure.

The patterns are the words of the reference plugins v1.9.1, Multus v4.3.0, libcni v1.3, whereabouts
v0.9, the kubelet and the scheduler.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from multinet.cni.plugins.known import brought_by
from multinet.findings import Finding, Path, Severity
from multinet.networks.checks.view import ROOT

Make = Callable[["re.Match[str]", Path], Finding]


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the cluster around a pod that is not as it should be.

    Attributes:
        bin_dir, conf_dir: of the CNI on the nodes.
        parent: the network's link on the node; empty: not known.
        cilium_exclusive: whether the cluster has a Cilium that renames others' files.
        multus_down: what is wrong with Multus on the pod's node; empty: it is ready.
    """

    bin_dir: str = "/opt/cni/bin"
    conf_dir: str = "/etc/cni/net.d"
    parent: str = ""
    cilium_exclusive: bool = False
    multus_down: str = ""


TRANSIENT: Final = frozenset(
    {
        *("live-api-unreachable", "live-daemon-down", "live-primary-not-ready"),
        "live-unschedulable",
    }
)
"""Causes that may pass by themselves: worth waiting for until the time is up."""


def causes(network: str, texts: Iterable[str], facts: Facts) -> list[Finding]:
    """The likely causes that these texts tell of, each once; the runtime's words if none does."""
    path: Path = (ROOT, network)
    told = [core(text) for text in texts if text]
    found: dict[str, Finding] = {}
    for text in told:
        for pattern, make in _RULES:
            if match := pattern.search(text):
                finding = make(match, path)
                found.setdefault(finding.code, _placed(finding, facts))
                break
    if not found and told:
        rule = f"the runtime says: {told[-1]}"
        way_out = "see the pod's events and Multus's log on that node"
        return [Finding("live-unknown-cause", path, rule, way_out, severity=Severity.WARNING)]
    return list(found.values())


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
        f"the runtime did not call Multus: 00-multus.conf is not the first file in {facts.conf_dir}"
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


def _placed(finding: Finding, facts: Facts) -> Finding:
    """With the paths and names of this cluster in the place of {…}."""
    parent = f"link {facts.parent}" if facts.parent else "the link it hangs on"
    return dataclasses.replace(
        finding,
        rule=finding.rule.replace("{bin}", facts.bin_dir).replace("{parent}", parent),
        way_out=finding.way_out.replace("{bin}", facts.bin_dir).replace("{parent}", parent),
    )


def _plugin_missing(match: re.Match[str], path: Path) -> Finding:
    plugin, where = match[1], " ".join(dict.fromkeys((match[2] or "{bin}").split()))
    if plugin == "whereabouts":
        rule = f"whereabouts is not installed: there is no such program in {where}"
        way_out = "install whereabouts (its DaemonSet lays the program out), or use another IPAM"
        return Finding("live-whereabouts-missing", path, rule, way_out, plugin)
    rule = f"the program {plugin} is not in {where} on that node"
    project = brought_by(plugin)
    way_out = "install it there: nodes.<name>.cniPlugins, or the plugin's own DaemonSet"
    if project:
        way_out = f"install it there: {project} lays it out"
    return Finding("live-plugin-missing", path, rule, way_out, plugin)


def _parent_missing(match: re.Match[str], path: Path) -> Finding:
    del match
    rule = "{parent} is not on that node"
    way_out = "declare it under nodes.<name>.links, correct the master, or set a nodeSelector"
    return Finding("live-parent-missing", path, rule, way_out)


def _exhausted(match: re.Match[str], path: Path) -> Finding:
    rule = f"no address is left in {match[1]}"
    way_out = "widen the range, or free addresses: host-local's are in /var/lib/cni/networks"
    return Finding("live-range-exhausted", path, rule, way_out, match[1])


def _isolated(match: re.Match[str], path: Path) -> Finding:
    rule = f"namespace isolation: pods of {match[1]} may not use networks of {match[2]}"
    way_out = "put the NAD into the pod's namespace, or its namespace into multus.globalNamespaces"
    return Finding("live-isolated", path, rule, way_out)


def _nad_gone(match: re.Match[str], path: Path) -> Finding:
    rule = f"Multus finds no NAD {match[1]} in namespace {match[2]}"
    return Finding("live-nad-not-found", path, rule, "run `pulumi up`", match[1])


def _nad_unreadable(match: re.Match[str], path: Path) -> Finding:
    rule = f"Multus cannot read the NAD's configuration: {match[1]}"
    return Finding("live-nad-unreadable", path, rule, "run `pulumi up`: the NAD was edited")


def _cni_version(match: re.Match[str], path: Path) -> Finding:
    rule = f"a plugin does not speak cniVersion {match[1]}"
    return Finding("live-cni-version", path, rule, "set a version that it speaks, or update it")


def _dhcp_daemon(match: re.Match[str], path: Path) -> Finding:
    rule = f"no dhcp daemon listens on that node ({match[1]})"
    way_out = "run one there: nodes.<name>.dhcpDaemon: systemd"
    return Finding("live-dhcp-daemon", path, rule, way_out)


def _dhcp_silent(match: re.Match[str], path: Path) -> Finding:
    del match
    rule = "the dhcp daemon got no answer from a DHCP server"
    way_out = "check that a server serves that L2, and knows or accepts the pod's MAC address"
    return Finding("live-dhcp-silent", path, rule, way_out)


def _mtu(match: re.Match[str], path: Path) -> Finding:
    rule = f"the declared MTU {match[1]} is above that of {{parent}}, {match[2]}"
    way_out = f"lower it to {match[2]}, or raise it under nodes.<name>.links"
    return Finding("live-mtu-above-parent", path, rule, way_out, match[1])


def _not_a_bridge(match: re.Match[str], path: Path) -> Finding:
    rule = f"{match[1]} is on that node, and is no bridge"
    way_out = "name another bridge: the plugin makes one that is not there"
    return Finding("live-not-a-bridge", path, rule, way_out, match[1])


def _in_use(match: re.Match[str], path: Path) -> Finding:
    del match
    rule = "{parent} is in use in a way that excludes this: another pod has it, or a passthru"
    way_out = "see which pods of that node are on it; such a link serves one pod at a time"
    return Finding("live-parent-in-use", path, rule, way_out)


def _no_kernel_support(match: re.Match[str], path: Path) -> Finding:
    rule = f"the node's kernel has no {match[1]}"
    way_out = "load its module (nodes.<name>.modules), or use a kernel that has it"
    return Finding("live-kernel", path, rule, way_out, match[1])


def _route_refused(match: re.Match[str], path: Path) -> Finding:
    rule = f"the kernel refuses a declared route: {match[1]}"
    return Finding("live-route-refused", path, rule, "correct the route's gateway", match[1])


def _no_device(match: re.Match[str], path: Path) -> Finding:
    rule = f"no node that fits has a free device of {match[1]}"
    way_out = "see whether its device plugin runs, and `kubectl describe node`: allocatable"
    return Finding("live-no-device", path, rule, way_out, match[1])


def _unschedulable(match: re.Match[str], path: Path) -> Finding:
    rule = f"the scheduler found no place for the pod: {match[1]}"
    way_out = "make room on the node, or choose another with --node"
    return Finding("live-unschedulable", path, rule, way_out)


def _token(match: re.Match[str], path: Path) -> Finding:
    del match
    rule = "Multus's credential is not accepted any more: its token has expired"
    way_out = "restart Multus's pods: `kubectl rollout restart daemonset` in its namespace"
    return Finding("live-token-expired", path, rule, way_out)


def _forbidden(match: re.Match[str], path: Path) -> Finding:
    rule = f"Multus may not do what it needs: {match[1]}"
    way_out = "run `pulumi up`: its ClusterRole, or the binding, was changed"
    return Finding("live-multus-forbidden", path, rule, way_out)


def _api(match: re.Match[str], path: Path) -> Finding:
    rule = f"Multus does not reach the API server: {match[1]}"
    way_out = "see whether service addresses work on that node; else set multus.apiServer"
    return Finding("live-api-unreachable", path, rule, way_out)


def _daemon(match: re.Match[str], path: Path) -> Finding:
    rule = f"Multus's daemon does not answer on that node: {match[1]}"
    way_out = "see its pod there: `kubectl get pods -o wide` in Multus's namespace"
    return Finding("live-daemon-down", path, rule, way_out)


def _primary(match: re.Match[str], path: Path) -> Finding:
    rule = f"the primary network is not ready: {match[0]}"
    way_out = "see the primary CNI's pods on that node"
    return Finding("live-primary-not-ready", path, rule, way_out)


def _image(match: re.Match[str], path: Path) -> Finding:
    rule = f"the node cannot get the pods' image: {match[1]}"
    way_out = "give --image one that the nodes can pull; it needs sh, ip, httpd and wget"
    return Finding("live-image", path, rule, way_out)


def _whereabouts(match: re.Match[str], path: Path) -> Finding:
    rule = f"whereabouts cannot reach its books in the API server: {match[0]}"
    way_out = "see whether its CRDs, its RBAC and its kubeconfig on that node are there"
    return Finding("live-whereabouts-books", path, rule, way_out)


def _bad_value(match: re.Match[str], path: Path) -> Finding:
    rule = f"a plugin refuses the NAD's configuration: {match[1]}"
    way_out = "run `multinet validate`, then `pulumi up`: the NAD was edited"
    return Finding("live-refused-by-plugin", path, rule, way_out)


def _rules(*rules: tuple[str, Make]) -> list[tuple[re.Pattern[str], Make]]:
    return [(re.compile(pattern, re.IGNORECASE), make) for pattern, make in rules]


_RULES: Final[Sequence[tuple[re.Pattern[str], Make]]] = _rules(
    (r'failed to find plugin "([^"]+)" in path (?:\[([^\]]*)\]|\S*)', _plugin_missing),
    (r"no IP addresses available in range set: (\S+)", _exhausted),
    (r"Could not allocate IP in range: ip: .*? / range: (\S+)", _exhausted),
    (
        r"namespace isolation enabled, .* pod is in namespace (\S+) but refers to target namespace"
        r" (\S+)",
        _isolated,
    ),
    (
        r"cannot find a network-attachment-definition \(([^)]+)\) in namespace \(([^)]+)\)"
        r".*not found",
        _nad_gone,
    ),
    (r"ailed to unmarshal Spec\.Config: (.*)", _nad_unreadable),
    (r"(delegate must have the 'type' or 'plugin' field)", _nad_unreadable),
    (r"(error parsing configuration(?: list)?: .*)", _nad_unreadable),
    (r'incompatible CNI versions; config is "([^"]*)"', _cni_version),
    (r"error dialing DHCP daemon: (.*)", _dhcp_daemon),
    (r"error calling DHCP\.Allocate|no more tries|DHCP.* timed? ?out", _dhcp_silent),
    (r"invalid MTU (\d+), must be \[0, master MTU\((\d+)\)\]", _mtu),
    (r'"([^"]+)" already exists but is not a bridge', _not_a_bridge),
    (r"failed to create (\S+): operation not supported", _no_kernel_support),
    (
        r"failed to create (?:macvlan|ipvlan|vlan): (?:invalid argument|device or resource busy|file exists)",
        _in_use,
    ),
    (r"failed to add route '[^']*?via ([^ ]+) dev [^']*': network is unreachable", _route_refused),
    (r"failed to add route '([^']*)'", _route_refused),
    (
        r"failed to lookup master|failed to find host device|Link not found|no default route interface",
        _parent_missing,
    ),
    (r"Insufficient ([a-z0-9.-]+\.[a-z0-9.-]+/[A-Za-z0-9._-]*[A-Za-z0-9])", _no_device),
    (r"(\d+/\d+ nodes are available: .*?)(?: preemption:|$)", _unschedulable),
    (
        r"whereabouts.*(?:forbidden|could not find the requested resource|context deadline)",
        _whereabouts,
    ),
    (r"cni plugin not initialized|network is not ready", _primary),
    (r'plugin type="(?:calico|cilium-cni)" failed.*', _primary),
    (r"\bUnauthorized\b|token has expired|provide credentials", _token),
    (r"(cannot \w+ resource \S+ in API group[^:]*)", _forbidden),
    (r"failed to send CNI request: (.*)|(multus\.sock.*)", _daemon),
    (r"(dial tcp \S+ (?:connect: |i/o ).*|TLS handshake timeout|no route to host.*)", _api),
    (r"still waiting for readinessindicatorfile @ \S+", _primary),
    (
        r"(?:Failed to pull image|ErrImagePull|ImagePullBackOff|Back-off pulling image|ErrImageNeverPull|InvalidImageName)[: ]*(.*)",
        _image,
    ),
    (r"(unknown \w+ mode: .*|invalid VLAN ID .*|failed to load netconf: .*)", _bad_value),
)
