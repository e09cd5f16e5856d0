"""What the pod benchmarks share: deploying an environment, and timing pods made at once."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

LIMIT = "600s"


@contextmanager
def deployed(cluster: rig.Cluster, networks: int, **multus: Any) -> Iterator[None]:
    """The dev environment with this many networks, by its rendered manifests; taken off again."""
    made = {f"bench-{i}": {"config": _config(i)} for i in range(1, networks + 1)}
    with applied(cluster, {"multus": multus, "networks": made}):
        yield


@contextmanager
def applied(cluster: rig.Cluster, sections: dict[str, Any]) -> Iterator[None]:
    """The dev environment with these sections, by its rendered manifests; taken off again."""
    overrides = {**RigCluster().overrides(), **sections}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        manifests.render_environment(write_stack_file(Path(scratch), overrides), out)
        manifests.apply(out, cluster)
        try:
            yield
        finally:
            for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
                cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def started(cluster: rig.Cluster, count: int, networks: int) -> float:
    """Seconds from the first create until the last of `count` pods is Ready; then deletes them."""
    annotation = ",".join(f"bench-{i}" for i in range(1, networks + 1))
    return timed(cluster, [sample.pod(f"bench-{i}", annotation) for i in range(count)])


def timed(cluster: rig.Cluster, pods: list[dict[str, Any]]) -> float:
    """Seconds from the first create until the last of the pods is Ready; then deletes them."""
    for pod in pods:
        pod["metadata"]["labels"] = {"bench": "yes"}
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": pods})
    began = time.monotonic()
    cluster.kubectl("create", "-f", "-", input=listed)
    wait = ("wait", "--for=condition=Ready", "pods", "-l", "bench=yes", f"--timeout={LIMIT}")
    cluster.kubectl(*wait, timeout=None)
    took = time.monotonic() - began
    cluster.kubectl(
        "delete", "pods", "-l", "bench=yes", "--wait", f"--timeout={LIMIT}", timeout=None
    )
    return took


def _config(i: int) -> dict[str, Any]:
    """Wide enough for as many pods as a node holds."""
    ipam = {"type": "host-local", "subnet": f"172.20.{i}.0/24"}
    return {
        "cniVersion": "0.4.0",
        "type": "macvlan",
        "master": "eth0",
        "mode": "bridge",
        "ipam": ipam,
    }
