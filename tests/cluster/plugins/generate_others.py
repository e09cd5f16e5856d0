"""Configurations of plugins of other projects, for what their programs read of them first."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.cluster.plugins.generate import BOOLEAN, ODD, Conf, configured, mostly

_HEAD: Conf = {
    "ipam": mostly([{"type": "static"}, {}, None], ["static", {"type": 5}]),
    "dns": mostly([{"nameservers": ["192.0.2.53"]}, {}], [{"nameservers": "x"}]),
    "capabilities": mostly([{"ips": True}, {}], [{"ips": "x"}]),
}
_DEVICE = mostly(["0000:03:02.0", "", None], [5])
_LINK = st.fixed_dictionaries({"name": mostly(["eth1", "eth2"], [5])})

BOND = configured(
    "bond",
    {
        "mode": mostly(["active-backup", "802.3ad", "balance-tlb", "balance-alb"], ["4", "", None]),
        "miimon": mostly(["100", "0"], [100, "1s"]),
        "links": st.lists(_LINK, min_size=2, max_size=3) | st.sampled_from([["a", "b"], "a", {}]),
    },
    {
        **_HEAD,
        "linksInContainer": BOOLEAN,
        "failOverMac": mostly([0, 1, 2, None], [3, -1, "1"]),
        "mtu": mostly([0, 1500, None], ["1500", 1500.5]),
        "allSlavesActive": mostly([0, 1, None], [2, True]),
        "tlbDynamicLb": mostly([0, 1, None], [2]),
        "xmitHashPolicy": mostly(["layer2", "layer3+4", "encap2+3", None], ["", "layer3"]),
    },
)
MACVTAP = configured(
    "macvtap",
    {},
    {
        **_HEAD,
        "deviceID": _DEVICE,
        "mtu": mostly([0, 1500, None], ["1500"]),
        "promiscMode": BOOLEAN,
        "owner": mostly([0, 107, -1, None], ["qemu"]),
        "group": mostly([0, 107, None], [1.5]),
        "mac": ODD,
    },
).map(lambda conf: {**conf, "cniVersion": "0.4.0"})
IB_SRIOV = configured(
    "ib-sriov",
    {},
    {
        **_HEAD,
        "deviceID": _DEVICE,
        "pkey": mostly(["0x5", "", None], [5]),
        "link_state": mostly(["auto", "enable", "disable", "", None], ["up"]),
        "rdmaIsolation": BOOLEAN,
        "ibKubernetesEnabled": BOOLEAN,
        "vfioPciMode": BOOLEAN,
        "guid": ODD,
    },
)
RDMA = configured("rdma", {}, {**_HEAD, "deviceID": _DEVICE})
NV_IPAM = configured(
    "nv-ipam",
    {},
    {
        "poolName": mostly(["a", "a,b", "", None], ["a,b,c", "a,", ",", ["a"]]),
        "poolType": mostly(["ippool", "CIDRPool", "", None], ["pool", 5]),
        "daemonCallTimeoutSeconds": mostly([0, 1, None], ["1", 1.5]),
        "daemonSocket": mostly(["unix:///none.sock", None], [5]),
        "logLevel": mostly(["info", "loud", None], [5]),
    },
).map(lambda ipam: {"name": "n", "type": "macvlan", "ipam": {**ipam, "logFile": "/dev/null"}})
