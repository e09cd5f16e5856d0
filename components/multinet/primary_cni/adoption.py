"""What is changed of a Cilium that others manage: one key, and one restart of its agents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multinet import kubernetes
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


def changed_at(managed_fields: Iterable[Mapping[str, Any]] | None) -> str:
    """When our patch last changed the ConfigMap, of its `metadata.managedFields`.

    The time of whoever applied this one key and no other. It moves when the key is set anew after
    somebody changed it, and not when others change the rest.
    """
    for entry in managed_fields or ():
        owned = (entry.get("fieldsV1") or {}).get("f:data")
        if owned == {f"f:{EXCLUSIVE_KEY}": {}} and entry.get("time"):
            return str(entry["time"])
    return kubernetes.APPLIED_AT


def restart_patch(adopt: AdoptSettings, at: Any) -> dict[str, Any]:
    """A mark on the agents' pods; `at`: when the ConfigMap was changed (may be an output).

    Agents read their ConfigMap only when they start. The mark follows that change, so they are
    rolled out once after each one.
    """
    marked = {"metadata": {"annotations": {RESTARTED_FOR: at}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": adopt.daemon_set, "namespace": adopt.namespace},
        "spec": {"template": marked},
    }
