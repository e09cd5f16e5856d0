"""Deploys rendered manifests with kubectl, in their order, for machines without an engine."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML

from multinet import render
from multinet.stack import load, stackfile
from rig.demo.environment import PROJECT_DIR, STACK
from rig.errors import NotReadyError


class Kubectl(Protocol):
    """Runs kubectl on some cluster and returns what it printed."""

    def __call__(self, *arguments: str, input: str | None = None) -> str: ...


def wait_for_crd(kubectl: Kubectl, name: str, seconds: float = 60.0) -> None:
    """Wait until a CRD is established. Raises NotReadyError.

    `kubectl wait` fails on one so new that its conditions are null.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = json.loads(kubectl("get", "crd", name.rpartition("/")[2], "--output", "json"))
        conditions = found.get("status", {}).get("conditions") or []
        if any(c["type"] == "Established" and c["status"] == "True" for c in conditions):
            return
        if time.monotonic() > deadline:
            raise NotReadyError(f"CRD {name} is not established after {seconds:.0f} s")
        time.sleep(0.2)


def render_environment(stack_file: Path, to: Path) -> render.Rendered:
    """Run the real program on `stack_file` and write what it would create to `to`.

    Raises InvalidEnvironment when the environment is refused.
    """
    environment = load(stack_file)
    environment.require()
    config = stackfile.read(stack_file).config
    plan = render.run(PROJECT_DIR / "__main__.py", stackfile.PROJECT, STACK, config)
    return render.write(plan, environment, to)


def apply(directory: Path, kubectl: Kubectl) -> list[str]:
    """Apply a rendered directory file by file; returns what kubectl said of each.

    After a CRD waits until the API server serves it, after a workload until it is rolled out.
    """
    said: list[str] = []
    for path in sorted((directory / "manifests").glob("[0-9]*.yaml")):
        # A throwaway cluster is ours alone, whoever applied before: the engine, or kubectl.
        command = ("apply", "--server-side", "--force-conflicts", "--filename", str(path))
        said.append(kubectl(*command).strip())
        _wait(YAML(typ="safe").load(path.read_text(encoding="utf-8")), kubectl)
    return said


def _wait(manifest: dict[str, Any], kubectl: Kubectl) -> None:
    kind, name = manifest["kind"], manifest["metadata"]["name"]
    if kind == "CustomResourceDefinition":
        wait_for_crd(kubectl, name)
    if kind == "DaemonSet":
        namespace = manifest["metadata"]["namespace"]
        where = ("--namespace", namespace, "--timeout=600s")
        kubectl("rollout", "status", f"daemonset/{name}", *where)


def network_status(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """What Multus wrote on a pod about its interfaces; empty when it wrote nothing."""
    annotations = pod["metadata"].get("annotations", {})
    status = json.loads(annotations.get("k8s.v1.cni.cncf.io/network-status", "[]"))
    assert isinstance(status, list)
    return status
