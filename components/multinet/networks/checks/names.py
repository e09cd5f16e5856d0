"""Networks whose plugin or IPAM plugin goes by names: the NAD's, or one for the whole cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from multinet.cni.plugins import OvnK8s
from multinet.findings import Finding, Severity
from multinet.networks.checks.view import ClusterFacts, NetworkView

_OF_THE_NAD: Final = {
    *("cni_version", "name", "net_attach_def_name", "device_id", "dns", "ipam", "capabilities"),
    *("log_file", "log_level", "logfile_maxsize", "logfile_maxbackups", "logfile_maxage"),
}
"""Fields in which two NADs of one OVN-Kubernetes network may differ."""


def names_of_nads(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Configurations that name a NAD, which has to be their own."""
    for view in views:
        for path, plugin in view.config.located:
            at = (*view.path, *path)
            for finding in plugin.of_nad(view.namespace, view.name):
                yield finding.under(at)
            if plugin.ipam is not None and plugin.has_ipam:
                for finding in plugin.ipam.of_nad(view.namespace, view.name):
                    yield finding.under((*at, "ipam"))


def ovn_networks(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """NADs of one name are one network to OVN-Kubernetes: a second one says the same."""
    first: dict[str, tuple[NetworkView, Mapping[str, Any]]] = {}
    for view in views:
        main = view.config.main
        if not isinstance(main, OvnK8s) or not main.topology:
            continue
        name = view.config.name(view.name)
        said = main.model_dump(exclude=set(_OF_THE_NAD), exclude_none=True)
        other, its = first.setdefault(name, (view, said))
        differs = sorted(key for key in said.keys() | its.keys() if said.get(key) != its.get(key))
        if differs:
            fields = type(main).model_fields
            keys = ", ".join(repr(fields[key].alias or key) for key in differs)
            rule = f"network {other.name!r} is the same to OVN-Kubernetes, and differs in {keys}"
            way_out = "give it another 'name', or the same configuration"
            yield Finding("ovn-network-twice", (*view.path, "name"), rule, way_out, name)


def primaries(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """Plugins that are part of another primary CNI than the one that the stack brings."""
    for view in views:
        for path, plugin in view.config.located:
            if facts.primary and plugin.ONLY_WITH:
                rule = (
                    f"{plugin.type} is part of {plugin.ONLY_WITH}, which makes its networks as the"
                    f" primary CNI; here that is {facts.primary}"
                )
                way_out = "use another plugin, or set primaryCni.plugin: existing"
                at, warning = (*view.path, *path, "type"), Severity.WARNING
                yield Finding("another-primarys-plugin", at, rule, way_out, plugin.type, warning)
