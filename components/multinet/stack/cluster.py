"""The cluster of a stack: the provider that everything goes through, and the way beside it."""

from __future__ import annotations

import pulumi
from pulumi_kubernetes import Provider

from multinet.kubernetes import Access
from multinet.settings.types import reveal
from multinet.stack.settings import StackSettings


def access(settings: StackSettings) -> Access:
    """How this stack's cluster is reached."""
    return Access(reveal(settings.kubeconfig), settings.context)


def provider(settings: StackSettings, name: str = "cluster") -> Provider:
    """The cluster that everything of this stack goes to, named explicitly.

    With a context or kubeconfig in the configuration a stack can never reach whichever
    cluster happens to be the current one.

    A create takes over what is there, since an `up` that was killed leaves objects that no state
    knows; a changed field is set back whoever changed it. That others' objects are not taken
    over is ownership's to see to, before anything is registered.
    """
    kubeconfig = reveal(settings.kubeconfig)
    return Provider(
        name,
        kubeconfig=pulumi.Output.secret(kubeconfig) if kubeconfig else None,
        context=settings.context,
        upsert_existing_objects=True,
        enable_patch_force=True,
    )
