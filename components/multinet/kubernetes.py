"""From plain manifests to Pulumi resources, and the provider that they go through."""

from __future__ import annotations

import dataclasses
from typing import Any

import pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinitionPatch
from pulumi_kubernetes.apps.v1 import DaemonSet
from pulumi_kubernetes.core.v1 import ConfigMap, Namespace, ServiceAccount
from pulumi_kubernetes.rbac.v1 import ClusterRole, ClusterRoleBinding

from multinet.settings.stack import StackSettings
from multinet.settings.types import reveal

_KINDS: dict[str, type[pulumi.CustomResource]] = {
    "ClusterRole": ClusterRole,
    "ClusterRoleBinding": ClusterRoleBinding,
    "ConfigMap": ConfigMap,
    "DaemonSet": DaemonSet,
    "Namespace": Namespace,
    "ServiceAccount": ServiceAccount,
}

OWNER = "multinet.dev/owner"
"""Annotation of every object that is ours: whose it is, as `project/stack`."""

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


def access(settings: StackSettings) -> Access:
    """How this stack's cluster is reached."""
    return Access(reveal(settings.kubeconfig), settings.context)


def provider(settings: StackSettings) -> Provider:
    """The cluster that everything of this stack goes to, named explicitly.

    With a context or kubeconfig in the configuration a stack can never reach whichever
    cluster happens to be the current one.

    A create takes over what is there, since an `up` that was killed leaves objects that no state
    knows; a changed field is set back whoever changed it. That others' objects are not taken
    over is ownership's to see to, before anything is registered.
    """
    kubeconfig = reveal(settings.kubeconfig)
    return Provider(
        "cluster",
        kubeconfig=pulumi.Output.secret(kubeconfig) if kubeconfig else None,
        context=settings.context,
        upsert_existing_objects=True,
        enable_patch_force=True,
    )


def owner() -> str:
    """Who owns what this program creates, as OWNER's value."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}"


def _argument(key: str) -> str:
    """A manifest's key as the provider's classes call it: `roleRef` → `role_ref`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def create(
    name: str, manifest: dict[str, Any], opts: pulumi.ResourceOptions
) -> pulumi.CustomResource:
    """Create one object as a resource called `name`.

    A CRD is applied as a patch: it may be there already, brought by someone else, and it is
    never ours alone to delete (others' NADs would go with it).
    """
    kind = manifest["kind"]
    body = {_argument(k): v for k, v in manifest.items() if k not in ("apiVersion", "kind")}
    annotations = {**manifest["metadata"].get("annotations", {}), **_FIELD_MANAGER}
    if kind == "CustomResourceDefinition":
        annotations["pulumi.com/patchForce"] = "true"
    else:
        annotations[OWNER] = owner()
    if kind == "NetworkAttachmentDefinition":
        # No object depends on one. In the foreground its delete would wait for the garbage
        # collector, which learns of a new CRD only every 30 seconds.
        annotations["pulumi.com/deletionPropagationPolicy"] = "background"
    body["metadata"] = {**manifest["metadata"], "annotations": annotations}
    if kind == "CustomResourceDefinition":
        keep = pulumi.ResourceOptions(retain_on_delete=True)
        opts = pulumi.ResourceOptions.merge(opts, keep)
        resource: pulumi.CustomResource = CustomResourceDefinitionPatch(name, **body, opts=opts)
    elif kind in _KINDS:
        resource = _KINDS[kind](name, **body, opts=opts)
    else:
        version = manifest["apiVersion"]
        resource = CustomResource(name, api_version=version, kind=kind, **body, opts=opts)
    return resource
