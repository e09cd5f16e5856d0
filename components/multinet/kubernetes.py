"""From plain manifests to Pulumi resources."""

from __future__ import annotations

import dataclasses
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinitionPatch
from pulumi_kubernetes.apps.v1 import DaemonSet
from pulumi_kubernetes.core.v1 import ConfigMap, Namespace, ServiceAccount
from pulumi_kubernetes.rbac.v1 import ClusterRole, ClusterRoleBinding

from multinet.names import OWNER

_KINDS: dict[str, type[pulumi.CustomResource]] = {
    "ClusterRole": ClusterRole,
    "ClusterRoleBinding": ClusterRoleBinding,
    "ConfigMap": ConfigMap,
    "DaemonSet": DaemonSet,
    "Namespace": Namespace,
    "ServiceAccount": ServiceAccount,
}

# One name for all runs: an object that a killed run created, unrecorded, has no second owner.
_FIELD_MANAGER = {"pulumi.com/patchFieldManager": "multinet"}


@dataclasses.dataclass(frozen=True)
class Access:
    """How the cluster is reached outside the provider.

    Attributes:
        kubeconfig: path or contents; None: the ambient one.
        context: which of its contexts; None: its current one.
    """

    kubeconfig: str | None = None
    context: str | None = None

    def __repr__(self) -> str:
        return f"Access(context={self.context!r})"


def owner() -> str:
    """Who owns what this program creates, as OWNER's value."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}"


def _argument(key: str) -> str:
    """A manifest's key as the provider's classes call it: `roleRef` → `role_ref`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def marked(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with what the provider and we have to know of it, as annotations."""
    kind = manifest["kind"]
    annotations = {**manifest["metadata"].get("annotations", {}), **_FIELD_MANAGER}
    if kind == "CustomResourceDefinition":
        annotations["pulumi.com/patchForce"] = "true"
    else:
        annotations[OWNER] = owner()
    if kind == "NetworkAttachmentDefinition":
        # No object depends on one. In the foreground its delete would wait for the garbage
        # collector, which learns of a new CRD only every 30 seconds.
        annotations["pulumi.com/deletionPropagationPolicy"] = "background"
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": annotations}}


def create(
    name: str, manifest: dict[str, Any], opts: pulumi.ResourceOptions
) -> pulumi.CustomResource:
    """Create one object as a resource called `name`.

    A CRD is applied as a patch: it may be there already, brought by someone else, and it is
    never ours alone to delete (others' NADs would go with it).
    """
    kind, version = manifest["kind"], manifest["apiVersion"]
    whole = marked(manifest).items()
    body = {_argument(k): v for k, v in whole if k not in ("apiVersion", "kind")}
    if kind == "CustomResourceDefinition":
        keep = pulumi.ResourceOptions(retain_on_delete=True)
        opts = pulumi.ResourceOptions.merge(opts, keep)
        resource: pulumi.CustomResource = CustomResourceDefinitionPatch(name, **body, opts=opts)
    elif kind in _KINDS:
        resource = _KINDS[kind](name, **body, opts=opts)
    else:
        resource = CustomResource(name, api_version=version, kind=kind, **body, opts=opts)
    return resource
