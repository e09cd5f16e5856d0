"""What adoption writes, and the commands that follow."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from multinet.adopt.convert import Adopted
from multinet.findings.text import printable
from multinet.names import OWNER
from multinet.stack.stackfile import PROJECT

ENVIRONMENT_TYPE = "multinet:index:Environment"
NETWORKS_TYPE = "multinet:index:Networks"
NAD_TYPE = "kubernetes:k8s.cni.cncf.io/v1:NetworkAttachmentDefinition"


def stack_file(adopted: Adopted, server: str, access: Mapping[str, str]) -> str:
    """Text of Pulumi.<stack>.yaml; the same for the same cluster.

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
    config |= {f"{PROJECT}:{key}": value for key, value in adopted.config.items()}
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    out = io.StringIO()
    yaml.dump({"config": config}, out)
    return "".join(f"# {printable(line).rstrip()}\n" for line in lines) + out.getvalue()


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


def claims(adopted: Adopted, owner: str, access: Mapping[str, str]) -> list[str]:
    """Commands that mark the NADs as this stack's, one for each namespace."""
    spaces: dict[str, list[str]] = {}
    for name, network in adopted.config["networks"].items():
        spaces.setdefault(network["namespace"], []).append(name)
    where = [word for key, value in access.items() for word in (f"--{key}", value)]
    kubectl = ["kubectl", *where, "annotate", "--overwrite", "network-attachment-definition"]
    return [
        shlex.join([*kubectl, "-n", namespace, *names, f"{OWNER}={owner}"])
        for namespace, names in spaces.items()
    ]


def steps(adopted: Adopted, owner: str, imports: str, access: Mapping[str, str]) -> list[str]:
    """What is to be done next, in order; `owner`: project/stack."""
    stack = owner.rpartition("/")[2]
    if not adopted.config["networks"]:
        return []
    return [
        f"pulumi stack init {shlex.quote(stack)}",
        f"pulumi import --file {shlex.quote(imports)} --protect=false --generate-code=false",
        *claims(adopted, owner, access),
        f"pulumi up --stack {shlex.quote(stack)}",
    ]
