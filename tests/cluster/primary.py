"""What the tests of primary CNIs share: environments on the charts that a fresh machine can have."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import rig
from multinet import render, versions
from multinet.names import PROJECT

PARTS = ("helm", "cilium", "tigera-operator")
CHARTS = {"calico": "tigera-operator", "cilium": "cilium"}
VERSIONS = {"calico": "v3.28.5", "cilium": versions.CILIUM}
"""What the charts inside the pinned Go modules are."""


def environment(plugin: str, **primary: Any) -> dict[str, Any]:
    """Configuration with that plugin, by the chart of the rig, and nothing else."""
    chart = rig.parts.ensure(*PARTS).chart(CHARTS[plugin])
    given = {"plugin": plugin, "version": VERSIONS[plugin], "chart": {"path": str(chart)}}
    return {"primaryCni": {**given, **primary}, "multus": {"enabled": False}, "networks": {}}


def plan(project: Path, config: dict[str, Any]) -> render.Plan:
    return render.run(project / "__main__.py", PROJECT, "test", config)


def manifests(project: Path, config: dict[str, Any]) -> list[dict[str, Any]]:
    found, missing = render.manifests_of(plan(project, config))
    assert missing == {}, missing
    return found


def helm_template(plugin: str, namespace: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What helm itself makes of the chart and these values."""
    parts = rig.parts.ensure(*PARTS)
    command = [parts.binary("helm"), "template", CHARTS[plugin], parts.chart(CHARTS[plugin])]
    command += ["--namespace", namespace, "--include-crds", "--no-hooks"]
    command += ["--kube-version", versions.KUBERNETES, "--values", "-"]
    text = YAML(typ="safe", pure=True)
    out = io.StringIO()
    text.dump(values, out)
    ran = subprocess.run(
        [str(c) for c in command], input=out.getvalue(), capture_output=True, text=True, check=True
    )
    return [o for o in YAML(typ="safe").load_all(ran.stdout) if o]


def key(manifest: dict[str, Any]) -> tuple[str, str, str]:
    """What tells two objects of a chart apart."""
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]
