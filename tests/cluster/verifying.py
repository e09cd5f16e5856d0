"""`multinet verify` on a rig: environments for it, and what it said."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import rig
from rig.demo import manifests
from rig.demo.clusters import RigCluster
from rig.demo.environment import ACCEPTED, write_stack_file

ROOT = Path(__file__).resolve().parents[2]
OURS = ("--all-namespaces", "--selector=app.kubernetes.io/managed-by=multinet-verify")


def host_local(third: int, **more: Any) -> dict[str, Any]:
    return {"type": "host-local", "subnet": f"10.7.{third}.0/24", **more}


def bridge(number: int, **more: Any) -> dict[str, Any]:
    config = {"cniVersion": "1.0.0", "type": "bridge", "bridge": f"vfy{number}"}
    return {**config, "ipam": host_local(number), **more}


class Environment:
    """The dev environment on the rig, with further networks for a test."""

    def __init__(self, cluster: rig.Cluster, directory: Path) -> None:
        self.cluster = cluster
        self.directory = directory
        self.file = write_stack_file(directory, {**RigCluster().overrides(), **ACCEPTED})

    def declare(self, name: str, networks: Mapping[str, Mapping[str, Any]]) -> Path:
        """A stack file with only these networks; their NADs are put on the cluster."""
        document = YAML(typ="safe").load(self.file)
        document["config"]["multinet:networks"] = networks
        document["config"].pop("multinet:ignore", None)  # of the dev environment's network
        file = self.directory / f"Pulumi.{name}.yaml"
        with file.open("w") as out:
            YAML(typ="safe").dump(document, out)
        for network, declared in networks.items():
            given = declared.get("config")
            config = json.dumps({"name": network, **given}) if given else ""
            self.nad(network, declared.get("namespace", "default"), config)
        return file

    def nad(self, name: str, namespace: str, config: str) -> None:
        made = {
            "apiVersion": "k8s.cni.cncf.io/v1",
            "kind": "NetworkAttachmentDefinition",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"config": config},
        }
        self.cluster.kubectl("apply", "-f", "-", input=json.dumps(made))

    def drop(self, *names: str) -> None:
        kind = "network-attachment-definitions"
        self.cluster.kubectl("delete", kind, *names, "--ignore-not-found")

    def command(self, file: Path, *options: str, name: str = "verify") -> list[str]:
        start = "from multinet.cli import main; main()"
        config = ("--kubeconfig", str(self.cluster.kubeconfig))
        return [sys.executable, "-c", start, name, "-f", str(file), *config, *options]

    def verify(self, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        return self.call("verify", file, *options)

    def call(self, name: str, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """A command of multinet's on the rig's cluster."""
        return subprocess.run(
            self.command(file, *options, name=name),
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=400,  # a network that takes eth0 is tried twice, on a busy machine too
        )

    def document(self, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
        ran = self.verify(file, "--json", *options)
        assert ran.stdout, ran.stderr
        return ran.returncode, json.loads(ran.stdout)

    def pods_left(self) -> str:
        return self.cluster.kubectl("get", "pods", *OURS, "--no-headers", "--ignore-not-found")


def environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "components"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}


def wait_until(done: Callable[[], Any], seconds: float = 180.0) -> None:
    """Until it has come about; fails where it does not."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


@contextlib.contextmanager
def deployed(cluster: rig.Cluster, directory: Path) -> Iterator[Environment]:
    """The dev environment on the rig, by its rendered manifests; taken off again."""
    found = Environment(cluster, directory)
    out = found.directory / "out"
    manifests.render_environment(found.file, out)
    manifests.apply(out, cluster)
    try:
        yield found
    finally:
        for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
            cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def by_network(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in document["rows"]:
        rows.setdefault(row["network"], []).append(row)
    return rows


def codes(row: dict[str, Any], key: str = "findings") -> list[str]:
    return [finding["code"] for finding in row[key]]
