"""Rules between the primary CNI and the other sections; paths start at a top-level key."""

from __future__ import annotations

from collections.abc import Iterator

from multinet import paths
from multinet.findings import Finding, Severity
from multinet.primary_cni import rules
from multinet.primary_cni.options import CiliumSettings
from multinet.stack.settings import StackSettings

_DIRECTORIES_FROM = (3, 31)


def primary_across(settings: StackSettings) -> Iterator[Finding]:
    """What the primary CNI needs of `multus` and `nodes`."""
    primary, multus = settings.primary_cni, settings.multus
    shares = rules.nodes(primary.pod_cidrs, primary.node_share, len(settings.nodes))
    yield from (finding.under(("primaryCni",)) for finding in shares)
    usual = paths.CNI_DIRS["kubeadm"]
    if primary.plugin == "calico" and primary.line < _DIRECTORIES_FROM and multus.dirs != usual:
        rule = "Calico's operator takes other CNI directories from 3.31 on"
        way_out = "set primaryCni.version to v3.31 or later"
        path, value = ("primaryCni", "version"), primary.effective_version
        yield Finding("directories-unknown", path, rule, way_out, value)
    cilium = primary.cilium or CiliumSettings()
    replaces = primary.plugin == "cilium" and cilium.kube_proxy_replacement
    if replaces and multus.api_server is None:
        rule = "without kube-proxy neither Cilium nor Multus reaches the API by its service address"
        way_out = "set multus.apiServer to the API server's host and port"
        where = ("primaryCni", "cilium", "kubeProxyReplacement")
        yield Finding("api-server-unknown", where, rule, way_out, True, Severity.WARNING)
