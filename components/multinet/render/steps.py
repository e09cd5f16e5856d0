"""What is done to a cluster, step by step: objects that are applied, and patches of others' objects."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from multinet.render import charts
from multinet.render.program import Plan, Planned

Manifest = dict[str, Any]

_CHART = "kubernetes:helm.sh/v4:Chart"
_PATCH = re.compile(r"kubernetes:.*Patch")
_CRD = "CustomResourceDefinition"
_WORKLOADS = frozenset(("DaemonSet", "Deployment", "StatefulSet"))
_SKIP, _WAIT_FOR = "pulumi.com/skipAwait", "pulumi.com/waitFor"


@dataclasses.dataclass(frozen=True)
class Step:
    """One object.

    Attributes:
        manifest: as kubectl takes it, without the engine's own annotations. Of a patch: what is
            set, and nothing else.
        patch: whether it is set on an object that others made and keep.
        waits: what `up` waits for after it: `Established`, `rollout`, `condition=…`, or nothing.
    """

    manifest: Manifest
    patch: bool = False
    waits: str = ""


def steps_of(plan: Plan) -> tuple[list[Step], dict[str, str]]:
    """The steps in dependency order, and chart → why it could not be rendered."""
    steps: list[Step] = []
    missing: dict[str, str] = {}
    for resource in plan.resources:
        if resource.type == _CHART:
            try:
                steps += _of_chart(resource.inputs)
            except charts.ChartUnavailable as reason:
                missing[_chart_name(resource)] = str(reason)
        elif resource.type.startswith("kubernetes:"):
            steps.append(_of_object(resource))
    return steps, missing


def manifests_of(plan: Plan) -> tuple[list[Manifest], dict[str, str]]:
    """Every manifest of a plan in dependency order, and chart → why it could not be rendered."""
    steps, missing = steps_of(plan)
    return [step.manifest for step in steps], missing


def _of_chart(inputs: dict[str, Any]) -> Iterable[Step]:
    waited = inputs.get("skipAwait") is not True
    for manifest in charts.render(inputs):
        yield Step(manifest, waits=_waits(manifest, {}) if waited else "")


def _of_object(resource: Planned) -> Step:
    metadata = dict(resource.inputs.get("metadata", {}))
    annotations = metadata.pop("annotations", {})
    kept = {k: v for k, v in annotations.items() if not k.startswith("pulumi.com/")}
    if kept:
        metadata["annotations"] = kept
    manifest = {**resource.inputs, "metadata": metadata}
    # A CRD is a patch to the engine, since others may have brought it; it may also not be there.
    patch = bool(_PATCH.fullmatch(resource.type)) and manifest["kind"] != _CRD
    return Step(manifest, patch, _waits(manifest, annotations, patch))


def _waits(manifest: Mapping[str, Any], annotations: Mapping[str, str], patch: bool = False) -> str:
    if manifest["kind"] == _CRD:
        return "Established"
    if _SKIP in annotations and patch:
        return ""
    if manifest["kind"] in _WORKLOADS:
        # Whatever its annotations say: for Multus the engine waits in a way of its own.
        return "rollout"
    return annotations.get(_WAIT_FOR, "")


def _chart_name(resource: Planned) -> str:
    name, version = resource.inputs.get("name", resource.name), resource.inputs.get("version", "")
    return f"{name} {version}".strip()
