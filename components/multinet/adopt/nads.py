"""From NetworkAttachmentDefinitions to networks of the settings, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.findings import Finding, errors, format_path
from multinet.findings.finding import show
from multinet.findings.model import check
from multinet.live import Object
from multinet.names import OWNER, PER_NODE, RESOURCE_NAME
from multinet.networks.settings import NetworkSettings
from multinet.untrusted import plain_json

_BY_TOOLS = (
    "kubectl.kubernetes.io/",
    "pulumi.com/",
    "multinet.dev/",
    "meta.helm.sh/",
)
"""Annotations that tools write for themselves."""
_PART_OF = "app.kubernetes.io/part-of"


class NotAdoptable(Exception):
    """A NAD that stays outside the environment; its text says why.

    Attributes:
        refused: whether multinet would refuse it, rather than leave it to its manager.
    """

    def __init__(self, reason: str, *, refused: bool) -> None:
        super().__init__(reason)
        self.refused = refused


def network(nad: Object, owner: str) -> dict[str, Any]:
    """The NAD as an entry of `multinet:networks`. Raises NotAdoptable.

    `owner`: the stack that adopts, `project/stack`: what it marked already is its own.
    """
    metadata = nad["metadata"]
    manager = _manager(metadata, owner)
    if manager:
        raise NotAdoptable(f"is managed by {manager}, which would write it back", refused=False)
    # As Multus compares: an empty text is a configuration of the nodes, blanks are a broken one.
    text = (nad.get("spec") or {}).get("config") or ""
    config, unreadable = plain_json.read(text) if text else (None, [])
    if text and (config is None or unreadable):
        raise NotAdoptable(_said(unreadable), refused=True)
    declared = _declared(metadata, config)
    _, found = check(NetworkSettings, declared)
    if errors(found):
        raise NotAdoptable(_said(errors(found)), refused=True)
    return declared


def _declared(metadata: Mapping[str, Any], config: Mapping[str, Any] | None) -> dict[str, Any]:
    annotations = {
        key: value
        for key, value in (metadata.get("annotations") or {}).items()
        if not key.startswith(_BY_TOOLS)
    }
    labels = dict(metadata.get("labels") or {})
    if labels.get(_PART_OF) == "multinet":
        del labels[_PART_OF]  # every network of multinet's has it
    declared: dict[str, Any] = {"namespace": metadata["namespace"]}
    if resource := annotations.pop(RESOURCE_NAME, ""):
        declared["resourceName"] = resource
    if labels:
        declared["labels"] = labels
    if annotations:
        declared["annotations"] = annotations
    return declared | (_of_the_nodes(metadata) if config is None else {"config": config})


def _of_the_nodes(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What each node has is made of, where multinet made it; else others lay it out."""
    text = (metadata.get("annotations") or {}).get(PER_NODE, "")
    made, unreadable = plain_json.read(text) if text else (None, [])
    if made is None or unreadable or not made.keys() <= {"config", "perNode"}:
        return {"perNode": "provided"}
    return dict(made)


def _manager(metadata: Mapping[str, Any], owner: str) -> str:
    """Who writes this object again and again; empty: nobody that shows."""
    annotations, labels = metadata.get("annotations") or {}, metadata.get("labels") or {}
    for reference in metadata.get("ownerReferences") or ():
        return f"{reference.get('kind')} {reference.get('name')}"
    if release := annotations.get("meta.helm.sh/release-name"):
        return f"Helm's release {release}"
    if "argocd.argoproj.io/tracking-id" in annotations:
        return "Argo CD"
    if flux := labels.get("kustomize.toolkit.fluxcd.io/name"):
        return f"Flux's Kustomization {flux}"
    other = annotations.get(OWNER, owner)
    return "" if other == owner else f"multinet's stack {other}"


def _said(findings: list[Finding]) -> str:
    """Findings on one line: path, value and rule of each."""
    return "; ".join(dict.fromkeys(told(finding) for finding in findings))


def told(finding: Finding) -> str:
    """A finding in a few words; its path starts where the NAD's own content does."""
    at = format_path(finding.path)
    value = "" if finding.value is None else f" {show(finding.value)}"
    return f"{at}{value}: {finding.rule}" if at else finding.rule
