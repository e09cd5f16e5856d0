"""Two verdicts on a configuration, ours and the plugins', and why they may differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from multinet.cni.plugins.base import Ipam
from multinet.cni.plugins.known import PLUGINS
from multinet.cni.spelling import as_written, documented
from multinet.findings import Finding
from tests.cluster.plugins.node import Answer

LINKS = ("eth0", "uplink", "nic1", "nic1-peer", "", None)
"""What a link may be called on the test's node."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A configuration and both verdicts on it; `written`: with its keys as documented."""

    written: dict[str, Any]
    ours: list[Finding]
    real: Answer

    @classmethod
    def of(cls, written: dict[str, Any], ours: list[Finding], real: Answer) -> Case:
        """From a configuration as it was attached, and findings with its own spelling."""
        keys = documented(written)
        back = {spelled: path for path, spelled in keys.spelled.items()}
        return cls(keys.data, [f.at(as_written(f.path, back)) for f in ours], real)

    @property
    def plugins(self) -> list[dict[str, Any]]:
        entries = self.written.get("plugins", [self.written])
        return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []

    @property
    def agreed(self) -> bool:
        return bool(self.ours) == (self.real.stage != "done")

    def plugin_at(self, finding: Finding) -> dict[str, Any]:
        """The plugin object that a finding is about."""
        if finding.path[:1] == ("plugins",) and len(finding.path) > 1:
            entry = self.written["plugins"][finding.path[1]]
            return entry if isinstance(entry, dict) else {}
        return self.written


def _kernel_lacks(case: Case) -> bool:
    return case.real.unsupported


def _link_missing(case: Case) -> bool:
    named = [p.get(k) for p in case.plugins for k in ("master", "device")]
    return "Link not found" in case.real.error and any(n not in LINKS for n in named)


def _only_asked_for(case: Case) -> bool:
    ipams = [i for p in case.plugins if isinstance(i := p.get("ipam"), dict)]
    waits = any(i.get("type") == "static" and not i.get("addresses") for i in ipams)
    return waits and any(words in case.real.error for words in _NO_ADDRESS)


_NO_ADDRESS = (
    "missing IP config",
    "returned no IP",
    "no valid IP addresses",  # a result of 0.2.0 and below without any cannot be written
)


def _default_links_mtu(case: Case) -> bool:
    return "invalid MTU" in case.real.error and not any(p.get("master") for p in case.plugins)


def _half_removed(case: Case) -> bool:
    return case.real.stage == "del" and "iptables" in case.real.error


def _iptables_is_there(case: Case) -> bool:
    return "iptables backend was requested" in case.real.error


WE_ACCEPT: dict[str, Callable[[Case], bool]] = {
    "this kernel lacks the kind of link: the plugin's own checks passed, IPAM was not reached": (
        _kernel_lacks
    ),
    "the link is not on the test's node: what a node has is not the configuration's": _link_missing,
    "static without addresses waits for a pod that asks; this one does not": _only_asked_for,
    "the MTU of the default route's link is not known here": _default_links_mtu,
    "nftables' words without a backend work where a node has no iptables; a warning": (
        _iptables_is_there
    ),
    "iptables of the test's kernel is busy at DEL now and then": _half_removed,
}
"""Why we accept what then fails here: the node's doing, not the configuration's."""


def _unread_ipam(case: Case, finding: Finding) -> bool:
    model = PLUGINS.get(str(case.plugin_at(finding).get("type")))
    its_own = bool({"ipam", "ips"} & set(finding.path))  # `ips` of args are for it
    return its_own and model is not None and model.IPAM is Ipam.UNUSED


def _unread_args(case: Case, finding: Finding) -> bool:
    """What a plugin that reads no arguments is given as such."""
    model = PLUGINS.get(str(case.plugin_at(finding).get("type")))
    unread = finding.code == "not-a-mac" and model is not None and not model.READS_MAC
    wrong = unread or finding.code == "wrong-type"
    return bool({"args", "runtimeConfig"} & set(finding.path)) and wrong


def _handed(plugin: dict[str, Any], key: str) -> list[Any]:
    """What `args` and `runtimeConfig` have under a key."""
    cni = (plugin.get("args") or {}).get("cni") or {}
    return [cni.get(key), (plugin.get("runtimeConfig") or {}).get(key)]


def _replaced_mac(case: Case, finding: Finding) -> bool:
    """Of `mac`, `args` and `runtimeConfig` the plugin takes one."""
    plugin = case.plugin_at(finding)
    given = [mac for mac in (plugin.get("mac"), *_handed(plugin, "mac")) if mac]
    return finding.code == "not-a-mac" and len(given) > 1


def _replaced_addresses(case: Case, finding: Finding) -> bool:
    """static forgets its own for those of `args` and `runtimeConfig` (v1.9.1, LoadIPAMConfig)."""
    plugin = case.plugin_at(finding)
    statics = (plugin.get("ipam") or {}).get("type") == "static" and "addresses" in finding.path
    return statics and any(_handed(plugin, "ips"))


def _lowered(case: Case, finding: Finding) -> bool:
    tuned = case.plugin_at(finding).get("type") == "tuning"
    return finding.code == "mtu-too-small-for-ipv6" and tuned


def _not_there_yet(case: Case, finding: Finding) -> bool:
    at_once = case.plugin_at(finding).get("type") == "bridge" and "fe80::" in str(case.written)
    return finding.code == "gateway-unusable" and at_once


def _on_lo(case: Case, finding: Finding) -> bool:
    """sbr and firewall find addresses before them: those of `lo`."""
    first = case.plugins[0].get("type") if case.plugins else None
    return finding.code == "sbr-without-addresses" and first == "loopback"


def _numbers(case: Case, finding: Finding) -> bool:
    value = finding.value
    if finding.code == "wrong-type":
        return isinstance(value, float) and value.is_integer()
    negative = isinstance(value, int) and value < 0
    cut = bool(finding.path) and finding.path[-1] == "scope"
    return finding.code in ("wrong-value", "mtu-out-of-range") and (negative or cut)


def _without_use(case: Case, finding: Finding) -> bool:
    keys = {("unknown-value", "ipMasqBackend"), ("unknown-value", "backend")}
    return bool(finding.path) and (finding.code, finding.path[-1]) in keys


def _nothing_to_do(case: Case, finding: Finding) -> bool:
    return finding.code == "chained-plugin-first"


def _tap_twice(case: Case, finding: Finding) -> bool:
    return finding.code == "second-interface" and case.plugin_at(finding)["type"] == "tap"


def _taps_own(case: Case, finding: Finding) -> bool:
    plugin = case.plugin_at(finding)
    forgotten = finding.path[-1:] in (("mac",), ("mtu",))
    return forgotten and plugin["type"] == "tap" and "group" in plugin


def _given(case: Case, key: str) -> set[str]:
    """What the result's addresses have under a key, without prefix lengths."""
    return {str(ip.get(key, "")).partition("/")[0] for ip in case.real.result.get("ips", [])}


def _gateway_is_itself(case: Case, finding: Finding) -> bool:
    if finding.code != "route-scope":
        return False
    route = case.plugin_at(finding)["ipam"]["routes"][finding.path[-2]]
    return route.get("gw") in _given(case, "address")


def _address_is_a_gateway(case: Case, finding: Finding) -> bool:
    ptp = case.plugin_at(finding).get("type") == "ptp"
    meet = _given(case, "address") & _given(case, "gateway")
    return finding.code == "subnet-too-small" and ptp and bool(meet)


def _dropped_routes(case: Case, finding: Finding) -> bool:
    old = case.written.get("cniVersion") in (None, "", "0.1.0", "0.2.0")
    return old and ("routes" in finding.path or finding.code == "mtu-too-small-for-ipv6")


def _unread_key(case: Case, finding: Finding) -> bool:
    return finding.code == "unknown-key"


def _unread_version(case: Case, finding: Finding) -> bool:
    """libcni v1.3.1 takes the highest of `cniVersions` where there are some."""
    unknown = finding.code == "unknown-cni-version" and finding.path == ("cniVersion",)
    return unknown and bool(case.written.get("cniVersions"))


def _no_interface(case: Case, finding: Finding) -> bool:
    return not case.real.links and any(f.code == "plugin-and-ipam" for f in case.ours)


WE_REFUSE: dict[str, Callable[[Case, Finding], bool]] = {
    "an ipam that its plugin never calls is checked all the same: it is meant to work": (
        _unread_ipam
    ),
    "arguments that its plugin never reads are checked all the same": _unread_args,
    "a MAC address that another one replaces is checked all the same": _replaced_mac,
    "addresses that the arguments replace are checked all the same": _replaced_addresses,
    "tuning lowers the MTU when the addresses are there: the kernel takes IPv6's away in silence": (
        _lowered
    ),
    "a bridge gets its link-local address a moment later: then it takes no gateway from there": (
        _not_there_yet
    ),
    "sbr after loopback finds the addresses of lo, and routes nothing by them": _on_lo,
    "1500.0 is rounded by libcni, a negative number ignored, scope 300 cut to 44": _numbers,
    "results below 0.3.0 hold no routes of a family without address: they are dropped": (
        _dropped_routes
    ),
    "a word that the plugin does not know counts only together with another key": _without_use,
    "a chained plugin without an interface fails only when it has something to do": _nothing_to_do,
    "tap with owner and group reads MAC address and MTU and forgets them": _taps_own,
    "a route through the pod's own address, which it happened to get, has any scope": (
        _gateway_is_itself
    ),
    "ptp to a /32 finds the route that it takes away where another address's gateway is the same": (
        _address_is_a_gateway
    ),
    "a key that the plugin does not know is one that nobody reads: a mistake": _unread_key,
    "cniVersion is not read beside cniVersions: a wrong one is a mistake": _unread_version,
    "an IPAM plugin in a plugin's place gives an address to no interface: none is made": (
        _no_interface
    ),
    "tap swallows the error when the name is taken, and leaves a second device behind": _tap_twice,
}
"""Why we refuse, finding by finding, what passes: it does not do what it says."""


def _ignored_in_silence(case: Case, finding: Finding) -> bool:
    bound = finding.path[-1] in ("range_start", "range_end")
    ignored = ("address-outside-subnet", "range-order")
    return finding.code in ignored or (finding.code == "not-an-address" and bound)


def _narrows_nothing(case: Case, finding: Finding) -> bool:
    ipam = case.written["ipam"]
    sliced = finding.path == ("ipam", "node_slice_size") and not ipam.get("ipRanges")
    return not ipam.get("range") and (finding.path[:2] == ("ipam", "exclude") or sliced)


def _lost_to_slices(case: Case, finding: Finding) -> bool:
    sliced = bool(case.written["ipam"].get("node_slice_size"))
    ignored = {"ipRanges", "exclude"} & {*finding.path}
    return sliced and (finding.code == "slices-unsupported" or bool(ignored))


WE_REFUSE_OF_WHEREABOUTS: dict[str, Callable[[Case, Finding], bool]] = {
    "a key that whereabouts does not know is one that nobody reads: a mistake": _unread_key,
    "whereabouts ignores a bound that is wrong, and hands out what was not declared": (
        _ignored_in_silence
    ),
    "exclude and node_slice_size without a range are never read": _narrows_nothing,
    "with node_slice_size whereabouts ignores all but the first range, and what narrows that": (
        _lost_to_slices
    ),
    "1500.0 is rounded by libcni, a negative number ignored": _numbers,
}


Refusals = Mapping[str, Callable[[Case, Finding], bool]]


def reasons(case: Case, refusals: Refusals) -> list[str] | None:
    """Why the verdicts differ, empty where they agree; None for a reason that no table has."""
    if case.agreed:
        return []
    if not case.ours:
        return [why for why, explains in WE_ACCEPT.items() if explains(case)][:1] or None
    if _kernel_lacks(case):
        return ["this kernel lacks the kind of link"]
    found = []
    for finding in case.ours:
        why = next((why for why, explains in refusals.items() if explains(case, finding)), None)
        if why is None:
            return None
        found.append(why)
    return found
