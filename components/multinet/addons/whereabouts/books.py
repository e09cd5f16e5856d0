"""What becomes of whereabouts' CRDs and books when it goes: removed, unless they are in use.

As Multus's CRD, they are applied as patches, which a destroy leaves in place; this is the resource
that looks, when the agents are gone, who uses them. Only a delete can look at that moment: the
program itself does not run then.
"""

from __future__ import annotations

import pulumi

from multinet.addons.whereabouts.pods import script
from multinet.command import local
from multinet.kubernetes import Access

REMOVE_SCRIPT = "remove.sh"


def removal(
    name: str, access: Access, namespace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> local.Command:
    """A command that runs at the end only, with kubectl; without kubectl it says so and keeps.

    `opts` has to make it depend on the CRDs, and the agents on it: then it is deleted between them.
    """
    return local.Command(
        name,
        delete=script(REMOVE_SCRIPT),
        environment={
            "MULTINET_KUBECONFIG": pulumi.Output.secret(access.kubeconfig).apply(
                lambda given: given or ""
            ),
            "MULTINET_CONTEXT": pulumi.Output.from_input(access.context).apply(
                lambda given: given or ""
            ),
            "MULTINET_NAMESPACE": namespace,
        },
        add_previous_output_in_env=False,
        opts=opts,
    )
