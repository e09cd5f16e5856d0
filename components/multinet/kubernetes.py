"""From plain manifests to Pulumi resources, and the provider that they go through."""

from __future__ import annotations

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


def provider(settings: StackSettings) -> Provider:
    """The cluster that everything of this stack goes to, named explicitly.

    With a context or kubeconfig in the configuration a stack can never reach whichever
    cluster happens to be the current one.
    """
    kubeconfig = reveal(settings.kubeconfig)
    return Provider(
        "cluster",
        kubeconfig=pulumi.Output.secret(kubeconfig) if kubeconfig else None,
        context=settings.context,
    )


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
    if kind == "CustomResourceDefinition":
        body["metadata"] = body["metadata"] | {"annotations": {"pulumi.com/patchForce": "true"}}
        keep = pulumi.ResourceOptions(retain_on_delete=True)
        opts = pulumi.ResourceOptions.merge(opts, keep)
        resource: pulumi.CustomResource = CustomResourceDefinitionPatch(name, **body, opts=opts)
    elif kind in _KINDS:
        resource = _KINDS[kind](name, **body, opts=opts)
    else:
        version = manifest["apiVersion"]
        resource = CustomResource(name, api_version=version, kind=kind, **body, opts=opts)
    return resource
