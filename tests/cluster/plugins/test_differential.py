"""What we say to a configuration, and what Multus, libcni, the plugins and the kernel say.

Each case is attached for real: loaded by Multus's code, run through libcni with the real
plugins in a network namespace, and detached. `MULTINET_DIFFERENTIAL_CASES` sets how many.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from multinet.findings import Finding, errors
from multinet.networks.checks import ClusterFacts, NetworkView, check_networks
from multinet.networks.config import parse
from multinet.networks.model import Ipam
from multinet.networks.plugins import PLUGINS
from tests.cluster.plugins import generate
from tests.cluster.plugins.node import UPLINK_MTU, Answer, Node

pytestmark = pytest.mark.cluster

CASES = int(os.environ.get("MULTINET_DIFFERENTIAL_CASES", "300"))
LINKS = ("eth0", "uplink", "nic1", "nic1-peer", "", None)
FACTS = ClusterFacts(link_mtus={"node": {"eth0": UPLINK_MTU}})
SETTINGS = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    # A campaign looks for what is new; an ordinary run finds the same as the last one.
    derandomize="MULTINET_DIFFERENTIAL_CASES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@dataclasses.dataclass(frozen=True)
class Case:
    """A configuration and both verdicts on it."""

    written: dict[str, Any]
    ours: list[Finding]
    real: Answer

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
    declared = any((p.get("capabilities") or {}).get("ips") for p in case.plugins)
    return declared and "missing IP config" in case.real.error


def _default_links_mtu(case: Case) -> bool:
    return "invalid MTU" in case.real.error and not any(p.get("master") for p in case.plugins)


def _half_removed(case: Case) -> bool:
    return case.real.stage == "del" and "iptables" in case.real.error


WE_ACCEPT: dict[str, Callable[[Case], bool]] = {
    "this kernel lacks the kind of link: the plugin's own checks passed, IPAM was not reached": (
        _kernel_lacks
    ),
    "the link is not on the test's node: what a node has is not the configuration's": _link_missing,
    "static with the capability `ips` waits for a pod that asks; this one does not": (
        _only_asked_for
    ),
    "the MTU of the default route's link is not known here": _default_links_mtu,
    "iptables of the test's kernel is busy at DEL now and then": _half_removed,
}
"""Why we accept what then fails here: the node's doing, not the configuration's."""


def _unread_ipam(case: Case, finding: Finding) -> bool:
    model = PLUGINS.get(str(case.plugin_at(finding).get("type")))
    return "ipam" in finding.path and model is not None and model.IPAM is Ipam.UNUSED


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


def _taps_mac(case: Case, finding: Finding) -> bool:
    plugin = case.plugin_at(finding)
    return finding.code == "not-a-mac" and plugin["type"] == "tap" and "group" in plugin


def _dropped_routes(case: Case, finding: Finding) -> bool:
    old = case.written.get("cniVersion") in (None, "", "0.1.0", "0.2.0")
    return old and "routes" in finding.path


def _unread_key(case: Case, finding: Finding) -> bool:
    return finding.code == "unknown-key"


WE_REFUSE: dict[str, Callable[[Case, Finding], bool]] = {
    "an ipam that its plugin never calls is checked all the same: it is meant to work": (
        _unread_ipam
    ),
    "1500.0 is rounded by libcni, a negative number ignored, scope 300 cut to 44": _numbers,
    "results below 0.3.0 hold no routes of a family without address: they are dropped": (
        _dropped_routes
    ),
    "a word that the plugin does not know counts only together with another key": _without_use,
    "a chained plugin without an interface fails only when it has something to do": _nothing_to_do,
    "tap with owner and group reads the MAC address and forgets it": _taps_mac,
    "a key that the plugin does not know is one that nobody reads: a mistake": _unread_key,
    "tap swallows the error when the name is taken, and leaves a second device behind": _tap_twice,
}
"""Why we refuse, finding by finding, what passes: it does not do what it says."""


def _ours(written: dict[str, Any]) -> list[Finding]:
    config, findings = parse(written)
    if config is None:
        return errors(findings)
    return errors(check_networks({"n": NetworkView("n", "default", config)}, FACTS))


def unexplained(case: Case, refusals: dict[str, Callable[[Case, Finding], bool]]) -> bool:
    """Whether the verdicts differ for a reason that is in neither table."""
    if case.agreed or _kernel_lacks(case):
        return False
    if not case.ours:
        return not any(explains(case) for explains in WE_ACCEPT.values())
    return not all(any(why(case, f) for why in refusals.values()) for f in case.ours)


def _assert_explained(case: Case, refusals: dict[str, Callable[[Case, Finding], bool]]) -> None:
    if unexplained(case, refusals):
        said = "\n".join(str(f) for f in case.ours) or "nothing"
        pytest.fail(f"{json.dumps(case.written)}\nwe say: {said}\nreal: {case.real}")


@SETTINGS
@given(generate.CONFIGURATIONS)
def test_we_refuse_what_fails_and_accept_what_works(node: Node, written: dict[str, Any]) -> None:
    case = Case(written, _ours(written), node.attach(json.dumps(written)))
    _assert_explained(case, WE_REFUSE)


def _ignored_in_silence(case: Case, finding: Finding) -> bool:
    bound = finding.path[-1] in ("range_start", "range_end")
    ignored = ("address-outside-subnet", "range-order")
    return finding.code in ignored or (finding.code == "not-an-address" and bound)


def _narrows_nothing(case: Case, finding: Finding) -> bool:
    return not case.written["ipam"].get("range") and finding.path[:2] == ("ipam", "exclude")


WE_REFUSE_OF_WHEREABOUTS: dict[str, Callable[[Case, Finding], bool]] = {
    "a key that whereabouts does not know is one that nobody reads: a mistake": _unread_key,
    "whereabouts ignores a bound that is wrong, and hands out what was not declared": (
        _ignored_in_silence
    ),
    "exclude without range is never read": _narrows_nothing,
    "1500.0 is rounded by libcni, a negative number ignored": _numbers,
}


@SETTINGS
@given(generate.WHEREABOUTS)
def test_we_refuse_what_whereabouts_refuses(node: Node, written: dict[str, Any]) -> None:
    case = Case(written, _ours(written), node.attach(json.dumps(written), whereabouts=True))
    _assert_explained(case, WE_REFUSE_OF_WHEREABOUTS)
