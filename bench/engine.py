"""`pulumi up` of many networks, first, unchanged and with one changed, beside a bare program.

Both create the same NetworkAttachmentDefinitions on a real API server by the real engine; the CRD
is there. The bare program makes them from plain dictionaries, without components, types or checks.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import Report
from bench.scale import environment
from multinet.multus.objects import custom_resource_definition
from rig import ControlPlane
from rig.demo import engine
from rig.demo.environment import STACK
from rig.progress import Progress

SIZES = (10, 100, 1_000)
STEPS = ("first", "unchanged", "one changed")
PROGRAMS = ("multinet", "bare")

Figures = dict[str, dict[str, dict[str, float]]]
"""Networks → program → step → seconds."""

_BARE = """\
import json, pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResource

opts = pulumi.ResourceOptions(provider=Provider("cluster"))
for name, network in json.loads(pulumi.Config("multinet").require("networks")).items():
    CustomResource(
        name, api_version="k8s.cni.cncf.io/v1", kind="NetworkAttachmentDefinition",
        metadata={"name": name, "namespace": "default"},
        spec={"config": json.dumps(network["config"])},
        opts=opts,
    )
"""


def measure(_rounds: int, progress: Progress) -> Figures:
    """Both programs by turns, for each size, on a bare API server."""
    seconds: Figures = {}
    api_server = ControlPlane("bench-api")
    try:
        api_server.up(progress=progress)
        crd = json.dumps(custom_resource_definition())
        api_server.kubectl("apply", "-f", "-", input=crd)
        for size in SIZES:
            with progress.step(f"engine: {size} networks"):
                seconds[str(size)] = {p: _measured(p, size, api_server) for p in PROGRAMS}
    finally:
        api_server.down()
    return seconds


def _measured(program: str, size: int, api_server: ControlPlane) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        project = engine.workspace(Path(scratch))
        if program == "bare":
            (project / "__main__.py").unlink()
            (project / "__main__.py").write_text(_BARE)
        config = environment(size) | {"multus": {"enabled": False}}
        _configure(project, config)
        stack = engine.stack(project, api_server.kubeconfig)
        try:
            seconds = {"first": _up(stack), "unchanged": _up(stack)}
            config["networks"]["net-0"]["config"]["mtu"] = 1400
            _configure(project, config)
            seconds["one changed"] = _up(stack)
        finally:
            stack.destroy(suppress_progress=True)
    return seconds


def _configure(project: Path, config: dict[str, Any]) -> None:
    """The stack file, with the salt that the engine wrote into it."""
    file = project / f"Pulumi.{STACK}.yaml"
    salt = [x for x in _lines(file) if x.startswith("encryptionsalt")]
    document = {"config": {f"multinet:{key}": value for key, value in config.items()}}
    file.write_text("\n".join([*salt, *_as_yaml(document)]) + "\n")


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _as_yaml(document: dict[str, Any]) -> list[str]:
    """JSON is YAML, one top-level key to a line."""
    return [f"{key}: {json.dumps(value)}" for key, value in document.items()]


def _up(stack: Any) -> float:
    started = time.monotonic()
    engine.up(stack, lambda _line: None)
    return time.monotonic() - started


def report(seconds: Figures) -> Report:
    """Seconds of each step by each program, and their ratio."""
    rows = []
    for size, programs in seconds.items():
        for step in STEPS:
            ours, bare = programs["multinet"][step], programs["bare"][step]
            rows.append([size, step, f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.2f}"])

    def draw(axes: Any) -> None:
        for program in PROGRAMS:
            for step in STEPS:
                line = "-" if program == "multinet" else "--"
                figures = [seconds[str(size)][program][step] for size in SIZES]
                axes.loglog(SIZES, figures, f"o{line}", label=f"{program}, {step}")
        axes.set_xlabel("networks")
        axes.set_ylabel("seconds of pulumi up")
        axes.legend()

    columns = ["networks", "up", "multinet s", "bare s", "multinet / bare"]
    notes = [
        "multinet registers a component and a NAD for each network, and asks whose NADs are there."
    ]
    return Report("engine", "pulumi up of many networks", columns, rows, notes, draw)
