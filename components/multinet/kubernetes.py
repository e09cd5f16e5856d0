"""From plain manifests to Pulumi resources."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pulumi
from pulumi_kubernetes._utilities import get_version

from multinet.names import ACCOUNT, OWNER
from multinet.rehearsal import is_rehearsal
from multinet.settle import Settled

_T = TypeVar("_T")

_CRD = "CustomResourceDefinition"

_TOKENS = {
    _CRD: "apiextensions.k8s.io/v1:CustomResourceDefinitionPatch",
    "ClusterRole": "rbac.authorization.k8s.io/v1:ClusterRole",
    "ClusterRoleBinding": "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "ConfigMap": "core/v1:ConfigMap",
    "DaemonSet": "apps/v1:DaemonSet",
    "Deployment": "apps/v1:Deployment",
    "Namespace": "core/v1:Namespace",
    "Role": "rbac.authorization.k8s.io/v1:Role",
    "RoleBinding": "rbac.authorization.k8s.io/v1:RoleBinding",
    "ServiceAccount": "core/v1:ServiceAccount",
    "ValidatingAdmissionPolicy": "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding": (
        "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
    ),
}
"""Kubernetes' own kinds that we create → the provider's types for them."""

FIELD_MANAGER = "multinet"
"""One name for all runs: an object that a killed run created, unrecorded, has no second owner."""

APPLIED_AT = "@applied-at@"
"""Stands, where no cluster is asked, for the time at which we last changed another object."""


@dataclasses.dataclass(frozen=True)
class Access:
    """How the cluster is reached outside the provider.

    Attributes:
        kubeconfig: path or contents; None: the ambient one.
        context: which of its contexts; None: its current one.
    """

    kubeconfig: pulumi.Input[str | None] = None
    context: pulumi.Input[str | None] = None

    def __repr__(self) -> str:
        return f"Access(context={self.context!r})"


def owner() -> str:
    """Who owns what this program creates, as OWNER's value."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}"


def marked(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with what the provider and we have to know of it, as annotations."""
    kind = manifest["kind"]
    annotations = {**(manifest["metadata"].get("annotations") or {})}
    annotations["pulumi.com/patchFieldManager"] = FIELD_MANAGER
    if kind == _CRD:
        annotations["pulumi.com/patchForce"] = "true"
    else:
        annotations[OWNER] = owner()
    if _custom(kind):
        # In the foreground an object gets the garbage collector's finalizer. A controller that
        # cleans up after its own object waits for every finalizer but its own (Calico's operator,
        # v1.34 to v1.42), while the collector already takes away what the cleaning needs: neither
        # ever ends. Nor does the collector learn of a new CRD sooner than every 30 seconds.
        annotations["pulumi.com/deletionPropagationPolicy"] = "background"
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": annotations}}


def _custom(kind: str) -> bool:
    """Whether a controller of its own stands behind the kind, or none at all, but not Kubernetes."""
    return kind not in _TOKENS


Manifest = dict[str, Any]


Uid = pulumi.Input[str | None]


def body(
    settings: Settled[_T], build: Callable[[_T], Manifest], known: Manifest, account: Uid = None
) -> dict[str, pulumi.Input[Any]]:
    """A manifest's other keys than apiVersion and kind; Outputs where settings are not known yet.

    Args:
        settings: what it is made of.
        build: makes the manifest of them.
        known: the manifest, or as much of it as is known: it has the same keys.
        account: uid of the account of a workload's pods; see `_under`.
    """
    if settings.later is None:
        whole: dict[str, Any] = _under(account, marked(known))
    else:
        every = pulumi.Output.all(settings.later, account)
        made = every.apply(lambda pair: _under(pair[1], marked(build(pair[0]))))
        whole = {key: made[key] for key in known}
    return {key: value for key, value in whole.items() if key not in ("apiVersion", "kind")}


def _under(account: Uid, workload: Manifest) -> Manifest:
    """A workload whose pods are replaced when their account was made anew.

    A token is of one account, known by its uid. Where that is deleted and made again, running pods
    are refused by the API server, until the kubelet asks for their next token: up to an hour, and
    no restart of a container is sooner.
    """
    if account is None:
        return workload
    template = workload["spec"]["template"]
    annotations = {**(template["metadata"].get("annotations") or {}), ACCOUNT: account}
    template = {**template, "metadata": {**template["metadata"], "annotations": annotations}}
    return {**workload, "spec": {**workload["spec"], "template": template}}


def create_of(
    name: str,
    settings: Settled[_T],
    build: Callable[[_T], Manifest],
    opts: pulumi.ResourceOptions,
    account: Object | None = None,
) -> Object:
    """Create the object that is made of these settings, as a resource called `name`.

    `account`: of a workload's pods, where they ask the API server.
    """
    assert settings.shape is not None, "what decides which objects there are is known"
    known = build(settings.shape)
    # Where no cluster is asked it has none.
    uid = None if account is None or is_rehearsal() else account.uid
    return _register(name, known, body(settings, build, known, uid), opts)


def create(name: str, manifest: Manifest, opts: pulumi.ResourceOptions) -> Object:
    """Create one object as a resource called `name`."""
    return create_of(name, Settled(manifest), lambda whole: whole, opts)


class Object(pulumi.CustomResource):
    """One Kubernetes object, as plain data.

    The provider's own classes say the same, by way of modules that take half a second to load:
    those of core/v1 alone are twice what Pulumi is.

    Args:
        token: the provider's type for it, without the package.
        name: of the resource.
        given: the manifest's keys.
        opts: as of every resource.

    Outputs: the object's keys, of which `metadata` is read.
    """

    metadata: pulumi.Output[Any]

    def __init__(
        self, token: str, name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(f"kubernetes:{token}", name, {**given}, pinned(opts))

    @property
    def uid(self) -> pulumi.Output[str | None]:
        """By which the cluster knows it from another one of its name."""
        return self.metadata.apply(lambda known: (known or {}).get("uid"))


def pinned(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """With the version that the provider's own classes ask for: a default provider is known by it."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=get_version()))


def _register(
    name: str,
    manifest: Manifest,
    inputs: Mapping[str, pulumi.Input[Any]],
    opts: pulumi.ResourceOptions,
) -> Object:
    """Register it by the provider's type for its kind.

    A CRD is applied as a patch: it may be there already, brought by someone else, and it is
    never ours alone to delete (others' NADs would go with it).
    """
    kind, version = manifest["kind"], manifest["apiVersion"]
    if kind == _CRD:
        keep = pulumi.ResourceOptions(retain_on_delete=True)
        opts = pulumi.ResourceOptions.merge(opts, keep)
    token = _TOKENS.get(kind, f"{version}:{kind}")
    return Object(token, name, {"apiVersion": version, "kind": kind, **inputs}, opts)


def patch(
    name: str, manifest: Manifest, opts: pulumi.ResourceOptions, annotations: Mapping[str, str]
) -> Object:
    """Apply one field or a few to an object that others manage; it needs no mark of ours.

    `annotations`: what the provider is told of it.
    """
    metadata = {**manifest["metadata"], **({"annotations": {**annotations}} if annotations else {})}
    token = f"{_TOKENS[manifest['kind']]}Patch"
    return Object(token, name, {**manifest, "metadata": metadata}, opts)
