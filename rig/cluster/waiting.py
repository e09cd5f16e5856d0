"""Waiting for what was started, without waiting for what has died."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rig.cluster import components
from rig.cluster.api import Api
from rig.errors import NotReadyError
from rig.node.control import Node

_POLL = 0.1


def start_api(node: Node, api: Api, deadline: float) -> None:
    """Start the API server and what it needs, and wait until it is ready."""
    for name in (components.FORWARDER, components.ETCD, components.APISERVER):
        node.start(name)
    wait(node, "the API server", api.ready, deadline)


def wait(node: Node, what: str, condition: Callable[[], bool], deadline: float) -> None:
    """Wait for a condition; gives up at once when a component of the node has died.

    Raises ComponentDiedError, or NotReadyError when ``deadline`` (of the monotonic clock) has
    passed, with the ends of the logs of what runs.
    """
    while not condition():
        node.check_alive()
        if time.monotonic() > deadline:
            running = [n for n, status in node.status().items() if status["state"] == "running"]
            ends = "\n".join(f"--- {name}\n{node.log_tail(name, 6)}" for name in running)
            raise NotReadyError(f"{what} did not become ready in time; ends of the logs:\n{ends}")
        time.sleep(_POLL)


def runs_pods(node: dict[str, Any]) -> bool:
    """Whether the node is Ready and the taint that says otherwise has been taken off."""
    conditions = node.get("status", {}).get("conditions", [])
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node.get("spec", {}).get("taints")
