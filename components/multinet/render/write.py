"""Writes a plan to a directory: manifests, node scripts, outputs and a summary."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from multinet.render import charts
from multinet.render.nodes import write_node_scripts
from multinet.render.program import Plan, Planned
from multinet.render.summary import summary
from multinet.render.yaml import dump
from multinet.stack import Environment

_CHART = "kubernetes:helm.sh/v4:Chart"
_MARKER = ".multinet-render"
_UNSAFE = re.compile(r"[^a-z0-9.-]+")


@dataclasses.dataclass(frozen=True)
class Rendered:
    """What was written.

    Attributes:
        manifests: (file name, manifest) in the order in which they are to be applied.
        missing_charts: chart → why it could not be rendered.
        warnings: of the program, about what only it makes.
    """

    manifests: list[tuple[str, dict[str, Any]]]
    missing_charts: dict[str, str]
    warnings: list[str]


def write(plan: Plan, environment: Environment, directory: Path) -> Rendered:
    """Write the plan, replacing what an earlier render wrote there, all or nothing.

    Raises FileExistsError for a directory with contents that no render wrote.
    """
    if directory.exists() and any(directory.iterdir()) and not (directory / _MARKER).exists():
        raise FileExistsError(str(directory))
    manifests, missing = manifests_of(plan)
    rendered = Rendered(_named(manifests), missing, _told(plan, environment))
    directory.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f".{directory.name}-"))
    try:
        scratch.chmod(0o755)
        _write_all(rendered, plan, environment, scratch)
        if directory.exists():
            shutil.rmtree(directory)
        scratch.rename(directory)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return rendered


def _told(plan: Plan, environment: Environment) -> list[str]:
    """What the program warned of and reading its stack file did not."""
    known = {str(dataclasses.replace(f, line=None)) for f in environment.findings}
    return [text for text in plan.warnings if text not in known]


def _write_all(rendered: Rendered, plan: Plan, environment: Environment, to: Path) -> None:
    (to / "manifests").mkdir()
    for name, manifest in rendered.manifests:
        (to / "manifests" / name).write_text(dump(manifest), encoding="utf-8")
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [name for name, _ in rendered.manifests],
        # The order of the files is the order of dependencies; kustomize's own would lose it.
        "sortOptions": {"order": "fifo"},
    }
    write_node_scripts(plan.resources, environment.require(), to)
    (to / "manifests" / "kustomization.yaml").write_text(dump(kustomization), encoding="utf-8")
    outputs = json.dumps(plan.outputs, indent=2, sort_keys=True, ensure_ascii=False)
    (to / "outputs.json").write_text(outputs + "\n", encoding="utf-8")
    text = summary(environment, rendered.manifests, rendered.missing_charts, rendered.warnings)
    (to / "summary.md").write_text(text, encoding="utf-8")
    (to / _MARKER).write_text("This directory is replaced by the next render.\n", encoding="utf-8")


def manifests_of(plan: Plan) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Every manifest of a plan in dependency order, and chart → why it could not be rendered."""
    manifests: list[dict[str, Any]] = []
    missing: dict[str, str] = {}
    for resource in plan.resources:
        if resource.type == _CHART:
            try:
                manifests.extend(charts.render(resource.inputs))
            except charts.ChartUnavailable as reason:
                missing[_chart_name(resource)] = str(reason)
        elif resource.type.startswith("kubernetes:"):
            manifests.append(_applicable(resource.inputs))
    return manifests, missing


def _chart_name(resource: Planned) -> str:
    name, version = resource.inputs.get("name", resource.name), resource.inputs.get("version", "")
    return f"{name} {version}".strip()


def _applicable(inputs: dict[str, Any]) -> dict[str, Any]:
    """A resource's inputs as kubectl takes them: without the engine's own annotations."""
    metadata = dict(inputs.get("metadata", {}))
    annotations = metadata.pop("annotations", {})
    kept = {k: v for k, v in annotations.items() if not k.startswith("pulumi.com/")}
    if kept:
        metadata["annotations"] = kept
    return {**inputs, "metadata": metadata}


def _named(manifests: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    width = max(2, len(str(len(manifests))))
    names: Iterator[str] = (
        f"{i:0{width}d}-{_safe(m['kind'])}-{_safe(m['metadata']['name'])}.yaml"
        for i, m in enumerate(manifests, start=1)
    )
    return list(zip(names, manifests, strict=True))


def _safe(name: str) -> str:
    """A part of a file name: what is not a plain character becomes a dash."""
    return _UNSAFE.sub("-", name.lower()).strip(".-")[:100]
