"""Real messages of kubelet, Multus, plugins and scheduler lead to the right cause."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from multinet.verify.causes import (
    TRANSIENT,
    Facts,
    blames,
    causes,
    core,
    silent_causes,
    unreached_causes,
)

PROVOKED = json.loads((Path(__file__).parent / "messages.json").read_text())
"""Events of pods on a node with the reference plugins v1.9.1 and Multus v4.3.0: thick, or thin
where the name says so."""

THIN = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for"
    ' sandbox "0f95": plugin type="multus" name="multus-cni-network" failed (add):'
    " [default/p/386a0480-488d-49b4-bbb3-7eb1dac5c73a:blue]: error adding container to network"
    ' "blue": failed to find plugin "ovs" in path [/opt/cni/bin /opt/cni/bin]'
)

FROM_SOURCES = [
    # macvlan.go, createMacvlan
    ('error adding container to network "a": failed to lookup master "ens9": Link not found',
     "live-parent-missing"),
    # network-attachment-definition-client v1.7.7, pkg/utils/cniconfig.go
    ("GetCNIConfig: err in GetCNIConfigFromFile: no network available in the name lan in cni dir"
     " /etc/cni/multus/net.d", "live-configuration-missing"),
    ("err in GetCNIConfigFromFile: No networks found in /etc/cni/multus/net.d",
     "live-configuration-missing"),
    # whereabouts pkg/allocate: AssignmentError
    ("Could not allocate IP in range: ip: 10.0.0.1 / - 10.0.0.2 / range: 10.0.0.0/30 /"
     " excludeRanges: []", "live-range-exhausted"),
    ("whereabouts: error at storage engine: k8s get OverlappingRangeIPReservation error:"
     " context deadline exceeded", "live-whereabouts-books"),
    # multus pkg/k8sclient with an expired token: client-go's words
    ('Multus: [a/b/c]: error getting pod: Unauthorized', "live-token-expired"),
    ('pods "p" is forbidden: User "system:serviceaccount:kube-system:multus" cannot get resource'
     ' "pods" in API group "" in the namespace "default"', "live-multus-forbidden"),
    ("error waiting for pod: Get \"https://10.233.0.1:443/api/v1/namespaces/default/pods/p\":"
     " dial tcp 10.233.0.1:443: connect: connection refused", "live-api-unreachable"),
    ("Get \"https://10.233.0.1:443/api\": dial tcp 10.233.0.1:443: i/o timeout",
     "live-api-unreachable"),
    # multus pkg/server/api, the shim without a daemon
    ('CmdAdd (shim): failed to send CNI request: Post "http://dummy/cni": dial unix'
     " /run/multus/multus.sock: connect: connection refused", "live-daemon-down"),
    ("have you checked that your default network is ready? still waiting for"
     " readinessindicatorfile @ /etc/cni/net.d/10-calico.conflist. pollimmediate error: timed out",
     "live-primary-not-ready"),
    ('plugin type="calico" failed (add): error getting ClusterInformation: connection is'
     " unauthorized", "live-primary-not-ready"),
    ("ErrImagePull: failed to pull and unpack image", "live-image"),
    ('Back-off pulling image "docker.io/library/busybox:1.35.0"', "live-image"),
    ("0/3 nodes are available: 1 Too many pods, 2 node(s) didn't match Pod's node"
     " affinity/selector. preemption: 0/3 nodes", "live-unschedulable"),
    ('error calling DHCP.Allocate: no more tries', "live-dhcp-silent"),
]  # fmt: skip


@pytest.mark.parametrize("case", PROVOKED, ids=lambda case: case["provoked"])
def test_a_message_seen_on_a_node_leads_to_its_cause(case: dict[str, str]) -> None:
    (found,) = causes("net", [case["text"]], Facts(parent="ens9"))
    assert found.code == case["code"]
    assert found.way_out
    assert not re.search(r"[{}]|sandbox|StdinData", found.rule + found.way_out)


@pytest.mark.parametrize(("text", "code"), FROM_SOURCES)
def test_a_message_of_the_sources_leads_to_its_cause(text: str, code: str) -> None:
    assert [f.code for f in causes("net", [text], Facts())] == [code]


def test_the_cause_names_what_it_is_about() -> None:
    facts = Facts(parent="ens9")
    texts = {case["provoked"]: case["text"] for case in PROVOKED}
    assert "ens9" in causes("n", [texts["nomaster"]], facts)[0].rule
    assert "ovs" in causes("n", [texts["noplugin"]], facts)[0].rule
    assert "10.9.2.1-10.9.2.1" in causes("n", [texts["full"]], facts)[0].rule
    assert "intel.com/sriov" in causes("n", [texts["res"]], facts)[0].rule
    isolated = causes("n", [texts["isolated"]], facts)[0].rule
    assert "default" in isolated
    assert "blue" in isolated
    assert "10.99.0.1" in causes("n", [texts["badroute"]], facts)[0].rule
    assert "1500" in causes("n", [texts["bigmtu"]], facts)[0].way_out


def test_thin_says_the_same_in_another_wrapping() -> None:
    assert [f.code for f in causes("net", [THIN], Facts())] == ["live-plugin-missing"]
    assert blames(THIN) == "blue"
    assert core(THIN).startswith('plugin type="multus"')


def test_a_message_that_nobody_knows_is_handed_on_without_its_wrapping() -> None:
    text = next(c["text"] for c in PROVOKED if c["provoked"] == "full")
    odd = text.replace("no IP addresses available in range set", "the moon is full")
    (found,) = causes("net", [odd], Facts())
    assert found.code == "live-unknown-cause"
    assert "the moon is full: 10.9.2.1-10.9.2.1" in found.rule
    assert "StdinData" not in found.rule
    assert "CNI request failed" not in found.rule


def test_each_cause_is_told_once_and_nothing_is_no_cause() -> None:
    text = PROVOKED[0]["text"]
    assert len(causes("net", [text, text], Facts())) == 1
    assert causes("net", [], Facts()) == []


def test_which_network_kept_a_pod_down_is_read_from_the_message() -> None:
    named = {c["provoked"]: blames(c["text"]) for c in PROVOKED}
    assert named["full"] == "full"
    assert named["noplugin"] == "noplugin"
    assert named["isolated"] == named["gone"] == ""


def test_only_what_can_pass_by_itself_is_waited_for() -> None:
    lasting = {case["code"] for case in PROVOKED if case["provoked"] != "thin-api"}
    assert not lasting & TRANSIENT
    assert {"live-daemon-down", "live-api-unreachable"} <= TRANSIENT


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(cilium_exclusive=True, multus_down="it has no pod there"), "live-cilium-exclusive"),
        (Facts(multus_down="it has no pod there"), "live-multus-away"),
        (Facts(), "live-not-first"),
    ],
)
def test_why_a_pod_is_on_the_primary_alone(facts: Facts, code: str) -> None:
    assert [f.code for f in silent_causes("net", facts)] == [code]


def test_what_is_usual_between_nodes_is_not_what_is_usual_on_one() -> None:
    across = unreached_causes("net", False, Facts(parent="ens7"))
    assert [f.code for f in across] == ["live-l2-blocked"]
    assert "ens7" in across[0].rule
    assert [f.code for f in unreached_causes("net", True, Facts())] == ["live-filtered"]
