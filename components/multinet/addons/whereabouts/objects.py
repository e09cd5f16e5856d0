"""The objects that whereabouts is made of, as plain data; its kinds and rights have files of their own."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts import pods
from multinet.addons.whereabouts.names import (
    HOME,
    LABELS,
    NAME,
    RECONCILER,
    SLICES,
    labels,
)
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings

Manifest = dict[str, Any]

CONFIG_HASH = "multinet.dev/config-hash"


def config_map(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """The scripts, and the file that the controller of node slices reads."""
    file = {
        "datastore": "kubernetes",
        "configuration_path": HOME,
        "kubernetes": {"kubeconfig": f"{HOME}/whereabouts.kubeconfig"},
    }
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {
            pods.AGENT_SCRIPT: pods.script(pods.AGENT_SCRIPT),
            pods.RECONCILE_SCRIPT: pods.script(pods.RECONCILE_SCRIPT),
            pods.FILE: json.dumps(file, separators=(",", ":")),
        },
    }


def daemon_set(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """The agent on every node. The next one takes over before the one before it ends."""
    own = labels("ipam-agent")
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": own},
        "spec": {
            "selector": {"matchLabels": own},
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "10%", "maxUnavailable": 0},
            },
            "template": {
                "metadata": {"labels": own, "annotations": _hash(settings, site)},
                "spec": pods.agent(settings, site),
            },
        },
    }


def reconciler(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """The reconciler: one at a time, since it knows of no other.

    It runs when it starts. So it starts anew when Multus or the agent changes: what was deleted
    while they were away is freed at once, not by the schedule.
    """
    spec = pods.reconciler(settings, site)
    beside = [site.multus.model_dump(mode="json"), pods.agent(settings, site)]
    return _deployment(RECONCILER, "ipam-reconciler", site, spec, _hash(settings, site, *beside))


def slice_controller(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """The controller of node slices: one at a time, too."""
    spec = pods.slices(settings, site)
    return _deployment(SLICES, "ipam-slices", site, spec, _hash(settings, site))


def _deployment(
    name: str, component: str, site: SiteSettings, spec: Manifest, annotations: Manifest
) -> Manifest:
    own = labels(component)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": site.multus.namespace, "labels": own},
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": own},
            "template": {
                "metadata": {"labels": own, "annotations": annotations},
                "spec": spec,
            },
        },
    }


def _hash(settings: WhereaboutsAddonSettings, site: SiteSettings, *beside: Any) -> Manifest:
    """Scripts are read when a pod starts: a changed one rolls the pods."""
    of = [config_map(settings, site), *beside]
    digest = hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()
    return {CONFIG_HASH: digest[:16]}
