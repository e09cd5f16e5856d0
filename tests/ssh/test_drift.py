"""What somebody changed on a node since: told, mended, and no change where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.preflight.ask import ask
from multinet.preflight.report import Report
from multinet.preflight.ssh import SshSession
from multinet.stack import StackSettings
from tests.ssh.conftest import EVERYTHING, OWNER, Declare, apply_script, macvlan, plugins_archive
from tests.ssh.machines import Lan

pytestmark = pytest.mark.cluster


def seen(stack: StackSettings) -> Report:
    return ask(stack, OWNER)["n1"]


def applied(stack: StackSettings, *arguments: str) -> list[str]:
    """What a run of the script says, line by line."""
    with SshSession(stack.nodes) as session:
        words = " ".join(["sh -s -- apply", *arguments])
        ran = session.run("n1", words, apply_script(stack, "n1"), 120)
    assert ran.status == 0, ran
    return ran.stdout.splitlines()


def planned(stack: StackSettings) -> int:
    """How many changes a dry run counts; as many as it names."""
    *lines, last = applied(stack, "--dry-run")
    count = int(last.split()[0])
    assert count == sum(line.startswith("would ") for line in lines)
    return count


def done(stack: StackSettings) -> int:
    lines = applied(stack)
    return int(lines[-1].split()[0])


VLAN_AWARE: dict[str, Any] = {
    "links": {
        "br7": {"kind": "bridge", "ports": ["eth2"], "mtu": 1400, "vlanFiltering": True},
        "br8": {"kind": "bridge"},
        "eth1": {"mtu": 1450, "change": True},
    },
    # One of a link that is there, one of a link that is made.
    "sysctls": {"net.ipv4.ip_forward": "1", "net.ipv4.conf.br7.rp_filter": "0"},
}


def test_a_dry_run_counts_what_the_run_counts(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    before = machine.snapshot()
    archive, checksum = plugins_archive(("macvlan", "dhcp"))
    mirror = lan.directory / "mirror"
    mirror.mkdir()
    (mirror / "cni-plugins-linux-amd64-v1.9.1.tgz").write_bytes(archive)
    lan.serve(mirror, 8080)
    source = {"source": "mirror", "url": "http://10.99.0.1:8080", "sha256": {"amd64": checksum}}
    networks = {"blue": macvlan("eth1", ipam={"type": "dhcp"})}
    elsewhere = {"cniConfDir": "/srv/cni/conf", "cniBinDir": "/srv/cni/bin"}
    steps = [
        declare({"n1": EVERYTHING}, networks),
        declare({"n1": EVERYTHING}, networks),
        declare({"n1": VLAN_AWARE}, networks),
        declare({"n1": {**VLAN_AWARE, "cniPlugins": source}}, networks, elsewhere),
        declare({"n1": {"sysctls": {"net.ipv4.ip_forward": "1"}}}, multus=elsewhere),
        declare({"n1": {}}),
    ]
    counts = []
    for stack in steps:
        counts.append(planned(stack))
        assert done(stack) == counts[-1]
        assert planned(stack) == 0
    assert counts[0] > 5
    assert counts[1] == 0
    assert min(counts[2:]) > 0
    with SshSession(steps[-1].nodes) as session:
        assert session.change("n1", apply_script(steps[-1], "n1"), "undo").status == 0
    assert machine.snapshot() == before


def test_what_is_declared_for_the_first_time_is_a_change_and_no_drift(
    lan: Lan, declare: Declare
) -> None:
    lan.add("n1", "eth1", "eth2")
    report = seen(declare({"n1": EVERYTHING}))
    assert "set link eth1 mtu 1450 (was 1500)" in report.changes
    assert (report.drifted, report.findings, report.mends) == (False, [], 0)


def test_a_link_changed_by_hand_is_drift_until_it_is_mended(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    stack = declare({"n1": EVERYTHING})
    applied(stack)
    assert seen(stack) == Report([])
    machine.sh("ip link set eth1 mtu 1500")
    report = seen(stack)
    assert (report.changes, report.drifted) == (("set link eth1 mtu 1450 (was 1500)",), True)
    (finding,) = report.findings
    assert finding.code == "node-drifted"
    assert "would set link eth1 mtu 1450 (was 1500)" in finding.rule
    # What is declared anew meanwhile runs the script anyway.
    other = declare({"n1": {**EVERYTHING, "sysctls": {"net.ipv4.ip_forward": "1"}}})
    assert not seen(other).drifted
    applied(stack, "--mend", "1")
    assert seen(stack) == Report([], mends=1)
    assert '"mtu":1450' in machine.sh("ip -j link show dev eth1")


def test_a_run_that_was_cut_short_leaves_no_drift(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    applied(declare({"n1": EVERYTHING}))
    machine.sh("rm /var/lib/multinet/declared")  # as a run that begins does
    machine.sh("ip link set eth1 mtu 1500")
    report = seen(declare({"n1": EVERYTHING}))
    assert report.changes
    assert not report.drifted


def test_a_node_of_another_stack_is_told_before_anything_is_changed(
    lan: Lan, declare: Declare
) -> None:
    lan.add("n1")
    stack = declare()
    applied(stack)
    (finding,) = ask(stack, "multinet/other")["n1"].findings
    assert finding.code == "node-of-another-stack"
    assert finding.rule == f"is managed by stack {OWNER}, this one is multinet/other"
    assert ask(stack)["n1"].findings == [], "who does not say who asks is not told whose it is"
