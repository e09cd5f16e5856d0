"""Renders a chart as the engine's provider would: with helm, from a path, cache or repository."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from multinet import versions

_TIMEOUT_SECONDS = 120


@dataclasses.dataclass(frozen=True)
class ChartSource:
    """What a Chart resource says about where its chart is."""

    name: str
    reference: str
    version: str
    repository: str


class ChartUnavailable(Exception):
    """The chart, or helm itself, cannot be had here; the message says which and why."""


def cache_dir() -> Path:
    """Where downloaded charts are kept between runs: `$MULTINET_CACHE/charts`."""
    base = os.environ.get("MULTINET_CACHE")
    if base:
        return Path(base) / "charts"
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "multinet" / "charts"


def render(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The objects that a `kubernetes:helm.sh/v4:Chart` with these inputs stands for.

    CRDs first, then in Helm's installation order. Raises ChartUnavailable.
    """
    source = ChartSource(
        name=chart.get("name", chart["chart"]),
        reference=chart["chart"],
        version=chart.get("version", ""),
        repository=chart.get("repositoryOpts", {}).get("repo", ""),
    )
    helm = os.environ.get("MULTINET_HELM") or shutil.which("helm")
    if not helm:
        raise ChartUnavailable("helm is not on PATH (MULTINET_HELM can name it)")
    command = [helm, "template", source.name, str(_fetch(helm, source))]
    command += ["--namespace", chart.get("namespace", "default"), "--include-crds", "--no-hooks"]
    command += ["--kube-version", versions.KUBERNETES, "--values", "-"]
    rendered = _run(command, json.dumps(chart.get("values", {})))
    namespace = chart.get("namespace", "default")
    return [_in_namespace(o, namespace) for o in YAML(typ="safe").load_all(rendered) if o]


def _fetch(helm: str, source: ChartSource) -> Path:
    """The chart on disk: its own path, one downloaded before, or downloaded now."""
    local = Path(source.reference)
    if not source.repository and not source.reference.startswith("oci://"):
        if local.exists():
            return local
        raise ChartUnavailable(f"chart path {source.reference} does not exist")
    for name in (f"{source.name}-{source.version}", f"{source.name}-{source.version}.tgz"):
        if (cache_dir() / name).exists():
            return cache_dir() / name
    cache_dir().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_dir()) as scratch:
        command = [helm, "pull", source.reference, "--destination", scratch]
        command += ["--version", source.version] if source.version else []
        command += ["--repo", source.repository] if source.repository else []
        _run(command)
        (archive,) = Path(scratch).glob("*.tgz")
        return archive.rename(cache_dir() / f"{source.name}-{source.version}.tgz")


def _run(command: list[str], stdin: str = "") -> str:
    with tempfile.TemporaryDirectory() as home:
        # A home of its own: the user's repositories and plugins must not change the result.
        env = os.environ | {f"HELM_{k}_HOME": f"{home}/{k}" for k in ("CACHE", "CONFIG", "DATA")}
        try:
            done = subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_SECONDS,
                check=False,
                env=env,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ChartUnavailable(f"helm did not run: {error}") from None
    if done.returncode:
        raise ChartUnavailable(f"helm {command[1]} failed: {' '.join(done.stderr.split())[:500]}")
    return done.stdout


def _in_namespace(manifest: dict[str, Any], namespace: str) -> dict[str, Any]:
    """Namespaced objects that name no namespace go to the release's, as with `helm install`."""
    metadata = manifest.setdefault("metadata", {})
    if "namespace" not in metadata and manifest.get("kind") in _NAMESPACED:
        metadata["namespace"] = namespace
    return manifest


_NAMESPACED = frozenset(
    (
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "Job",
        "PodDisruptionBudget",
        "Role",
        "RoleBinding",
        "Secret",
        "Service",
        "ServiceAccount",
        "StatefulSet",
    )
)
