"""ifacer: Spiderpool's page in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import STATIC, Case, chain

_IPVLAN = {"type": "ipvlan", "master": "ens192.100", "ipam": STATIC}


def _ifacer(**keys: Any) -> dict[str, Any]:
    return chain({"type": "ifacer", "interfaces": ["ens192"], "vlanID": 100, **keys}, _IPVLAN)


_TWO = ["ens192", "ens224"]

DOCUMENTED: dict[str, dict[str, Any]] = {
    "ifacer makes a VLAN": _ifacer(),
    "ifacer makes a bond": _ifacer(
        interfaces=_TWO, vlanID=0, bond={"name": "bond0", "mode": 1, "options": ""}
    ),
    "ifacer makes a VLAN on a bond": _ifacer(
        interfaces=_TWO, bond={"mode": 4, "options": "lacp_rate=1;miimon=100"}
    ),
}

BROKEN: dict[str, Case] = {
    "ifacer of nothing": (_ifacer(interfaces=[]), "wrong-value", "plugins[0].interfaces"),
    "ifacer without interfaces": (
        chain({"type": "ifacer", "vlanID": 5}, _IPVLAN),
        "missing-key",
        "plugins[0].interfaces",
    ),
    "ifacer's VLAN": (_ifacer(vlanID=4095), "wrong-value", "plugins[0].vlanID"),
    "ifacer's mode by its name": (
        _ifacer(interfaces=_TWO, bond={"mode": "802.3ad"}),
        "wrong-type",
        "plugins[0].bond.mode",
    ),
    "ifacer's mode": (
        _ifacer(interfaces=_TWO, bond={"mode": 7}),
        "wrong-value",
        "plugins[0].bond.mode",
    ),
    "ifacer's link with too long a name": (
        _ifacer(interfaces=["enp129s0f1np1"], vlanID=4000),
        "not-an-interface-name",
        "plugins[0].vlanID",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "ifacer with nothing to make": (_ifacer(vlanID=0), "no-effect", "plugins[0].interfaces"),
    "ifacer of two without a bond": (
        _ifacer(interfaces=_TWO),
        "no-effect",
        "plugins[0].interfaces",
    ),
    "ifacer's bond of one": (_ifacer(bond={"mode": 1}), "no-effect", "plugins[0].bond"),
}
