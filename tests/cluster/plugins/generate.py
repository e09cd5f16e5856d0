"""Configurations for the differential test: mostly valid, and bent in one place or several.

Only what the plugins decide by themselves is varied. What depends on the node stays as the
test's node has it: `eth0` is there, files are not read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Conf = dict[str, Any]

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, 1500.0, True, [], {}, [None], {"a": 1}, 2**31, 2**63, "0", "1500"]
)
"""Values of any kind, for any key."""


def mostly(good: list[Any], bad: list[Any]) -> st.SearchStrategy[Any]:
    """A good value, and rarely a wrong or an odd one."""
    wrong = st.sampled_from(bad) if bad else ODD
    return st.integers(0, 60).flatmap(
        lambda n: wrong if n in (13, 31) else ODD if n == 42 else st.sampled_from(good)
    )


BOOLEAN = mostly([True, False, None], ["true", 1])
MTU = mostly([0, 68, 1280, 1400, 1500, None], [1, 67, 1279, 1501, 9000, 65535, 65536, "1500"])
MAC = mostly(
    ["02:00:00:00:00:01", "02-00-00-00-00-02", "0200.0000.0003", "", None],
    ["03:00:00:00:00:01", "00:00:00:00:00:00", "02:00", "02:00-00:00:00:01", "zz:00:00:00:00:01"],
)
MASTER = mostly(["eth0", "", None], ["eth 0", "e" * 16, "a/b", "."])
VLAN = mostly([0, 1, 4094, None], [4095, -1, "5"])
FIRST = mostly(["10.7.0.1", "10.7.0.5", None, ""], ["10.7.0.0", "10.8.0.1", "fd00::5", "x"])
LAST = mostly(["10.7.0.9", "10.7.0.12", None], ["10.7.0.4", "10.7.0.255", "10.7.1.1", "10.7.0.010"])
IP = mostly(
    ["10.7.0.1", "10.7.0.5", "10.7.0.9", "10.7.0.12", "fe80::1", "0.0.0.0", None],
    ["::", "10.7.0.0", "10.7.0.255", "10.8.0.1", "::ffff:10.7.0.7", "fd01::1", "fd00::1", "x"],
)
SUBNET = mostly(
    ["10.7.0.0/24", "10.7.0.0/24", "10.7.0.0/28", "10.7.0.0/16"],
    ["10.7.0.1/24", "10.7.0.0/31", "10.7.0.0/32", "fd00::/64", "::ffff:10.7.0.0/120", "10.7.0.0",
     "10.7.0.0/024", "10.7.0.0/33", "10.7.0.0/30", "fd00::%eth0/64", "10.8.0.0/16", None],
)  # fmt: skip
SUBNET6 = mostly(["fd00::/64", "fd00::/120", "fd00::/126"], ["fd00::/127", "fd00::1/64"])
FIRST6 = mostly(["fd00::1", "fd00::2", None], ["fd01::1", "10.7.0.1"])
CIDR = mostly(
    ["10.7.0.5/24", "10.7.0.6/24", "fd00::5/64", "10.7.0.77/16", "10.7.0.9/32"],
    ["10.7.0.5", "10.7.0.0/24", "ff02::5/64", "x", None, "10.7.0.5/33"],
)
DESTINATION = mostly(
    ["0.0.0.0/0", "10.9.0.0/16", "fd09::/64", "::/0", "192.0.2.0/24"],
    ["10.9.0.1/16", "fd09::1/64", "10.9.0.0", None],
)
ROUTE = st.fixed_dictionaries(
    {"dst": DESTINATION},
    optional={
        "gw": IP,
        "priority": mostly([0, 5], [-1]),
        "table": mostly([100, 254], ["main"]),
        "scope": mostly([0, 253], [300]),
        "mtu": mostly([0, 1400], []),
    },
)
ROUTES = st.lists(ROUTE, max_size=2) | st.none()
RANGE = st.fixed_dictionaries(
    {"subnet": SUBNET}, optional={"rangeStart": FIRST, "rangeEnd": LAST, "gateway": IP}
)
RANGE6 = st.fixed_dictionaries({"subnet": SUBNET6}, optional={"rangeStart": FIRST6})
NAMES = mostly(["net", "a.b_c-d", "0", ""], ["-a", "a b", "a/b", "é"])
VERSIONS = mostly(
    ["1.0.0", "1.1.0", "0.4.0", "0.3.1", "0.3.0"], ["0.1.0", "0.2.0", "", "1.0", "2.0.0"]
)


def configured(kind: str, required: Conf, optional: Conf) -> st.SearchStrategy[Conf]:
    """An object of that type with some of its keys; now and then one is bent or dropped."""
    whole = st.fixed_dictionaries({"type": st.just(kind), **required}, optional={**optional})
    return whole.flatmap(lambda made: st.integers(0, 24).flatmap(lambda n: _bent(made, n)))


def _bent(made: Conf, n: int) -> st.SearchStrategy[Conf]:
    keys = [k for k in made if k != "type"]
    if n or not keys:
        return st.just(made)
    drop = st.sampled_from(keys).map(lambda k: {x: v for x, v in made.items() if x != k})
    bend = st.builds(lambda k, v: {**made, k: v}, st.sampled_from(keys), ODD)
    return drop | bend


HOST_LOCAL = configured(
    "host-local",
    {"subnet": SUBNET},
    {"rangeStart": FIRST, "rangeEnd": LAST, "gateway": IP, "routes": ROUTES},
)
HOST_LOCAL_SETS = configured(
    "host-local",
    {
        "ranges": st.one_of(
            st.tuples(st.tuples(RANGE).map(list), st.tuples(RANGE6).map(list)).map(list),
            st.lists(st.lists(RANGE, max_size=2), max_size=2),
            st.lists(st.lists(RANGE6 | RANGE, max_size=2), max_size=2),
        )
    },
    {"routes": ROUTES, "subnet": SUBNET6, "gateway": IP},
)
STATIC = configured(
    "static",
    {
        "addresses": st.lists(
            st.fixed_dictionaries({"address": CIDR}, optional={"gateway": IP}), max_size=2
        )
    },
    {"routes": ROUTES, "dns": mostly([{"nameservers": ["192.0.2.53"]}], [{"nameservers": "x"}])},
)
IPAM = st.one_of(
    HOST_LOCAL,
    HOST_LOCAL_SETS,
    STATIC,
    st.sampled_from([{}, {"type": ""}, None, {"subnet": "10.7.0.0/24"}]),
)
WITH_IPAM = {"ipam": IPAM}
_MASQUERADING = {
    "ipMasq": BOOLEAN,
    "ipMasqBackend": mostly(["iptables", "nftables", None], ["ipfw", ""]),
}
TRUNK = st.fixed_dictionaries(
    {},
    optional={
        "id": mostly([1, 4094], [0, 4095]),
        "minID": mostly([5], [0, 9]),
        "maxID": mostly([7], [4095]),
    },
)

MACVLAN = configured(
    "macvlan",
    WITH_IPAM,
    {
        "master": MASTER,
        "mode": mostly(["bridge", "private", "vepa", "", None], ["bride", "Bridge"]),
        "mtu": MTU,
        "mac": MAC,
        "bcqueuelen": mostly([0, 1000, None], [-1, 2**32]),
    },
)
BRIDGE = configured(
    "bridge",
    WITH_IPAM,
    {
        "bridge": mostly(["br7", "bridge-of-fifte"], ["", "a b", "b" * 16, None]),
        "isGateway": BOOLEAN,
        "isDefaultGateway": BOOLEAN,
        "forceAddress": BOOLEAN,
        **_MASQUERADING,
        "mtu": MTU,
        "hairpinMode": BOOLEAN,
        "promiscMode": BOOLEAN,
        "vlan": VLAN,
        "vlanTrunk": st.lists(TRUNK, max_size=2) | st.just([None]) | st.none(),
        "preserveDefaultVlan": BOOLEAN,
        "enabledad": BOOLEAN,
        "disableContainerInterface": BOOLEAN,
        "portIsolation": BOOLEAN,
    },
)
PTP = configured("ptp", WITH_IPAM, {**_MASQUERADING, "mtu": MTU})
IPVLAN = configured(
    "ipvlan",
    WITH_IPAM,
    {"master": MASTER, "mode": mostly(["l2", "l3", "l3s", "", None], ["L2", "l4"]), "mtu": MTU},
)
VLAN_PLUGIN = configured("vlan", WITH_IPAM, {"master": MASTER, "vlanId": VLAN, "mtu": MTU})
DUMMY = configured("dummy", WITH_IPAM, {})
LOOPBACK = configured("loopback", {}, WITH_IPAM)
HOST_DEVICE = configured(
    "host-device",
    {"device": mostly(["nic1"], [None, ""])},
    {**WITH_IPAM, "kernelpath": mostly(["", None], ["/dev/x"])},
)
TAP = configured(
    "tap",
    WITH_IPAM,
    {
        "multiQueue": BOOLEAN,
        "mtu": MTU,
        "mac": MAC,
        "owner": mostly([0, 1000, None], [-1, 2**32]),
        "group": mostly([0, None], ["root"]),
    },
)
MAIN = st.one_of(MACVLAN, BRIDGE, PTP, IPVLAN, VLAN_PLUGIN, DUMMY, LOOPBACK, HOST_DEVICE, TAP)

RATE = mostly([0, 1_000_000, None], [-1, 2**64, 8 * (2**32 - 1)])
CHAINED = st.one_of(
    configured("bandwidth", {}, {"ingressRate": RATE, "ingressBurst": RATE, "egressRate": RATE, "egressBurst": RATE}),
    configured(
        "portmap",
        {},
        {
            "backend": mostly(["iptables", "nftables", None], ["pf", ""]),
            "snat": BOOLEAN,
            "masqAll": BOOLEAN,
            "markMasqBit": mostly([0, 13, 31, None], [32, -1]),
            "externalSetMarkChain": mostly(["MARK", None], []),
            "conditionsV4": mostly([["-d", "192.0.2.1"], ["ip", "daddr", "192.0.2.1"], [], None], ["x"]),
            "conditionsV6": mostly([["!", "-d", "fd00::1"], [""], None], []),
        },
    ),
    configured(
        "tuning",
        {},
        {
            "sysctl": mostly(
                [{"net.ipv4.conf.IFNAME.arp_filter": "1"}, {}, None],
                [{"kernel.panic": "1"}, {"net.ipv4.conf.IFNAME.arp_filter": 1}],
            ),
            "mac": MAC,
            "mtu": MTU,
            "promisc": BOOLEAN,
            "allmulti": BOOLEAN,
            "txQLen": mostly([0, 100, None], [-1]),
        },
    ),
    configured("sbr", {}, {"table": mostly([100, 0, None], [-1, "main"])}),
    configured(
        "firewall",
        {},
        {
            "backend": mostly(["iptables", "", None], ["pf"]),
            "ingressPolicy": mostly(["open", "same-bridge", "isolated", "", None], ["closed"]),
        },
    ),
)  # fmt: skip
_HEAD = {"cniVersion": VERSIONS, "name": NAMES}
ASKED_IPS = mostly(
    [["10.7.0.6/24"], ["10.7.0.8/24", "fd00::8/64"], [], None],
    [["10.7.0.6"], ["10.8.0.1/24"], "10.7.0.6/24", ["x"], [None]],
)
_ASKED = {"ips": ASKED_IPS, "mac": MAC}
_RUNTIMES = {
    "args": st.none()
    | st.fixed_dictionaries(
        {}, optional={"cni": st.none() | st.fixed_dictionaries({}, optional=_ASKED)}
    ),
    "runtimeConfig": st.none() | st.fixed_dictionaries({}, optional=_ASKED),
    "cni.dev/valid-attachments": st.just([]),
}
"""What a runtime writes, written out."""
SINGLE = st.builds(
    lambda plugin, head: {**plugin, **head},
    st.integers(0, 30).flatmap(lambda n: CHAINED if n == 13 else MAIN),
    st.fixed_dictionaries(
        {"cniVersion": VERSIONS},
        optional={"name": NAMES, "capabilities": mostly([{"ips": True}, None], [{"ips": "x"}])},
    )
    | st.fixed_dictionaries({"cniVersion": VERSIONS}, optional=_RUNTIMES),
)  # fmt: skip
IPAM_AS_PLUGIN = st.builds(
    lambda ipam, head: {"type": ipam.get("type"), "ipam": ipam, **head},
    HOST_LOCAL | STATIC,
    st.fixed_dictionaries({"cniVersion": VERSIONS}),
)
"""An IPAM plugin where the plugin belongs."""
LIST = st.builds(
    lambda plugins, head: {**head, "plugins": plugins},
    st.lists(MAIN, min_size=1, max_size=1).flatmap(
        lambda first: st.lists(CHAINED, min_size=0, max_size=2).map(lambda rest: first + rest)
    )
    | st.lists(MAIN | CHAINED, max_size=3),
    st.fixed_dictionaries(
        {"cniVersion": VERSIONS},
        optional={
            "name": NAMES,
            "disableCheck": BOOLEAN,
            "disableGC": BOOLEAN,
            "cniVersions": mostly([["1.0.0"], ["0.4.0", "9.0.0"]], [["x"], [1]]),
        },
    ),
)


_READ_AS_WRITTEN = ("type", "cniVersion", "capabilities", "name")
"""Keys of which libcni itself reads one, before it has sorted them: never twice."""


def _in_other_cases(value: Any, spell: Callable[[str], str], doubled: Any, depth: int = 0) -> Any:
    """The same with its keys spelled otherwise, some of them there a second time."""
    if isinstance(value, list):
        return [_in_other_cases(v, spell, doubled, depth) for v in value]
    if not isinstance(value, dict):
        return value
    made: Conf = {}
    for key, inner in value.items():
        listed = depth == 0 and "plugins" in value
        if key == "sysctl" or key.startswith("cni.dev/") or (listed and key != "plugins"):
            made[key] = inner
        elif listed:
            made[key] = _in_other_cases(inner, spell, doubled, depth + 1)
        else:
            below = inner if key == "capabilities" else _in_other_cases(inner, spell, doubled, 1)
            made[spell(key)] = below
            if doubled is not None and key not in _READ_AS_WRITTEN and len(key) % 3 == 0:
                made[key] = doubled if key != "ipam" else inner
    return made


OTHER_CASES = st.builds(
    _in_other_cases,
    st.one_of(SINGLE, LIST),
    st.sampled_from([str.upper, str.lower, str.title, lambda key: key]),
    st.sampled_from([None, None, None, 1400, True, "10.7.0.5"]),
)
"""Keys as nobody documents them, which Go's decoding takes."""
CONFIGURATIONS = st.integers(0, 40).flatmap(
    lambda n: (
        IPAM_AS_PLUGIN if n == 31 else OTHER_CASES if n < 6 else st.one_of(SINGLE, SINGLE, LIST)
    )
)
"""A network's configuration, single or list."""

WA_RANGE = mostly(
    ["10.7.0.0/24", "10.7.0.9/28", "10.7.0.5-10.7.0.9/24", "fd00::/120", "010.007.0.0/24"],
    ["10.7.0.0/31", "10.7.0.9-10.7.0.5/24", "10.8.0.5-10.7.0.9/24", "10.7.0.5-10.7.0.9", "x", None],
)
EXCLUDE = st.lists(
    mostly(["10.7.0.0/28", "10.7.0.1/32", "10.7.0.4", "fd00::/124"], ["10.7.0.0/24", "x", "10.7.0.1-10.7.0.4"]),
    max_size=2,
)  # fmt: skip
WHEREABOUTS = configured(
    "whereabouts",
    {"range": WA_RANGE},
    {
        "range_start": FIRST,
        "range_end": LAST,
        "exclude": EXCLUDE,
        "gateway": IP,
        "ipRanges": st.lists(
            st.fixed_dictionaries({"range": WA_RANGE}, optional={"range_start": IP, "range_end": IP, "exclude": EXCLUDE}),
            max_size=2,
        ),
        "addresses": st.lists(st.fixed_dictionaries({"address": CIDR}), max_size=2),
        "enable_overlapping_ranges": BOOLEAN,
        "network_name": mostly(["a", "a.b-c", ""], [5, "My_Net", "-a", "a b"]),
        "log_level": mostly(["debug", "error"], ["loud"]),
        "dns": mostly([{"nameservers": ["192.0.2.53"]}], [{"nameservers": "x"}]),
        "sleep_for_race": mostly([0, 1], ["1"]),
    },
)  # fmt: skip
_SLICED = st.builds(
    lambda ipam, size: {**ipam, "node_slice_size": size},
    WHEREABOUTS,
    mostly(["/26", "28", "/30", "/24", ""], ["/31", "/32", "/8", "/129", "x", "26/", 26]),
)
WHEREABOUTS_NETWORKS = (
    st.integers(0, 3)
    .flatmap(lambda n: WHEREABOUTS if n else _SLICED)
    .map(lambda ipam: {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam})
)
"""whereabouts, whose own loading, search for an address and slices for nodes are compared."""
