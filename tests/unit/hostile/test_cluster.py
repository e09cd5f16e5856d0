"""Whoever may write a pod or holds a node may not stop those who look at the cluster."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.names import NETWORK_STATUS, NETWORKS
from multinet.nodes.script import PLAN_ENDS
from multinet.preflight import report
from multinet.verify.seen import looks, network_status
from multinet.verify.stale import asked_networks
from tests.unit.cni.arbitrary import JSON
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.checked import check_findings
from tests.unit.hostile.words import HOSTILE, WORDS

_KEYS = ("name", "namespace", "interface", "ips", "mac", "default", "dns", "x")
_ENTRIES = st.lists(
    st.dictionaries(st.sampled_from(_KEYS), HOSTILE, max_size=5) | HOSTILE, max_size=4
)
_PROBLEMS = st.lists(
    st.fixed_dictionaries(
        {"code": st.just("node-link-missing") | HOSTILE},
        optional=dict.fromkeys(("subject", "rule", "wayOut", "severity"), HOSTILE),
    ),
    max_size=3,
)
_DEEP = ["[" * 100_000, '{"a":' * 100_000, "[" * 5000 + "]" * 5000, "9" * 5000, "[1e400]", "[NaN]"]
_TEXTS = st.text(max_size=80) | st.sampled_from(_DEEP) | (_ENTRIES | JSON).map(json.dumps)


def pod(annotation: str, text: str) -> dict[str, Any]:
    return {"metadata": {"namespace": "default", "annotations": {annotation: text}}}


@cases(200)
@given(_TEXTS)
def test_annotations_of_pods_that_others_wrote(text: str) -> None:
    count("annotations: of pods that others wrote")
    for reference in asked_networks(pod(NETWORKS, text)):
        assert isinstance(reference, str)
    for status in network_status(pod(NETWORK_STATUS, text)) or ():
        assert isinstance(status.interface, str)


@pytest.mark.parametrize("text", _DEEP, ids=[f"{len(t)} of {t[:5]}" for t in _DEEP])
def test_an_annotation_that_would_take_the_stack(text: str) -> None:
    count("annotations: of pods that others wrote")
    assert network_status(pod(NETWORK_STATUS, text)) == []
    asked_networks(pod(NETWORKS, text))


@cases(200)
@given(
    _TEXTS
    | st.builds(lambda problems: json.dumps({"problems": problems}), JSON | _ENTRIES | _PROBLEMS),
    st.lists(st.builds("would {}".format, HOSTILE) | HOSTILE.map(str), max_size=4),
    st.sampled_from(["0", "1", "-"]),
    st.sampled_from(["0", "7", "-", "9" * 5000, "٣"]),
)
def test_what_a_node_answers(text: str, plan: list[str], status: str, mends: str) -> None:
    count("nodes: answers")
    end = f"{PLAN_ENDS} {status} declared {mends}"
    for said in (text, "\n".join([text, *plan]), "\n".join([text, *plan, end])):
        found = report.of("n1", said, "declared")
        check_findings(found.findings)
        assert 0 <= found.mends < 10**9


@cases(100)
@given(st.lists(st.sampled_from(["\n---\n", "1: lo: <UP> mtu 9 ", "\n", *WORDS])).map("".join))
def test_what_a_pods_shell_prints(text: str) -> None:
    count("pods: what a shell prints")
    looks(text)
