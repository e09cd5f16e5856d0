"""What becomes of the CRD of networks at a destroy: removed, unless others use it.

The CRD is applied as a patch, which a destroy leaves in place; this is the resource that looks,
when everything else of the stack is gone, whether anyone else has networks, and only then
deletes it. Nothing but a delete can look at that moment: the program itself does not run then.
"""

from __future__ import annotations

from importlib import resources

import pulumi

from multinet.command import local
from multinet.kubernetes import Access


def crd_removal(name: str, access: Access, opts: pulumi.ResourceOptions) -> local.Command:
    """A command that runs at a destroy only, with kubectl; without kubectl it says so and keeps.

    `opts` has to make it depend on the CRD, and Multus on it: then it is deleted between them.
    """
    return local.Command(
        name,
        delete=script(),
        environment={
            "MULTINET_KUBECONFIG": pulumi.Output.secret(access.kubeconfig).apply(
                lambda given: given or ""
            ),
            "MULTINET_CONTEXT": pulumi.Output.from_input(access.context).apply(
                lambda given: given or ""
            ),
        },
        add_previous_output_in_env=False,
        opts=opts,
    )


def script() -> str:
    """The POSIX shell script that decides; its environment is described at its top."""
    return (resources.files("multinet.multus") / "scripts" / "remove-crd.sh").read_text("utf-8")
