"""The kind of the policies, as plain data.

From the fields of its API: k8snetworkplumbingwg/multi-networkpolicy v1.0.1,
pkg/apis/k8s.cni.cncf.io/v1beta1, which is NetworkPolicy's specification, and `endPort`, which
multi-networkpolicy-nftables v0.1.0 reads.
"""

from __future__ import annotations

from typing import Any, Final

from multinet.addons.network_policy.names import LABELS
from multinet.names import (
    NAD_GROUP,
    POLICY_FOR,
    POLICY_KIND,
    POLICY_PLURAL,
    POLICY_SINGULAR,
    POLICY_VERSION,
)

Manifest = dict[str, Any]

_TEXT: Final[Manifest] = {"type": "string"}
_DIRECTIONS: Final = ("Ingress", "Egress")


def custom_resource_definition() -> Manifest:
    """The CRD of MultiNetworkPolicies, with all that the API server can check of one."""
    usual = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": {"type": "object"}}
    schema = _object({**usual, "spec": _spec()})
    schema["description"] = (
        f"Which traffic of pods passes on the networks that the annotation {POLICY_FOR} names."
    )
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{POLICY_PLURAL}.{NAD_GROUP}", "labels": LABELS},
        "spec": {
            "group": NAD_GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": POLICY_KIND,
                "listKind": f"{POLICY_KIND}List",
                "plural": POLICY_PLURAL,
                "singular": POLICY_SINGULAR,
                "shortNames": ["multi-policy"],
            },
            "versions": [
                {
                    "name": POLICY_VERSION,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def _spec() -> Manifest:
    return _object(
        {
            "podSelector": _selector("Pods of the policy's namespace; empty: all of them."),
            "policyTypes": _list(
                {**_TEXT, "enum": [*_DIRECTIONS]}, "Directions in which the pods are isolated."
            ),
            "ingress": _list(_one_direction("from"), "What they may receive; none: nothing."),
            "egress": _list(_one_direction("to"), "What they may send; none: nothing."),
        },
        "podSelector",
    )


def _one_direction(peers: str) -> Manifest:
    return _object(
        {
            peers: _list(_peer(), "The other side; none: every one."),
            "ports": _list(_port(), "Ports at the destination; none: all of them."),
        }
    )


def _peer() -> Manifest:
    block = {"cidr": _TEXT, "except": _list(_TEXT, "Parts of it that are left out.")}
    return _object(
        {
            "podSelector": _selector("Pods, of the policy's namespace or of those selected."),
            "namespaceSelector": _selector("Namespaces; empty: all of them."),
            "ipBlock": _object(block, "cidr"),
        }
    )


def _port() -> Manifest:
    number = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 65535}
    return _object(
        {
            "protocol": {**_TEXT, "description": "TCP, UDP or SCTP; TCP where it is not said."},
            "port": {
                "anyOf": [{"type": "integer"}, {"type": "string"}],
                "x-kubernetes-int-or-string": True,
            },
            "endPort": {**number, "description": "The last one of a range that begins at port."},
        }
    )


def _selector(description: str) -> Manifest:
    condition = _object(
        {"key": _TEXT, "operator": _TEXT, "values": {"type": "array", "items": _TEXT}},
        "key",
        "operator",
    )
    labels = {"type": "object", "additionalProperties": _TEXT}
    made = _object(
        {"matchLabels": labels, "matchExpressions": {"type": "array", "items": condition}}
    )
    return {**made, "description": description}


def _list(items: Manifest, description: str) -> Manifest:
    return {"type": "array", "items": items, "description": description}


def _object(properties: dict[str, Manifest], *required: str) -> Manifest:
    said: Manifest = {"type": "object", "properties": properties}
    return said | ({"required": [*required]} if required else {})
