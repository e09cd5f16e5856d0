"""A Deployment on two networks of another stack."""

import sys
from pathlib import Path

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment

# multinet of this checkout; in a project of your own it is an installed wheel.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "components"))

from multinet import attach_from

config = pulumi.Config()

# The other stack: its output `networks` says what there is, and in which namespaces.
stack = pulumi.StackReference(config.require("networks"))

# The annotation: net1 on the first network, an interface called lan on the second. A network that
# the other stack does not have is refused here, not by a pod that never starts.
annotation = attach_from(stack, config.require("first"), f"{config.require('second')}@lan")

labels = {"app": "two-networks"}
container = {
    "name": "app",
    "image": config.require("image"),
    "command": ["sh", "-c", "trap 'exit 0' TERM; sleep 1000000 & wait"],
}
deployment = Deployment(
    "two-networks",
    metadata={"name": "two-networks"},
    spec={
        "selector": {"match_labels": labels},
        "template": {
            "metadata": {"labels": labels, "annotations": annotation},
            "spec": {"containers": [container]},
        },
    },
)

pulumi.export("annotation", annotation)
pulumi.export("deployment", deployment.metadata["name"])
