"""Policies that hold for nobody, as `multinet status` tells of them."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings.model import check
from multinet.names import NETWORKS
from multinet.policies.peers import PolicySelector
from multinet.stack.load import check_config
from multinet.status.policies import policy_findings, selects

STACK = {
    "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
    "addons": {"networkPolicy": True},
    "networks": {"lan": {"config": {"cniVersion": "1.0.0", "type": "bridge"}}},
    "policies": {
        "web": {
            "networks": ["lan"],
            "namespace": "apps",
            "podSelector": {"matchLabels": {"app": "web"}},
        }
    },
}


def pod(labels: dict[str, str], networks: str = "default/lan", namespace: str = "apps") -> Any:
    metadata = {"name": "p", "namespace": namespace, "labels": labels}
    return {
        "metadata": metadata | {"annotations": {NETWORKS: networks}},
        "status": {"phase": "Running"},
    }


WEB = {"app": "web"}


@pytest.mark.parametrize(
    ("pods", "told"),
    [
        ([], True),
        ([pod({"app": "db"})], True),
        ([pod(WEB, networks="")], True),
        ([pod(WEB, networks="lan")], True),
        ([pod(WEB, namespace="default")], True),
        ([pod(WEB) | {"status": {"phase": "Succeeded"}}], True),
        ([pod({"app": "db"}), pod(WEB)], False),
    ],
)
def test_one_that_selects_no_pod_on_its_networks_is_told(pods: list[Any], told: bool) -> None:
    settings, findings = check_config(STACK)
    assert settings is not None, findings
    found = list(policy_findings(settings, pods))
    assert [f.code for f in found] == ["live-policy-selects-nobody"] * told
    if told:
        assert found[0].where == "multinet:policies.web.podSelector"
        assert "namespace apps that is on network lan" in found[0].rule


@pytest.mark.parametrize(
    ("operator", "values", "labels", "selected"),
    [
        ("In", ["a", "b"], {"k": "b"}, True),
        ("In", ["a"], {}, False),
        ("NotIn", ["a"], {}, True),
        ("NotIn", ["a"], {"k": "a"}, False),
        ("Exists", [], {"k": ""}, True),
        ("Exists", [], {}, False),
        ("DoesNotExist", [], {}, True),
        ("DoesNotExist", [], {"k": ""}, False),
    ],
)
def test_conditions_are_kubernetes_own(
    operator: str, values: list[str], labels: dict[str, str], selected: bool
) -> None:
    one = {"key": "k", "operator": operator, **({"values": values} if values else {})}
    selector, _ = check(PolicySelector, {"matchExpressions": [one]})
    assert selector is not None
    assert selects(selector, labels) is selected
