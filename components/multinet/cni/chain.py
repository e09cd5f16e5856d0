"""Rules between the parts of a configuration: its version, its plugins and their order.

Sources: libcni v1.3.1 (conf.go, api.go), Multus v4.3.0 (pkg/types/conf.go), the CNI
specification 1.1.0, and the plugins' own version lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import CNI_VERSIONS
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.findings import Finding, Path, Severity
from multinet.findings.part import apart
from multinet.findings.suggest import did_you_mean, nearest

Located = tuple[Path, PluginConf]
"""A plugin and the path of its object: () for a single configuration."""

CAPABILITIES = frozenset(
    {
        "CNIDeviceInfoFile",
        "aliases",
        "bandwidth",
        "cgroupPath",
        "deviceID",
        "dns",
        "infinibandGUID",
        "io.kubernetes.cri.pod-annotations",
        "ipRanges",
        "ips",
        "mac",
        "portMappings",
    }
)
"""Capabilities of the CNI conventions and of multi-net-spec."""

_SPOKEN = {version: rank for rank, version in enumerate(CNI_VERSIONS)}


def chain_findings(plugins: Sequence[Located], version: str) -> Iterator[Finding]:
    """What is wrong with these plugins together. `version`: the cniVersion they are given."""
    yield from _old_version(version)
    yield from apart(*(_not_spoken(path, plugin, version) for path, plugin in plugins))
    chain = [plugin for _, plugin in plugins]
    for i, (path, plugin) in enumerate(plugins):
        before = chain[:i]
        found = apart(*(rule(plugin, before, version) for rule in _RULES))
        yield from (finding.under(path) for finding in found)


def version_findings(version: str) -> Iterator[Finding]:
    """An error when plugins do not speak that version."""
    if version not in _SPOKEN:
        rule = f"is not a version of the CNI specification; there are {', '.join(CNI_VERSIONS)}"
        whole = f"{version}.0"
        way_out = f'write "{whole}"' if whole in _SPOKEN else did_you_mean(version, CNI_VERSIONS)
        yield Finding("unknown-cni-version", ("cniVersion",), rule, way_out, version)


def _old_version(version: str) -> Iterator[Finding]:
    """Old versions of the protocol lose what later plugins, and Multus's status, need."""
    if version in _SPOKEN and _SPOKEN[version] < _SPOKEN["0.3.0"]:
        rule = f"cniVersion {version} results name no interface, so `network-status` lacks it"
        way_out = 'set cniVersion, e.g. "1.0.0"'
        warning = Severity.WARNING
        yield Finding("old-cni-version", ("cniVersion",), rule, way_out, version, warning)


def _not_spoken(path: Path, plugin: PluginConf, version: str) -> Iterator[Finding]:
    where = ("cniVersion",) if not path else (*path, "type")
    yield from _spoken(plugin, where, version)
    if plugin.has_ipam and plugin.ipam is not None:
        yield from _spoken(plugin.ipam, (*path, "ipam", "type"), version)


def _spoken(speaker: PluginConf | IpamConf, where: Path, version: str) -> Iterator[Finding]:
    least, most = speaker.MIN_CNI_VERSION, speaker.MAX_CNI_VERSION
    if version in _SPOKEN and _SPOKEN[version] < _SPOKEN[least]:
        rule = f"{speaker.type} speaks cniVersion {least} and later, not {version}"
        way_out = f'set cniVersion: "{min(max(least, "1.0.0"), most)}"'
        yield Finding("cni-version-too-old", where, rule, way_out, version)
    if version in _SPOKEN and _SPOKEN[version] > _SPOKEN[most]:
        rule = f"{speaker.type} speaks cniVersion {most} and earlier, not {version}"
        yield Finding("cni-version-too-new", where, rule, f'set cniVersion: "{most}"', version)


def _ipam_presence(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    ipam = plugin.ipam
    inherits = plugin.TAKES_ADDRESSES and any(p.has_ipam or p.is_opaque for p in before)
    if plugin.IPAM is Ipam.REQUIRED and not plugin.has_ipam and not inherits:
        rule = f"{plugin.type} needs an 'ipam' with a type: it fails without one"
        yield Finding("ipam-missing", ("ipam",), rule, "add ipam, e.g. of type host-local")
    elif ipam is not None and not ipam.type and ipam.model_extra:
        rule = "an 'ipam' without 'type' is none: pods get no address from it"
        way_out, warning = "add its type, e.g. host-local", Severity.WARNING
        yield Finding("ipam-without-type", ("ipam", "type"), rule, way_out, None, warning)
    if plugin.IPAM is Ipam.UNUSED and plugin.has_ipam:
        rule = f"{plugin.type} never calls an IPAM plugin, so this does nothing"
        way_out, warning = "move it to the plugin that makes the interface", Severity.WARNING
        yield Finding("no-effect", ("ipam",), rule, way_out, None, warning)
    if _SPOKEN.get(version, 9) >= _SPOKEN["0.3.0"]:
        return
    if plugin.MAKES_INTERFACE and plugin.addressing is None and not inherits:
        rule = f"results of cniVersion {version} need an address, and there is no IPAM"
        yield Finding("old-cni-version", (), rule, 'set cniVersion: "1.0.0"')
        return
    if ipam is not None and ipam.addresses_per_family() > 1:
        rule = f"cniVersion {version} has room for one address of each IP family"
        yield Finding("old-cni-version", ("ipam",), rule, 'set cniVersion: "1.0.0"')


def _order(plugin: PluginConf, before: Sequence[PluginConf], version: str) -> Iterator[Finding]:
    del version
    if plugin.CHAINED and not any(p.may_make_interface for p in before):
        rule = f"{plugin.type} changes the interface that a plugin before it made; there is none"
        way_out = "use the list form: 'plugins' with e.g. bridge or macvlan before it"
        yield Finding("chained-plugin-first", ("type",), rule, way_out, plugin.type)
    made = next((p for p in before if p.MAKES_INTERFACE), None)
    if plugin.MAKES_INTERFACE and made is not None:
        rule = f"{made.type} has made the pod's interface already; {plugin.type} cannot again"
        way_out = "make two networks of it, and attach the pod to both"
        yield Finding("second-interface", ("type",), rule, way_out, plugin.type)
    lonely = next((p for p in before if p.ALONE), None)
    if lonely is not None:
        rule = f"{lonely.type} takes no other plugin in a list with it: its network is never made"
        way_out = f"write {lonely.type} alone"
        yield Finding("chain-refused", ("type",), rule, way_out, plugin.type)


def _own_rules(plugin: PluginConf, before: Sequence[PluginConf], version: str) -> Iterator[Finding]:
    del version
    yield from plugin.after(before)


def _capability_names(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    del before, version
    for name in plugin.capabilities or {}:
        if name in CAPABILITIES:
            continue
        close = nearest(name, CAPABILITIES)
        rule = "is not a capability that Multus or the CNI conventions know"
        way_out = f"did you mean {close!r}?" if close else "remove it, unless your plugin has it"
        path, warning = ("capabilities", name), Severity.WARNING
        yield Finding("unknown-capability", path, rule, way_out, None, warning)


_RULES: tuple[Callable[[PluginConf, Sequence[PluginConf], str], Iterator[Finding]], ...] = (
    _ipam_presence,
    _order,
    _own_rules,
    _capability_names,
)
