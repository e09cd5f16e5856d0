"""Networks for the tests, declared as users declare them."""

from __future__ import annotations

from typing import Any

from multinet.stack import StackSettings
from multinet.stack.load import check_config
from multinet.verify.declared import Declared, declared


def settings(networks: dict[str, dict[str, Any]], **sections: Any) -> StackSettings:
    found, findings = check_config({"networks": networks, **sections})
    assert found is not None, [str(f) for f in findings]
    return found


def network(config: dict[str, Any], **around: Any) -> Declared:
    """One network, called `net`."""
    (found,) = declared(settings({"net": {"config": {"cniVersion": "1.0.0", **config}, **around}}))
    return found


def host_local(third: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "host-local", "subnet": f"10.0.{third}.0/24", **more}


def bridge(third: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "bridge", "bridge": f"br{third}", "ipam": host_local(third), **more}


def macvlan(**more: Any) -> dict[str, Any]:
    return {"type": "macvlan", "master": "eth1", "ipam": host_local(), **more}
