"""What the preflight says about machines, over real SSH: every problem on every node at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multinet.cli import common
from multinet.cli.app import app
from multinet.findings import Finding, errors
from multinet.preflight.ask import ask
from multinet.stack import StackSettings
from tests.ssh.conftest import OWNER, Declare, macvlan, reached
from tests.ssh.machines import Lan
from tests.ssh.watch import watching

pytestmark = pytest.mark.cluster

CREDENTIAL = "/etc/cni/net.d/multus.d/multus.kubeconfig"
THEIRS = "e30.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6a3ViZS1zeXN0ZW06bXVsdHVzIn0.x"
"""The claims of a service account called multus."""

NETWORKS = {
    "blue": macvlan("eth1", mtu=9000, ipam={"type": "host-local", "subnet": "10.5.0.0/24"}),
    "red": {
        **macvlan("eth2", ipam={"type": "static", "addresses": [{"address": "10.6.0.9/24"}]}),
        "nodeSelector": {"rack": "b"},
    },
}


def told(stack: StackSettings) -> dict[str, list[Finding]]:
    """Node → what was found there."""
    return {node: report.findings for node, report in ask(stack, OWNER).items()}


def test_every_problem_of_every_node_is_told_and_nothing_is_changed(
    lan: Lan, declare: Declare
) -> None:
    good, bad = lan.add("good", "eth1"), lan.add("bad")
    for machine in (good, bad):
        machine.sh("ip link set eth0 mtu 9000")
    good.sh("ip link set eth1 mtu 9000")
    for plugin in ("macvlan", "host-local"):
        good.sh(f"cp /bin/true /opt/cni/bin/{plugin}")
    bad.sh("touch /etc/cni/net.d/00-multus.conf /etc/cni/net.d/05-old.conflist")
    bad.sh(f"mkdir /etc/cni/net.d/multus.d; echo 'token: \"{THEIRS}\"' >{CREDENTIAL}")
    nodes = {"down": {"port": lan.dead_port()}, "labelled": {"lost": True}}
    stack = declare(nodes, NETWORKS)
    before = [machine.snapshot() for machine in (good, bad)]
    found = told(stack)
    assert [machine.snapshot() for machine in (good, bad)] == before
    assert found["good"] == []
    assert {(f.code, f.value) for f in found["bad"]} == {
        ("node-link-missing", "eth1"),
        ("node-plugin-missing", "macvlan"),
        ("node-plugin-missing", "host-local"),
        ("node-other-multus", "00-multus.conf"),
        ("node-primary-missing", "10-test.conflist"),
    }
    assert any("there is: 05-old.conflist" in f.rule for f in found["bad"])
    assert all("network blue" in f.rule for f in found["bad"] if f.value == "eth1")
    (down,) = found["down"]
    assert down.code == "node-unreachable"
    assert "Connection refused" in down.rule
    assert "labelled" not in found, "a node that is lost is not asked"


def test_mtu_facts_addresses_and_full_ranges_are_checked(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1", "eth1", "eth2")
    node.sh(
        "ip address add 10.5.0.7/24 dev eth1; cp /bin/true /opt/cni/bin/macvlan;"
        "cp /bin/true /opt/cni/bin/host-local; cp /bin/true /opt/cni/bin/static;"
        "ip link set eth2 down; mkdir -p /var/lib/cni/networks/green;"
        "for i in 1 2; do touch /var/lib/cni/networks/green/10.7.0.$i; done"
    )
    small = {"type": "host-local", "ranges": [[{"subnet": "10.7.0.0/30", "rangeEnd": "10.7.0.2"}]]}
    networks = {**NETWORKS, "green": macvlan("eth1", ipam=small)}
    nodes = {"n1": {"labels": {"rack": "b"}, "links": {"eth2": {"mtu": 9000}}}}
    found = told(declare(nodes, networks))["n1"]
    assert {(f.code, f.value) for f in found} == {
        ("node-mtu-too-small", "eth1"),
        ("node-link-down", "eth2"),
        ("node-fact-wrong", "eth2"),
        ("node-address-in-range", "blue"),
        ("node-range-exhausted", "green"),
    }
    assert {f.value for f in errors(found)} == {"eth1", "eth2", "blue"}


def test_a_configuration_that_is_left_to_the_node_is_looked_for(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1")
    stack = declare({}, {"lan": {"perNode": "provided"}, "lan-b": {"perNode": "provided"}})
    missing = [(f.code, f.value) for f in told(stack)["n1"]]
    assert missing == [("node-configuration-missing", name) for name in ("lan", "lan-b")]
    node.sh(
        "mkdir -p /etc/cni/multus/net.d; cd /etc/cni/multus/net.d;"
        ' echo \'{"cniVersion": "1.0.0", "name": "lan", "type": "macvlan"}\' >10-lan.conf;'
        ' printf \'{"name"\\n :"lan-c"}\' >20-c.json; echo \'{"name":"lan-b"}\' >30-b.txt'
    )
    assert [f.value for f in told(stack)["n1"]] == ["lan-b"], "that file is none that Multus reads"


def test_what_is_going_to_be_made_is_not_missed(lan: Lan, declare: Declare) -> None:
    lan.add("n1", "eth1")
    nodes = {
        "n1": {
            "links": {"br7": {"kind": "bridge", "ports": ["eth1"]}},
            "cniPlugins": {"source": "mirror", "url": "http://mirror.example"},
        }
    }
    assert told(declare(nodes, {"blue": macvlan("br7")}))["n1"] == []


def test_the_command_lists_everything_and_exits_1(
    lan: Lan, declare: Declare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The terminal's width is read once in a process, and other tests are in this one.
    monkeypatch.setattr(common.out, "width", 200)
    lan.add("n1")
    node = reached(lan, lan.machines["n1"].port)
    file = tmp_path / "Pulumi.t.yaml"
    nodes = {"n1": node, "n2": node | {"port": lan.dead_port()}}
    config = {"multinet:networks": {"blue": macvlan("eth9")}, "multinet:nodes": nodes}
    file.write_text(json.dumps({"config": config}))
    told = CliRunner().invoke(app, ["preflight", "-f", str(file), "--json"])
    assert told.exit_code == 1, told.output
    document = json.loads(told.stdout)
    codes = {n: [f["code"] for f in node["findings"]] for n, node in document["nodes"].items()}
    assert codes["n2"] == ["node-unreachable"]
    assert {"node-link-missing", "node-plugin-missing"} <= set(codes["n1"])
    table = CliRunner().invoke(app, ["preflight", "-f", str(file)])
    assert table.exit_code == 1
    assert "eth9: the node has no such link" in table.stdout
    assert "0 of 2 nodes are ready" in table.stdout


def stack_of(lan: Lan, file: Path, nodes: dict[str, Any]) -> Path:
    """A stack file that declares these machines, without networks."""
    file.write_text(json.dumps({"config": {"multinet:networks": {}, "multinet:nodes": nodes}}))
    return file


def test_a_key_that_only_the_engine_can_read_is_given_by_hand(lan: Lan, tmp_path: Path) -> None:
    lan.add("n1")
    node = reached(lan, lan.machines["n1"].port)
    node["privateKey"] = {"secure": "v1:AAAAAAAAAAAA:BBBBBBBBBBBB"}
    file = stack_of(lan, tmp_path / "Pulumi.t.yaml", {"n1": node})
    command = ["preflight", "-f", str(file), "--json"]
    without = CliRunner().invoke(app, command)
    (finding,) = json.loads(without.stdout)["nodes"]["n1"]["findings"]
    assert (without.exit_code, finding["code"]) == (1, "node-unreachable")
    ready = CliRunner().invoke(app, [*command, "--identity", str(lan.key)])
    assert (ready.exit_code, json.loads(ready.stdout)["ready"]) == (0, True), ready.output
    absent = CliRunner().invoke(app, [*command, "--identity", str(tmp_path / "none")])
    assert (absent.exit_code, "--identity" in json.loads(absent.stdout)["error"]) == (2, True)


@pytest.mark.parametrize("parallel", [1, 3])
def test_parallel_is_how_many_nodes_are_asked_at_once(
    lan: Lan, tmp_path: Path, parallel: int
) -> None:
    nodes = {}
    for name in ("n1", "n2", "n3"):
        # Each answers late, and notes when it was asked and when it was done.
        machine = lan.add(name)
        nodes[name] = reached(lan, machine.port)
    slow = tmp_path / "bin"
    slow.mkdir()
    ssh = slow / "ssh"
    times = tmp_path / "times"
    ssh.write_text(
        f'#!/bin/sh\necho "+ $(date +%s%N)" >>{times}\nsleep 1\n{shutil.which("ssh")} "$@"\n'
        f'status=$?\necho "- $(date +%s%N)" >>{times}\nexit $status\n'
    )
    ssh.chmod(0o755)
    file = stack_of(lan, tmp_path / "Pulumi.t.yaml", nodes)
    command = ["preflight", "-f", str(file), "--json", "--parallel", str(parallel)]
    path = f"{slow}:{os.environ['PATH']}"
    ran = CliRunner().invoke(app, command, env={"PATH": path})
    assert ran.exit_code == 0, ran.output
    marks = sorted(line.split()[::-1] for line in times.read_text().splitlines())
    at_once, most = 0, 0
    for _, mark in marks:
        at_once += 1 if mark == "+" else -1
        most = max(most, at_once)
    assert most == parallel


def test_a_server_with_another_host_key_is_not_trusted(lan: Lan, declare: Declare) -> None:
    lan.add("n1")
    other = " ".join(Path(f"{lan.key}.pub").read_text().split()[:2])
    (finding,) = told(declare({"n1": {"hostKey": other}}))["n1"]
    assert finding.code == "node-unreachable"
    assert "verification failed" in finding.rule


def test_the_key_is_in_no_process_list_and_no_file_is_left(lan: Lan, declare: Declare) -> None:
    lan.add("n1", "eth1")
    stack = declare()
    secret = lan.key.read_text().splitlines()[2]
    before = set(Path("/dev/shm").glob("multinet-*"))
    with watching(secret) as seen:
        for _ in range(5):
            found = ask(stack)
    assert not seen
    assert set(Path("/dev/shm").glob("multinet-*")) == before
    assert secret not in str(found)


def test_a_node_behind_a_jump_host_and_a_key_with_a_password_work(
    lan: Lan, declare: Declare, tmp_path: Path
) -> None:
    jump, behind = lan.add("jump"), lan.add("behind")
    locked = tmp_path / "locked"
    shutil.copy(lan.key, locked)
    change = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "a pass'word", "-f", str(locked)]
    subprocess.run(change, check=True, capture_output=True)
    key = {"privateKey": locked.read_text(), "privateKeyPassword": "a pass'word"}
    reach = reached(lan, jump.port)
    proxy = {name: reach[name] for name in ("host", "port", "hostKey")} | key
    through = {"host": behind.address, "port": 22, "proxy": proxy, **key}
    assert told(declare({"behind": through})) == {"jump": [], "behind": []}
