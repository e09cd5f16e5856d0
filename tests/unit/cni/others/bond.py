"""bond-cni: its README's configurations in shape and keys, what it refuses, what is doubtful."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case


def _bond(**keys: Any) -> dict[str, Any]:
    """The README's, with changes."""
    links = [{"name": "net1"}, {"name": "net2"}]
    conf = {"type": "bond", "cniVersion": "0.3.1", "mode": "active-backup", "miimon": "100"}
    return {**conf, "links": links, **keys}


def _without(key: str) -> dict[str, Any]:
    return {k: v for k, v in _bond().items() if k != key}


_LOCAL = {"type": "host-local", "subnet": "10.56.9.0/24", "gateway": "10.56.9.1"}
_LINKS = [{"name": "eth1"}, {"name": "eth2"}]

DOCUMENTED: dict[str, dict[str, Any]] = {
    "bond of the pod's own interfaces": _bond(
        name="bond-net1",
        failOverMac=1,
        linksInContainer=True,
        mtu=1500,
        ipam={**_LOCAL, "routes": [{"dst": "0.0.0.0/0"}]},
    ),
    "bond of the node's links, every option": _bond(
        mode="balance-tlb",
        allSlavesActive=0,
        tlbDynamicLb=0,
        xmitHashPolicy="layer2+3",
        ipam={},
    ),
}

BROKEN: dict[str, Case] = {
    "bond without mode": (_without("mode"), "missing-key", "mode"),
    "bond mode": (_bond(mode="active"), "unknown-value", "mode"),
    "bond mode by its number": (_bond(mode="4"), "unknown-value", "mode"),
    "bond without miimon": (_without("miimon"), "missing-key", "miimon"),
    "bond miimon as a number": (_bond(miimon=100), "wrong-type", "miimon"),
    "bond miimon with its unit": (_bond(miimon="100ms"), "wrong-value", "miimon"),
    "bond of one link": (_bond(links=_LINKS[:1]), "bond-links", "links"),
    "bond of nothing": (_bond(links=[]), "bond-links", "links"),
    "bond of one link twice": (
        _bond(links=[_LINKS[0], _LINKS[0]]),
        "bond-links",
        "links[1].name",
    ),
    "bond of names": (_bond(links=["eth1", "eth2"]), "wrong-type", "links[0]"),
    "bond of a nameless link": (_bond(links=[{}, _LINKS[0]]), "missing-key", "links[0].name"),
    "bond fail over": (_bond(failOverMac=3), "wrong-value", "failOverMac"),
    "bond fail over by name": (_bond(failOverMac="active"), "wrong-type", "failOverMac"),
    "bond mtu": (_bond(mtu=60), "mtu-out-of-range", "mtu"),
    "bond switch": (_bond(allSlavesActive=2), "wrong-value", "allSlavesActive"),
    "bond option of another mode": (_bond(tlbDynamicLb=1), "bond-option", "tlbDynamicLb"),
    "bond hash": (_bond(xmitHashPolicy="layer3"), "unknown-value", "xmitHashPolicy"),
}

DOUBTFUL: dict[str, Case] = {
    "bond never looks at its links": (
        _bond(mode="802.3ad", miimon="0"),
        "bond-unmonitored",
        "miimon",
    ),
    "bond's MAC addresses": (_bond(mode="802.3ad", failOverMac=1), "no-effect", "failOverMac"),
    "bond's hash": (
        _bond(xmitHashPolicy="layer2"),
        "no-effect",
        "xmitHashPolicy",
    ),
}
