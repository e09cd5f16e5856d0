"""What becomes of the CRD of networks at a destroy: removed, unless others use it.

The CRD is applied as a patch, which a destroy leaves in place; this is the resource that looks,
when everything else of the stack is gone, whether anyone else has networks, and only then
deletes it. Nothing but a delete can look at that moment: the program itself does not run then.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

import pulumi

from multinet.command import local
from multinet.kubernetes import Access


def crd_removal(name: str, access: Access, opts: pulumi.ResourceOptions) -> local.Command:
    """A command that runs at a destroy only, with kubectl; without kubectl it says so and keeps.

    `opts` has to make it depend on the CRD, and Multus on it: then it is deleted between them.
    """
    return at_destroy(name, access, script(), {}, opts)


def at_destroy(
    name: str,
    access: Access,
    text: str,
    environment: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> local.Command:
    """A command that runs at a destroy only: a script of `with_kubectl`, in that environment."""
    return local.Command(
        name,
        delete=text,
        environment={
            **environment,
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
    return with_kubectl((_scripts() / "remove-crd.sh").read_text("utf-8"))


def with_kubectl(text: str) -> str:
    """The script, after what lets it ask the cluster: its function `cluster` is kubectl."""
    return f"{(_scripts() / 'kubectl.sh').read_text('utf-8')}\n{text}"


def _scripts() -> Traversable:
    return resources.files("multinet.multus") / "scripts"
