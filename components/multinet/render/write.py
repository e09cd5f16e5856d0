"""Writes a plan to a directory: manifests, node scripts, outputs and a summary."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from multinet.render.apply import script
from multinet.render.declared import declared
from multinet.render.nodes import write_node_scripts
from multinet.render.program import Plan
from multinet.render.steps import Step, steps_of
from multinet.render.summary import summary
from multinet.render.yaml import dump
from multinet.stack import Environment

_MARKER = ".multinet-render"
_UNSAFE = re.compile(r"[^a-z0-9.-]+")


@dataclasses.dataclass(frozen=True)
class Rendered:
    """What was written.

    Attributes:
        steps: (file name, step) in the order in which they are to be done; what apply.sh does.
        missing_charts: chart → why it could not be rendered.
        warnings: of the program, about what only it makes.
    """

    steps: list[tuple[str, Step]]
    missing_charts: dict[str, str]
    warnings: list[str]

    @property
    def manifests(self) -> list[tuple[str, dict[str, Any]]]:
        """(file name, manifest) of what is applied, in order: all but the patches."""
        return [(name, step.manifest) for name, step in self.steps if not step.patch]

    @property
    def patches(self) -> list[tuple[str, dict[str, Any]]]:
        """(file name, object and what is set on it) of what others made and keep."""
        return [(name, step.manifest) for name, step in self.steps if step.patch]


def write(plan: Plan, environment: Environment, directory: Path) -> Rendered:
    """Write the plan, replacing what an earlier render wrote there, all or nothing.

    Raises FileExistsError for a directory with contents that no render wrote.
    """
    if directory.exists() and any(directory.iterdir()) and not (directory / _MARKER).exists():
        raise FileExistsError(str(directory))
    steps, missing = steps_of(plan)
    rendered = Rendered(_named(steps), missing, _told(plan, environment))
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
    for name, manifest in rendered.patches:
        # Not among the manifests: applied as one, a patch would be all that its owner wants.
        (to / "patches").mkdir(exist_ok=True)
        (to / "patches" / name).write_text(dump(_set(manifest)), encoding="utf-8")
    (to / "apply.sh").write_text(script(rendered.steps), encoding="utf-8")
    (to / "apply.sh").chmod(0o755)
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
    text = summary(
        environment,
        rendered.steps,
        rendered.missing_charts,
        declared(environment.require(), plan),
        rendered.warnings,
    )
    (to / "summary.md").write_text(text, encoding="utf-8")
    (to / _MARKER).write_text("This directory is replaced by the next render.\n", encoding="utf-8")


def _set(manifest: dict[str, Any]) -> dict[str, Any]:
    """What a patch sets: the object's own name says only where."""
    return {k: v for k, v in manifest.items() if k not in ("apiVersion", "kind", "metadata")}


def _named(steps: list[Step]) -> list[tuple[str, Step]]:
    width = max(2, len(str(len(steps))))
    return [(_name(f"{i:0{width}d}", step), step) for i, step in enumerate(steps, start=1)]


def _name(number: str, step: Step) -> str:
    manifest = step.manifest
    ending = ".patch.yaml" if step.patch else ".yaml"
    return f"{number}-{_safe(manifest['kind'])}-{_safe(manifest['metadata']['name'])}{ending}"


def _safe(name: str) -> str:
    """A part of a file name: what is not a plain character becomes a dash."""
    return _UNSAFE.sub("-", name.lower()).strip(".-")[:100]
