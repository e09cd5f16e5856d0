"""What an add-on laid out on nodes is taken away before its DaemonSet is deleted, and waited for."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pulumi

from multinet.command import local
from multinet.kubernetes import Access
from multinet.multus.removal import at_destroy, with_kubectl
from multinet.settle import Settled

TAKE_AWAY = "TAKE_AWAY"
"""Variable of the container: with `yes` it takes away what is its own, and is ready when it is gone."""


def removal(
    name: str,
    daemon_set: Settled[dict[str, Any]],
    container: str,
    access: Access,
    opts: pulumi.ResourceOptions,
) -> local.Command:
    """A command that runs at a delete only, with kubectl; without kubectl it says so.

    `opts` has to make it depend on the DaemonSet: then it is deleted, and so runs, before that.
    """

    def of(pick: Callable[[dict[str, Any]], str]) -> pulumi.Output[str]:
        return pulumi.Output.from_input(daemon_set.map(pick))

    def selector(manifest: dict[str, Any]) -> str:
        labels = manifest["spec"]["selector"]["matchLabels"]
        return ",".join(f"{key}={value}" for key, value in labels.items())

    def rolling(manifest: dict[str, Any], key: str) -> str:
        return json.dumps(manifest["spec"]["updateStrategy"]["rollingUpdate"][key])

    environment: dict[str, pulumi.Input[str]] = {
        "MULTINET_DAEMONSET": of(lambda d: d["metadata"]["name"]),
        "MULTINET_NAMESPACE": of(lambda d: d["metadata"]["namespace"]),
        "MULTINET_CONTAINER": container,
        "MULTINET_SELECTOR": of(selector),
        "MULTINET_SURGE": of(lambda d: rolling(d, "maxSurge")),
        "MULTINET_UNAVAILABLE": of(lambda d: rolling(d, "maxUnavailable")),
        "MULTINET_WAIT": "300",
    }
    return at_destroy(name, access, script(), environment, opts)


def script() -> str:
    """The POSIX shell script; its environment is described at its top."""
    own = resources.files("multinet.addons") / "scripts" / "take-away.sh"
    return with_kubectl(own.read_text("utf-8"))
