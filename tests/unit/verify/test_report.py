"""Verdicts, JUnit, JSON, the pods' manifest, and who owns them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from multinet.attachments.attachment import Isolation
from multinet.findings import Finding, Severity
from multinet.live import processes
from multinet.verify import evidence, pod
from multinet.verify.junit import junit
from multinet.verify.plan import Choice, PodPlan, plan
from multinet.verify.rows import (
    NodeRow,
    Report,
    Row,
    Verdict,
    known_cause,
    summary,
    troubles,
    with_node_facts,
    without_lonely_partners,
)
from tests.unit.verify.networks import macvlan, network, settings

WRONG = Finding("live-mtu", ("n",), 'the MTU is "1500" <&>\x00', "look")
WHY = Finding("live-unknown-cause", ("n",), "the runtime says: x", "see", severity=Severity.WARNING)


def row(**more: object) -> Row:
    return Row(network="net", reference="default/net", node="n1", **more)  # type: ignore[arg-type]


def test_verdicts() -> None:
    assert row().verdict is Verdict.OK
    assert row(note="in use").verdict is Verdict.UNTRIED
    assert row(findings=(WRONG,), note="x").verdict is Verdict.MISMATCH
    assert row(causes=(WHY,)).verdict is Verdict.OK


def test_a_report_matches_when_nothing_is_wrong() -> None:
    assert Report("https://x", "r", (row(), row(note="in use"))).matches
    assert not Report("https://x", "r", (row(), row(findings=(WRONG,)))).matches
    assert not Report("https://x", "r", (), general=(WRONG,)).matches


def test_a_report_that_looked_at_nothing_does_not_match() -> None:
    assert not Report("https://x", "r", ()).matches
    assert not Report("https://x", "r", (row(note="in use"),)).matches
    well = NodeRow("n1", "p")
    assert Report("https://x", "r", (), nodes=(well,)).matches
    assert not Report(
        "https://x", "r", (row(),), nodes=(NodeRow("n1", "p", findings=(WRONG,)),)
    ).matches


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((row(), row()), "1 network in 2 s: 1 as declared"),
        ((row(), row(note="in use")), "1 network in 2 s: 1 as declared where tried"),
        ((row(note="in use"),), "1 network in 2 s: 1 not tried"),
        ((row(), row(findings=(WRONG,)), row(note="x")), "1 network in 2 s: 1 with a mismatch"),
        ((), "0 networks in 2 s: nothing was looked at"),
    ],
)
def test_the_summary_counts_a_network_once_and_hides_no_node(
    rows: tuple[Row, ...], said: str
) -> None:
    assert summary(Report("https://x", "r", rows, seconds=2.0)) == said


def test_the_summary_tells_of_nodes_where_there_are_no_networks_or_they_do_not_work() -> None:
    well, bad = NodeRow("n1", "p"), NodeRow("n2", "q", findings=(WRONG,))
    none = Report("https://x", "r", (), nodes=(well,), seconds=2.0)
    assert summary(none) == (
        "0 networks in 2 s: none declared; Multus and the primary work on 1 node"
    )
    half = Report("https://x", "r", (row(),), nodes=(well, bad), seconds=2.0)
    assert summary(half) == "1 network in 2 s: 1 as declared, 1 of 2 nodes with a mismatch"


def test_junit_names_are_the_same_in_every_run() -> None:
    def names(run: str) -> list[tuple[str, str]]:
        rows = [row(pod=f"multinet-verify-{run}-{i}", interface=f"net{i}") for i in range(2)]
        nodes = (NodeRow("n1", f"multinet-verify-{run}-0"),)
        (suite,) = ET.fromstring(junit(Report("https://x", run, tuple(rows), nodes=nodes)))
        return [(c.attrib["classname"], c.attrib["name"]) for c in suite.findall("testcase")]

    assert names("abc") == names("def")
    assert names("abc") == [
        ("node", "n1"),
        ("default/net", "n1"),
        ("default/net", "n1, pod 2"),
    ]


def test_junit_is_xml_that_counts_right() -> None:
    rows = (row(interface="net1"), row(findings=(WRONG,), causes=(WHY,)), row(note="in use"))
    text = junit(Report("https://x", "r", rows, general=(WRONG,), seconds=1.5))
    (suite,) = ET.fromstring(text)
    assert (
        suite.attrib | {"tests": "4", "failures": "2", "skipped": "1", "errors": "0"}
        == suite.attrib
    )
    cases = suite.findall("testcase")
    assert [len(case) for case in cases] == [1, 0, 1, 1]
    failure = cases[2].find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith('the MTU is "1500" <&>')
    assert "\x00" not in text
    assert "the runtime says" in (failure.text or "")


def test_json_holds_everything_that_is_shown() -> None:
    document = Report("https://x", "r", (row(findings=(WRONG,), causes=(WHY,)),)).as_dict()
    told = json.loads(json.dumps(document))
    assert told["matches"] is False
    assert told["rows"][0]["verdict"] == "mismatch"
    assert told["rows"][0]["findings"][0]["code"] == "live-mtu"
    assert told["rows"][0]["causes"][0]["code"] == "live-unknown-cause"


def test_the_same_trouble_is_told_once() -> None:
    other = Row(network="other", reference="d/other", node="n2", findings=(WRONG,))
    (one, two) = troubles(
        [row(findings=(WRONG,)), other, row(), row(findings=(WRONG,), causes=(WHY,))]
    )
    assert (one.networks, one.nodes) == (("net", "other"), ("n1", "n2"))
    assert two.causes == (WHY,)


def test_facts_of_a_node_become_causes_where_none_is_known() -> None:
    failed = Finding("live-not-started", ("n",), "did not start", "see")
    unsure = row(findings=(failed,), causes=(WHY,))
    assert not known_cause(unsure)
    assert known_cause(row(findings=(WRONG,)))
    near = Finding(
        "node-plugin-missing", ("x",), "ovs is missing, for network net", "install", "ovs"
    )
    far = Finding(
        "node-plugin-missing", ("x",), "sbr is missing, for network nets", "install", "sbr"
    )
    assert with_node_facts(unsure, [near, far]).causes == (near, WHY)
    meh = Severity.WARNING
    other = Finding(
        "node-other-configuration", ("x",), "00-a sorts first", "remove it", "00-a", meh
    )
    assert with_node_facts(unsure, [other]).causes == (WHY,)
    alone = row(findings=(Finding("live-not-attached", ("n",), "alone", "see"),))
    assert with_node_facts(alone, [other]).causes == (other,)


def test_a_partner_that_found_no_address_left_is_no_failure_of_the_network() -> None:
    why = Finding("live-range-exhausted", ("n",), "no address is left", "widen")
    failed = row(
        findings=(Finding("live-not-started", ("n",), "x", "see"),), causes=(why,), pod="b"
    )
    well = row(pod="a", addresses=("10.0.0.1/24",))
    (kept,) = without_lonely_partners([well, failed])
    assert (kept.pod, kept.reached) == ("a", "not tried: one address was free")
    assert without_lonely_partners([failed]) == [failed]
    assert without_lonely_partners([well, well]) == [well, well]


def planned() -> PodPlan:
    nets = [network(macvlan()), network({"type": "sriov"}, resourceName="intel.com/vf")]
    (found, *_) = plan(nets[:1], Choice({"net": ("n1",)}, ()), ["n1"], Isolation(), "abc")
    return PodPlan(found.name, "default", "n1", (nets[0], nets[1], nets[1]))


def test_the_pod_meets_pod_security_s_restricted_level() -> None:
    made = pod.manifest(planned(), "abc", "me/1/2", "busybox", 180)
    spec = made["spec"]
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {next(iter(set(v) - {"name"})) for v in spec["volumes"]} <= {"downwardAPI", "emptyDir"}
    assert not spec.get("hostNetwork")
    assert spec["activeDeadlineSeconds"] == 180
    assert spec["tolerations"] == [{"operator": "Exists"}]


def test_the_pod_asks_for_its_networks_and_their_devices() -> None:
    made = pod.manifest(planned(), "abc", "me/1/2", "busybox", 180)
    asked = made["metadata"]["annotations"]["k8s.v1.cni.cncf.io/networks"]
    assert asked == "default/net@net1,default/net@net2,default/net@net3"
    assert made["spec"]["containers"][0]["resources"]["limits"]["intel.com/vf"] == "2"
    assert made["metadata"]["labels"][pod.RUN_LABEL] == "abc"


def test_the_image_comes_from_the_mirror_where_there_is_one() -> None:
    plain, mirrored = settings({}), settings({}, multus={"registry": "registry.example.org/m"})
    assert pod.image(plain, None).startswith("docker.io/library/busybox:")
    assert pod.image(mirrored, None).startswith("registry.example.org/m/library/busybox:")
    assert pod.image(mirrored, "other:1") == "other:1"


def test_a_process_that_is_gone_has_abandoned_its_pods_and_a_live_one_has_not() -> None:
    assert not processes.abandoned(processes.process())
    code = "from multinet.live import processes; print(processes.process())"
    paths = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert processes.abandoned(ran.stdout.strip())
    machine, pid, start = processes.process().split("/")
    assert not processes.abandoned(f"{'0' * len(machine)}/{pid}/1"), "of another machine: not known"
    assert processes.abandoned(f"{machine}/{pid}/{int(start) + 1}"), (
        "the number was given out again"
    )
    assert not processes.abandoned("")


def test_what_keeps_a_pod_from_starting_is_read_from_its_status() -> None:
    waiting = {"state": {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}}
    broken = {"metadata": {}, "status": {"phase": "Pending", "containerStatuses": [waiting]}}
    assert evidence.state(broken) is evidence.State.FAILED
    assert evidence.said_of(broken, []) == ["ErrImagePull: no such image"]
    events = [{"type": "Warning", "message": "bad"}, {"type": "Normal", "message": "fine"}]
    assert evidence.said_of({"metadata": {}, "status": {}}, events) == ["bad"]
    assert (
        evidence.state({"metadata": {}, "status": {"phase": "Pending"}}) is evidence.State.STARTING
    )
    evicted = {
        "metadata": {},
        "status": {"phase": "Failed", "reason": "Evicted", "message": "full"},
    }
    assert evidence.state(evicted) is evidence.State.FAILED
    assert evidence.said_of(evicted, []) == ["Evicted: full"]


def test_nodes_that_cannot_run_pods_are_told_apart() -> None:
    def node(name: str, ready: str = "True", **spec: object) -> dict[str, object]:
        conditions = [{"type": "Ready", "status": ready}]
        return {"metadata": {"name": name}, "spec": spec, "status": {"conditions": conditions}}

    windows = node("w")
    windows["metadata"] = {"name": "w", "labels": {"kubernetes.io/os": "windows"}}
    taints = [{"key": "x", "effect": "NoSchedule"}]
    nodes = [node("c", taints=taints), node("b", "Unknown"), node("a"), windows]
    found = evidence.node_infos([*nodes, node("d", unschedulable=True)])
    assert [(n.name, n.trouble, n.kept_free) for n in found] == [
        ("a", "", False),
        ("b", "not ready", False),
        ("c", "", True),
        ("d", "", True),
        ("w", "not Linux", False),
    ]
