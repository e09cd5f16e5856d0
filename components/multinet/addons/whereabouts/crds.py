"""The three kinds that whereabouts keeps its books in, as plain data.

Written from the fields of its API: k8snetworkplumbingwg/whereabouts v0.9.4,
pkg/api/whereabouts.cni.cncf.io/v1alpha1. A test holds them to the definitions that it is released
with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from multinet.addons.whereabouts.names import GROUP, LABELS

Manifest = dict[str, Any]

VERSION: Final = "v1alpha1"
_TEXT: Final[Manifest] = {"type": "string"}


def custom_resource_definitions() -> list[Manifest]:
    """The CRDs of address pools, of reservations across pools, and of the nodes' slices."""
    return [
        ip_pools(),
        overlapping_range_ip_reservations(),
        node_slice_pools(),
    ]


def ip_pools() -> Manifest:
    """A range's book: which of its addresses are given, and to whom."""
    allocation = _object({"id": _TEXT, "podref": _TEXT, "ifname": _TEXT}, "id", "podref")
    spec: dict[str, Manifest] = {
        "range": _TEXT | {"description": "The range, as a CIDR."},
        "allocations": {
            "type": "object",
            "description": "An address by its distance from the range's first one → whose it is.",
            "additionalProperties": allocation,
        },
    }
    return _definition("IPPool", {"spec": _object(spec, *spec)})


def overlapping_range_ip_reservations() -> Manifest:
    """One address that is given, so that ranges that overlap do not give it again."""
    spec = {"podref": _TEXT, "ifname": _TEXT, "containerid": _TEXT}
    return _definition("OverlappingRangeIPReservation", {"spec": _object(spec, "podref")}, "spec")


def node_slice_pools() -> Manifest:
    """A range that is cut into a slice for each node."""
    spec = {"range": _TEXT, "sliceSize": _TEXT}
    allocation = {"nodeName": _TEXT, "sliceRange": _TEXT}
    status = {"allocations": {"type": "array", "items": _object(allocation, *allocation)}}
    return _definition(
        "NodeSlicePool", {"spec": _object(spec, *spec), "status": _object(status, *status)}
    )


def _definition(kind: str, properties: Mapping[str, Manifest], *required: str) -> Manifest:
    singular = kind.lower()
    usual = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": {"type": "object"}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{singular}s.{GROUP}", "labels": LABELS},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": f"{singular}s",
                "singular": singular,
            },
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": _object({**usual, **properties}, *required)},
                }
            ],
        },
    }


def _object(properties: Mapping[str, Manifest], *required: str) -> Manifest:
    said: Manifest = {"type": "object", "properties": dict(properties)}
    return said | ({"required": list(required)} if required else {})
