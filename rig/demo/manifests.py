"""Deploys what was rendered by its own script, for machines without an engine."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any, Protocol

from multinet import render
from multinet.names import PROJECT
from multinet.stack import load, stackfile
from rig.demo.environment import PROJECT_DIR, STACK
from rig.errors import CommandError, NotReadyError

_SECONDS = 1200.0


class Reached(Protocol):
    """A cluster that kubectl reaches: command and environment that run it."""

    def kubectl_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]: ...


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
    plan = render.run(PROJECT_DIR / "__main__.py", PROJECT, STACK, config)
    return render.write(plan, environment, to)


def apply(directory: Path, cluster: Reached) -> list[str]:
    """Run a rendered directory's apply.sh; returns the lines that it printed.

    Raises CommandError.
    """
    (kubectl,), environment = cluster.kubectl_command()
    # A throwaway cluster is ours alone, whoever applied before: the engine, or kubectl.
    argv = ["sh", str(directory / "apply.sh"), "--force-conflicts"]
    ran = subprocess.run(
        argv,
        env={**environment, "KUBECTL": kubectl},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if ran.returncode:
        raise CommandError(argv, ran.returncode, ran.stdout, ran.stderr)
    return ran.stdout.splitlines()


def network_status(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """What Multus wrote on a pod about its interfaces; empty when it wrote nothing."""
    annotations = pod["metadata"].get("annotations", {})
    status = json.loads(annotations.get("k8s.v1.cni.cncf.io/network-status", "[]"))
    assert isinstance(status, list)
    return status
