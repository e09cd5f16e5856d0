"""What a way of installing did, seen from outside: the cluster's objects and the node's files.

Not what each tool says of itself: one of them says "unchanged" whatever it did.
"""

from __future__ import annotations

import json

import rig

KINDS = "crd,clusterrole,clusterrolebinding,serviceaccount,configmap,daemonset,net-attach-def"
PLACES = (
    "/etc/cni",
    "/etc/kubernetes",
    "/opt/cni",
    "/run/multus",
    "/var/lib/cni/multus",
    "/var/lib/multinet",
)
"""Where any of the ways, or Multus itself, writes on a node. Not host-local's addresses: those
are the plugin's, and the same for all."""

Trace = dict[str, str]
"""An object's or a file's name → what changes whenever it does."""


def objects(cluster: rig.Cluster) -> Trace:
    """Every object of KINDS, without what the cluster itself writes on it."""
    listed = json.loads(cluster.kubectl("get", KINDS, "--all-namespaces", "--output", "json"))
    found: Trace = {}
    for item in listed["items"]:
        item.pop("status", None)
        metadata = item["metadata"]
        for key in ("managedFields", "resourceVersion", "generation"):
            metadata.pop(key, None)
        name = "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
        found[f"{item['kind']} {name}"] = json.dumps(item, sort_keys=True)
    return found


def files(cluster: rig.Cluster) -> Trace:
    """Every file below PLACES, links and sockets too: its size and time of change."""
    look = ["find", *PLACES, "-not", "-type", "d", "-printf", "%p\t%s %T@\n"]
    lines = cluster.node_run(look, check=False).stdout.splitlines()  # not all places are there
    return dict(line.split("\t") for line in lines)


def differing(before: Trace, after: Trace) -> list[str]:
    """What appeared, changed or went, by name."""
    return sorted(x for x in before.keys() | after.keys() if before.get(x) != after.get(x))
