"""What becomes of whereabouts' CRDs and books when it goes: removed, unless they are in use.

As Multus's CRD, they are applied as patches, which a destroy leaves in place; this is the resource
that looks, when the agents are gone, who uses them. Only a delete can look at that moment: the
program itself does not run then.
"""

from __future__ import annotations

import pulumi

from multinet.addons.whereabouts import pods
from multinet.command import local
from multinet.kubernetes import Access
from multinet.multus.removal import at_destroy, with_kubectl

REMOVE_SCRIPT = "remove.sh"


def removal(
    name: str, access: Access, namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> local.Command:
    """A command that runs at the end only, with kubectl; without kubectl it says so and keeps.

    `opts` has to make it depend on the CRDs, and the agents on it: then it is deleted between them.
    """
    return at_destroy(name, access, script(), {"MULTINET_NAMESPACE": namespace}, opts)


def script() -> str:
    """The POSIX shell script that decides; its environment is described at its top."""
    return with_kubectl(pods.script(REMOVE_SCRIPT))
