"""A stack of the real program, on the real engine, against the real node."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

import rig
from rig.demo import engine
from rig.demo.clusters import RigCluster
from rig.demo.environment import STACK, write_stack_file


@dataclasses.dataclass
class Deployed:
    """A stack on the rig.

    `up`, `preview`, `refresh` and `destroy` return what the engine did: operation → count.
    """

    project: Path
    cluster: rig.Cluster

    def configure(self, **sections: Any) -> None:
        """Write the dev environment with these sections replaced."""
        file = self.project / f"Pulumi.{STACK}.yaml"
        salt = [x for x in _lines(file) if x.startswith("encryptionsalt")]
        write_stack_file(self.project, {**RigCluster().overrides(), **sections})
        with file.open("a") as out:
            out.writelines(f"{line}\n" for line in salt)

    @property
    def stack(self) -> automation.Stack:
        return engine.stack(self.project, self.cluster.kubeconfig)

    def up(self) -> dict[str, int]:
        return engine.up(self.stack, lambda _line: None)

    def preview(self) -> dict[str, int]:
        changes = self.stack.preview().change_summary
        return {str(getattr(op, "value", op)): count for op, count in changes.items()}

    def refresh(self) -> dict[str, int]:
        changes = self.stack.refresh().summary.resource_changes or {}
        return {str(operation): count for operation, count in changes.items()}

    def destroy(self) -> dict[str, int]:
        changes = self.stack.destroy().summary.resource_changes or {}
        return {str(operation): count for operation, count in changes.items()}

    def destroy_said(self) -> str:
        """Destroy; what the user was shown."""
        return str(self.stack.destroy().stdout)

    def resources(self) -> int:
        """How many resources the state knows, the stack itself and its providers left out."""
        known = self.stack.export_stack().deployment.get("resources") or []
        return sum(1 for r in known if not r["type"].startswith("pulumi:"))

    def outputs(self) -> dict[str, Any]:
        return {name: output.value for name, output in self.stack.outputs().items()}

    def objects(self) -> list[str]:
        """What of multinet is in the cluster, as kubectl names it; the CRD left out."""
        kinds = "daemonset,configmap,serviceaccount,clusterrole,clusterrolebinding"
        kinds += ",network-attachment-definitions.k8s.cni.cncf.io"
        selector = "app.kubernetes.io/part-of=multinet"
        said = self.cluster.kubectl("get", kinds, "-A", "-l", selector, "-o", "json", check=False)
        items = json.loads(said)["items"] if said else []
        return [f"{i['kind']}/{i['metadata']['name']}" for i in items]


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def deployed(cluster: rig.Cluster, tmp_path: Path) -> Iterator[Deployed]:
    """A stack of its own for each test, destroyed afterwards whatever happened."""
    stack = Deployed(engine.workspace(tmp_path), cluster)
    stack.configure()
    try:
        yield stack
    finally:
        with contextlib.suppress(automation.CommandError):
            stack.destroy()
