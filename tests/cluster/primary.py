"""What the tests of primary CNIs share: environments on the charts that a fresh machine can have."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from multinet import render, versions
from multinet.names import PROJECT

PARTS = ("helm", "cilium", "tigera-operator")
CHARTS = {"calico": "tigera-operator", "cilium": "cilium"}
VERSIONS = {"calico": "v3.28.5", "cilium": versions.CILIUM}
"""What the charts inside the pinned Go modules are."""
CILIUM_LINES = ("1.18", "1.19")
"""Of which a module is pinned beside that of the version that is installed."""
RELEASED = "MULTINET_CHARTS"
"""Environment: a directory with the charts that no Go module has, `<name>-<version>.tgz`."""
CALICO_LINES = {"3.31": versions.CALICO, "3.32": "v3.32.1"}
"""Only among those."""


def environment(plugin: str, line: str = "", **primary: Any) -> dict[str, Any]:
    """Configuration with that plugin, by a chart that is at hand, and nothing else.

    `line`: another one than the rig's. Skips the test where its chart is not at hand.
    """
    given = {"plugin": plugin, **source(plugin, line)}
    return {"primaryCni": {**given, **primary}, "multus": {"enabled": False}, "networks": {}}


def source(plugin: str, line: str = "") -> dict[str, Any]:
    """Version of a line, and where its chart is."""
    if not line or plugin == "cilium":
        part = f"cilium-{line}" if line else CHARTS[plugin]
        version = rig.parts.version_of(part).removeprefix("v") if line else VERSIONS[plugin]
        return {"version": version, "chart": {"path": str(rig.parts.ensure(part).chart(part))}}
    version = CALICO_LINES[line]
    chart = {"path": str(_released(CHARTS[plugin], version))}
    if line != "3.31":
        chart["crdsPath"] = str(_released(versions.CALICO_CRDS_CHART.name, version))
    return {"version": version, "chart": chart}


def _released(name: str, version: str) -> Path:
    file = f"{name}-{version}.tgz"
    path = Path(os.environ.get(RELEASED) or "/nonexistent", file)
    if not path.is_file():
        pytest.skip(f"{file} is not in ${RELEASED}: no Go module has it")
    return path


def plan(project: Path, config: dict[str, Any]) -> render.Plan:
    return render.run(project / "__main__.py", PROJECT, "test", config)


def manifests(project: Path, config: dict[str, Any]) -> list[dict[str, Any]]:
    found, missing = render.manifests_of(plan(project, config))
    assert missing == {}, missing
    return found


def helm_template(
    config: dict[str, Any], namespace: str, values: dict[str, Any]
) -> list[dict[str, Any]]:
    """What helm itself makes of the charts of a configuration and these values."""
    given = config["primaryCni"]
    found = _template(CHARTS[given["plugin"]], given["chart"]["path"], namespace, values)
    if crds := given["chart"].get("crdsPath"):
        found += _template(versions.CALICO_CRDS_CHART.name, crds, namespace, {})
    return found


def _template(
    release: str, chart: str, namespace: str, values: dict[str, Any]
) -> list[dict[str, Any]]:
    command = [str(rig.parts.ensure("helm").binary("helm")), "template", release, chart]
    command += ["--namespace", namespace, "--include-crds", "--no-hooks"]
    command += ["--kube-version", versions.KUBERNETES, "--values", "-"]
    text = YAML(typ="safe", pure=True)
    out = io.StringIO()
    text.dump(values, out)
    ran = subprocess.run(command, input=out.getvalue(), capture_output=True, text=True, check=True)
    return [o for o in YAML(typ="safe").load_all(ran.stdout) if o]


def key(manifest: dict[str, Any]) -> tuple[str, str, str]:
    """What tells two objects of a chart apart."""
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]
