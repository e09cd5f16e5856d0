"""Rules between the primary CNI and the other sections; paths start at a top-level key."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from multinet import paths
from multinet.cni.types import Address
from multinet.findings import Finding, Severity
from multinet.findings.part import apart
from multinet.primary_cni import rules
from multinet.primary_cni.options import CalicoSettings, CiliumSettings
from multinet.stack.settings import StackSettings

_DIRECTORIES_FROM = (3, 31)
_SETS_EVERY_MTU = (1, 19)
_FEW = 4


def primary_across(settings: StackSettings) -> Iterator[Finding]:
    """What the primary CNI needs of `multus` and `nodes`."""
    yield from apart(
        _shares(settings),
        _directories(settings),
        _over_addresses(settings),
        _mtus_beside_cilium(settings),
        _calico(settings),
        _api_server(settings),
    )


def _shares(settings: StackSettings) -> Iterator[Finding]:
    primary = settings.primary_cni
    shares = rules.nodes(primary.pod_cidrs, primary.node_share, len(settings.nodes))
    yield from (finding.under(("primaryCni",)) for finding in shares)


def _directories(settings: StackSettings) -> Iterator[Finding]:
    primary, usual = settings.primary_cni, paths.CNI_DIRS["kubeadm"]
    before = primary.plugin == "calico" and primary.line < _DIRECTORIES_FROM
    if before and settings.multus.dirs != usual:
        rule = "Calico's operator takes other CNI directories from 3.31 on"
        way_out = "set primaryCni.version to v3.31 or later"
        path, value = ("primaryCni", "version"), primary.effective_version
        yield Finding("directories-unknown", path, rule, way_out, value)


def _api_server(settings: StackSettings) -> Iterator[Finding]:
    primary = settings.primary_cni
    cilium = primary.cilium or CiliumSettings()
    replaces = primary.plugin == "cilium" and cilium.kube_proxy_replacement
    if replaces and settings.multus.api_server is None:
        rule = "without kube-proxy neither Cilium nor Multus reaches the API by its service address"
        way_out = "set multus.apiServer to the API server's host and port"
        where = ("primaryCni", "cilium", "kubeProxyReplacement")
        yield Finding("api-server-unknown", where, rule, way_out, True, Severity.WARNING)


def _mtus_beside_cilium(settings: StackSettings) -> Iterator[Finding]:
    """Tried: 1.19.4 takes the veth of any network for one of its own; 1.20.2 does not."""
    primary = settings.primary_cni
    if primary.plugin != "cilium" or primary.line != _SETS_EVERY_MTU:
        return
    for name, network in settings.networks.items():
        config = network.config
        for path, plugin in config.located:
            if plugin.VETH and (mtu := plugin.declared_mtu()):
                rule = (
                    f"Cilium {'.'.join(map(str, _SETS_EVERY_MTU))} sets its own MTU on every veth of"
                    f" a pod when its agent starts, this one's too ({plugin.type})"
                )
                way_out = "use Cilium 1.20, or leave the MTU to Cilium (primaryCni.mtu)"
                where = ("networks", name, "config", *config.written((*path, "mtu")))
                yield Finding("mtu-set-by-cilium", where, rule, way_out, mtu, Severity.WARNING)


def _calico(settings: StackSettings) -> Iterator[Finding]:
    """Calico's eBPF dataplane stands in for kube-proxy; its operator hands the address on."""
    primary, host = settings.primary_cni, settings.multus.api_server
    if primary.plugin != "calico":
        return
    network = ("installation", "calicoNetwork")
    dataplane = rules.value_at(primary.values, (*network, "linuxDataplane"))
    asked = (primary.calico or CalicoSettings()).dataplane
    endpoint = rules.value_at(primary.values, ("kubernetesServiceEndpoint", "host"))
    itself = rules.value_at(primary.values, (*network, "bpfNetworkBootstrap"))
    told = host is not None or (isinstance(endpoint, str) and endpoint) or itself == "Enabled"
    if "BPF" in (dataplane, asked) and not told:
        rule = (
            "the eBPF dataplane takes kube-proxy's rules away: after that no calico-node that starts"
            " reaches the API by its service address"
        )
        way_out = "set multus.apiServer to the API server's host and port"
        where = ("primaryCni", "calico", "dataplane")
        yield Finding("api-server-unknown", where, rule, way_out, "BPF")
    if host is not None and _is_loopback(host.host):
        rule = (
            "Calico's operator hands it to pods with a network of their own (kube-controllers, API"
            " server), where this is the pod itself"
        )
        way_out = "name an address that pods reach: a control plane node's, or a load balancer's"
        where = ("multus", "apiServer", "host")
        yield Finding("api-server-on-loopback", where, rule, way_out, host.host)


def _over_addresses(settings: StackSettings) -> Iterator[Finding]:
    """Networks of pods or services that hold what machines of the cluster have as their own."""
    primary, server = settings.primary_cni, settings.multus.api_server
    machines = {f"node {name}": node.host or name for name, node in settings.nodes.items()}
    if server is not None:
        machines["multus.apiServer"] = server.host
    read = {name: a for name, text in machines.items() if (a := address_or_none(text)) is not None}
    for key, whose, cidrs in (
        ("podCidrs", "pods", primary.pod_cidrs),
        ("serviceCidrs", "services", primary.service_cidrs),
    ):
        for i, text in enumerate(cidrs):
            network = ipaddress.ip_network(text)
            within = [f"{n} ({a})" for n, a in read.items() if a in network]
            if within:
                shown = ", ".join(within[:_FEW]) + (" …" if len(within) > _FEW else "")
                rule = f"is the {whose}' network, and {shown} is in it: traffic there goes astray"
                way_out = "choose a network that no machine of the cluster has an address of"
                yield Finding("cidr-covers-node", ("primaryCni", key, i), rule, way_out, text)


def address_or_none(text: str) -> Address | None:
    """The IP address that a text is; None: it is a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = address_or_none(host)
    if address is not None:
        return address.is_loopback
    return host.rstrip(".").lower() in ("localhost", "localhost.localdomain", "ip6-localhost")
