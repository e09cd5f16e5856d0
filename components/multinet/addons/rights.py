"""Whom an add-on's programs ask the API server as, and what they may. Plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

Manifest = dict[str, Any]
Kind = Literal["Role", "ClusterRole"]

_RBAC: Final = "rbac.authorization.k8s.io"


def account(name: str, namespace: str, labels: Mapping[str, str]) -> Manifest:
    """An account whose token only pods get that ask for it; others that name it get none."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "automountServiceAccountToken": False,
    }


def role(
    kind: Kind,
    name: str,
    labels: Mapping[str, str],
    rules: Sequence[Manifest],
    namespace: str = "",
) -> Manifest:
    """A role. `namespace`: of a Role."""
    metadata: Manifest = {"name": name, "labels": labels}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": f"{_RBAC}/v1", "kind": kind, "metadata": metadata, "rules": [*rules]}


def binding(kind: Kind, name: str, namespace: str, labels: Mapping[str, str]) -> Manifest:
    """A role to the account of the same name. `namespace`: of the account, and of a Role."""
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": f"{kind}Binding",
        "metadata": {"name": name, "labels": labels}
        | ({"namespace": namespace} if kind == "Role" else {}),
        "roleRef": {"apiGroup": _RBAC, "kind": kind, "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }
