"""What is changed of a Cilium that others manage: one key, and one restart of its agents."""

from __future__ import annotations

from typing import Any

from multinet.primary_cni.options import AdoptSettings

EXCLUSIVE_KEY = "cni-exclusive"
RESTARTED_FOR = "multinet.dev/cni-exclusive"


def config_patch(adopt: AdoptSettings) -> dict[str, Any]:
    """The ConfigMap's one key, as a server-side apply of nothing else."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": adopt.config_map, "namespace": adopt.namespace},
        "data": {EXCLUSIVE_KEY: "false"},
    }


def restart_patch(adopt: AdoptSettings) -> dict[str, Any]:
    """A mark on the agents' pods: it changes once, so they are rolled out once.

    Agents read their ConfigMap only when they start.
    """
    marked = {"metadata": {"annotations": {RESTARTED_FOR: "false"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": adopt.daemon_set, "namespace": adopt.namespace},
        "spec": {"template": marked},
    }
