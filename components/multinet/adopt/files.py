"""What adoption writes, and the commands that follow."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multinet.adopt.convert import Adopted
from multinet.names import OWNER, PROJECT, stack_key
from multinet.networks.nad import API_VERSION, KIND
from multinet.networks.since import marks_of
from multinet.stack.written import written

ENVIRONMENT_TYPE = "multinet:index:Environment"
NETWORKS_TYPE = "multinet:index:Networks"
NAD_TYPE = "kubernetes:k8s.cni.cncf.io/v1:NetworkAttachmentDefinition"
_MANAGER = "multinet-adopt"
"""A field manager of its own: what it applies can only ever be those marks."""

PLACEHOLDER = "FILE"
"""Stands in printed commands for a kubeconfig that the user still has to name."""
PASSING = {
    stack_key("kubeconfig"): (
        "the one that was read came through a pipe and is gone: name a file that stays, or its"
        f" contents as a secret, here and as kubernetes:kubeconfig; and a file for {PLACEHOLDER} in"
        " the commands. Without it the stack is the ambient kubeconfig's cluster's"
    )
}
"""What is missing where the kubeconfig has no path that could be written down."""


@dataclasses.dataclass(frozen=True)
class Names:
    """Names of the files beside the stack file."""

    imports: str
    claim: str


def stack_file(
    adopted: Adopted, server: str, access: Mapping[str, str], directory: Path = Path()
) -> str:
    """Text of Pulumi.<stack>.yaml in a directory; the same for the same cluster.

    `access`: `kubeconfig` and `context`, where the cluster is not the ambient one. They stand
    there for `pulumi import` as well, whose provider is not the program's.
    """
    lines = [f"Made from the cluster at {server} by multinet adopt.", *adopted.notes]
    lines += [f"Add {key}: {what}" for key, what in adopted.missing.items()]
    if adopted.left:
        lines.append("Not in it:")
    lines += [f"  {left.namespace}/{left.name}: {left.reason}" for left in adopted.left]
    config: dict[str, Any] = {}
    for project in (PROJECT, "kubernetes") if access else ():
        config |= {f"{project}:{key}": value for key, value in access.items()}
    config |= {stack_key(key): value for key, value in adopted.config.items()}
    return written(config, lines, directory)


def import_list(adopted: Adopted) -> str:
    """What `pulumi import --file` takes: the program's components, and each NAD below them.

    Names and parents are those of the program, so that the next `up` finds each as its own.
    """
    # `name` tells entries of the file apart, `logicalName` is the program's.
    above: list[dict[str, Any]] = [
        {"type": ENVIRONMENT_TYPE, "name": "environment", "logicalName": "multinet"},
        {
            "type": NETWORKS_TYPE,
            "name": "networks",
            "logicalName": "networks",
            "parent": "environment",
        },
    ]
    resources = [component | {"component": True} for component in above]
    for name, network in adopted.config["networks"].items():
        resources.append(
            {
                "type": NAD_TYPE,
                "name": f"nad.{name}",
                "logicalName": name,
                "id": f"{network['namespace']}/{name}",
                "parent": "networks",
            }
        )
    return json.dumps({"resources": resources}, indent=2) + "\n"


def claim(adopted: Adopted, owner: str) -> str:
    """What `kubectl apply --server-side` takes: marks on the NADs, and nothing else of them.

    Whose each is from now on (`owner`, project/stack), and since when its configuration means
    what it does: `up` writes it in its canonical form, which changes its time and not its
    meaning. An object that was made anew meanwhile is refused, by its uid.
    """
    items = []
    for nad in adopted.there.values():
        metadata = nad["metadata"]
        marks = {OWNER: owner, **marks_of(nad)}
        named = {key: metadata[key] for key in ("namespace", "name", "uid") if key in metadata}
        items.append(
            {"apiVersion": API_VERSION, "kind": KIND, "metadata": named | {"annotations": marks}}
        )
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2) + "\n"


def steps(adopted: Adopted, owner: str, names: Names, access: Mapping[str, str]) -> list[str]:
    """What is to be done next, in order; `owner`: project/stack."""
    stack = owner.rpartition("/")[2]
    if not adopted.config["networks"]:
        return []
    where = [word for key, value in access.items() for word in (f"--{key}", value)]
    apply = ["kubectl", *where, "apply", "--server-side", f"--field-manager={_MANAGER}"]
    return [
        f"pulumi stack init {shlex.quote(stack)}",
        f"pulumi import --file {shlex.quote(names.imports)} --protect=false --generate-code=false",
        shlex.join([*apply, "-f", names.claim]),
        f"pulumi up --stack {shlex.quote(stack)}",
    ]
