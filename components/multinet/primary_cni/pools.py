"""Calico's address pools: whether the cluster has what its Installation declares. Pure.

The operator changes them after it has said that the Installation is Ready, and only by way of
Calico's own API server (v1.34 to v1.42, pkg/controller/ippool): what it could not do stands in its
TigeraStatus `ippools` alone.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from multinet.findings import Finding

_Object = Mapping[str, Any]

STATUS: Final = "ippools"
"""The TigeraStatus of the operator's controller of pools."""

_NEEDS_API_SERVER: Final = "while Calico API server is unavailable"
_REFUSED: Final = (
    "InvalidConfigurationError",
    "ResourceUpdateError",
    "ResourceValidationError",
)
"""Reasons of the operator that more time alone does not mend."""

_ENCAPSULATIONS: Final = {
    ("ipipMode", "Always"): "IPIP",
    ("ipipMode", "CrossSubnet"): "IPIPCrossSubnet",
    ("vxlanMode", "Always"): "VXLAN",
    ("vxlanMode", "CrossSubnet"): "VXLANCrossSubnet",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What is left to be done of the pools.

    Attributes:
        differences: of each pool that is not as declared, in words; empty: all of them are.
        said: the operator's words about why; empty: it says nothing.
        hopeless: whether it would be waited for in vain.
        needs_api_server: whether only Calico's API server is missing.
    """

    differences: Sequence[str] = ()
    said: str = ""
    hopeless: bool = False
    needs_api_server: bool = False

    def __str__(self) -> str:
        told = "; ".join(self.differences)
        return f"{told}; its operator says: {self.said}" if self.said else told


def left(
    installation: _Object | None,
    pools: Iterable[_Object],
    statuses: Iterable[_Object],
    api_servers: Iterable[_Object],
) -> Left:
    """What the operator has yet to do.

    Args:
        installation: None: there is none, and nothing to be done.
        pools: every IPPool of the cluster. statuses: every TigeraStatus.
        api_servers: every APIServer of the operator.
    """
    found = [*differences(_declared(installation), pools)] if installation else []
    if not found:
        return Left()
    reason, said = _degraded(statuses)
    lacking = _NEEDS_API_SERVER in said and not [*api_servers]
    return Left(found, said, lacking or reason in _REFUSED, lacking)


def differences(declared: Iterable[_Object], pools: Iterable[_Object]) -> Iterator[str]:
    """In which pools a cluster is not as declared.

    Args:
        declared: as in an Installation's `ipPools`; what one does not say is not compared.
        pools: the cluster's, as objects.
    """
    there = {_cidr(pool.get("spec") or {}): pool for pool in pools}
    wanted = {_cidr(pool): pool for pool in declared}
    for cidr, pool in wanted.items():
        if cidr not in there:
            yield f"pool {cidr} is not there"
            continue
        has = _as_declared(there[cidr].get("spec") or {})
        for key, value in has.items():
            if key in pool and pool[key] != value:
                yield f"pool {cidr} has {key} {value} instead of {pool[key]}"
    for cidr, found in there.items():
        if cidr not in wanted and _is_operators(found):
            yield f"pool {cidr} is still there"


def finding(what: Left, seconds: float) -> Finding:
    """Why an `up` ends here, after so many seconds."""
    rule = f"Calico has not taken the pools over within {seconds:.0f} s: {what}"
    way_out = "correct podCidrs and calico's options, or mend that; then run `up` again"
    path: tuple[str, ...] = ("multinet:primaryCni", "podCidrs")
    if what.needs_api_server:
        path = ("multinet:primaryCni", "calico", "apiServer")
        way_out = "set it to true, with which pools are changed, and run `up` again"
    return Finding("pools-not-applied", path, rule, way_out)


def _declared(installation: _Object) -> list[_Object]:
    network = (installation.get("spec") or {}).get("calicoNetwork") or {}
    return network.get("ipPools") or []


def _as_declared(spec: _Object) -> dict[str, Any]:
    """A pool in an Installation's words."""
    modes = ((key, spec.get(key)) for key in ("ipipMode", "vxlanMode"))
    return {
        "encapsulation": next(
            (_ENCAPSULATIONS[mode] for mode in modes if mode in _ENCAPSULATIONS), "None"
        ),
        "natOutgoing": "Enabled" if spec.get("natOutgoing") else "Disabled",
        "blockSize": spec.get("blockSize"),
        "nodeSelector": spec.get("nodeSelector"),
    }


def _cidr(spec: _Object) -> str:
    try:
        return str(ipaddress.ip_network(str(spec.get("cidr", "")), strict=False))
    except ValueError:
        return str(spec.get("cidr", ""))


def _is_operators(pool: _Object) -> bool:
    """Whether the operator made it: by its label, which Calico's own API server keeps apart."""
    metadata = pool.get("metadata") or {}
    kept = (metadata.get("annotations") or {}).get("projectcalico.org/metadata", "{}")
    try:
        apart = json.loads(kept)
    except ValueError:
        apart = {}
    labels = {
        **((apart.get("labels") if isinstance(apart, Mapping) else None) or {}),
        **(metadata.get("labels") or {}),
    }
    return labels.get("app.kubernetes.io/managed-by") == "tigera-operator"


def _degraded(statuses: Iterable[_Object]) -> tuple[str, str]:
    """Reason and words of what the operator's controller of pools cannot do; empty: nothing."""
    for status in statuses:
        if status["metadata"]["name"] == STATUS:
            for condition in (status.get("status") or {}).get("conditions") or ():
                if condition.get("type") == "Degraded" and condition.get("status") == "True":
                    words = " ".join(str(condition.get("message", "")).split())
                    return str(condition.get("reason", "")), words
    return "", ""
