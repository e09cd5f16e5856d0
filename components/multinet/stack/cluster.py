"""The cluster of a stack: the provider that everything goes through, and the way beside it."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes import Provider

from multinet.kubernetes import Access
from multinet.live.kubeconfig import used
from multinet.rehearsal import is_rehearsal
from multinet.settings.types import reveal
from multinet.settle import Settled
from multinet.stack.settings import StackSettings


def access(settings: Settled[StackSettings]) -> Access:
    """How this stack's cluster is reached.

    A kubeconfig is handed on as what this stack takes of its contents: the engine compares texts,
    and another path to the same kubeconfig is no change; a destroy on another machine, where the
    path leads nowhere, knows the way as well. In a rehearsal no file is read.
    """
    return Access(settings.map(kubeconfig_of), settings.map(lambda known: known.context))


def kubeconfig_of(settings: StackSettings) -> str | None:
    """Contents of the kubeconfig, as far as the stack uses it; None: the ambient one."""
    given = reveal(settings.kubeconfig)
    return used(given, settings.context) if given and not is_rehearsal() else given


def provider(settings: Settled[StackSettings], name: str = "cluster") -> Provider:
    """The cluster that everything of this stack goes to, named explicitly.

    With a context or kubeconfig in the configuration a stack can never reach whichever
    cluster happens to be the current one.

    A create takes over what is there, since an `up` that was killed leaves objects that no state
    knows; a changed field is set back whoever changed it. A ConfigMap whose content changes is
    changed: made anew, it would be gone for a moment, and with `protect` it would be refused. That others' objects are not taken
    over is ownership's to see to, before anything is registered.
    """
    reached = access(settings)
    ambient = settings.known and reached.kubeconfig is None
    return Provider(
        name,
        kubeconfig=None if ambient else pulumi.Output.secret(reached.kubeconfig),
        context=reached.context,
        upsert_existing_objects=True,
        enable_patch_force=True,
        enable_config_map_mutable=True,
    )
