"""What has to hold whatever was read: a verdict with reasons, and nothing that harms a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from multinet.findings import Finding, errors
from multinet.multus import objects
from multinet.networks import nad
from multinet.nodes import script
from multinet.render.yaml import dump
from multinet.settings.types import reveal
from multinet.stack import StackSettings
from multinet.stack.needs import node_needs

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def is_clean(text: str) -> bool:
    """Whether a terminal shows the text as it is, and any file takes it."""
    text.encode()
    return _CONTROL.search(text) is None


def check_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        assert is_clean(str(finding)), finding.code
        assert finding.rule
        assert len(str(finding)) < 8000, f"{finding.code} fills the screen"
        document = json.dumps(finding.as_dict(), ensure_ascii=False)
        assert is_clean(document.replace("\\n", "")), finding.code


def check_verdict(settings: StackSettings | None, findings: list[Finding]) -> None:
    """Refused exactly if there is an error; what is valid can be made into everything we write."""
    assert (settings is None) == bool(errors(findings))
    check_findings(findings)
    if settings is not None:
        for text in written(settings):
            text.encode()


def written(settings: StackSettings) -> Iterable[str]:
    """Everything that is computed of settings and ends up in a file, on a node or in a cluster."""
    for name, network in settings.networks.items():
        yield dump(nad.manifest(name, network))
    multus, conf_file = settings.multus, settings.primary_cni.effective_conf_file
    made: list[dict[str, Any] | None] = [
        objects.namespace(multus),
        objects.service_account(multus),
        objects.cluster_role(multus),
        objects.cluster_role_binding(multus),
        objects.config_map(multus, conf_file),
        objects.daemon_set(multus, conf_file),
    ]
    yield from (dump(manifest) for manifest in made if manifest is not None)
    for name, node in settings.nodes.items():
        needs = node_needs(name, node, settings)
        yield script.preflight(name, node, needs)
        yield script.apply(name, node, needs, "multinet/hostile")
    primary = settings.primary_cni.model_dump(mode="json", by_alias=True)
    yield json.dumps(primary, allow_nan=False, ensure_ascii=False)
    yield from filter(None, (reveal(settings.kubeconfig), settings.context))
