"""The VLANs of networks on a bridge reach its uplink: by the script, at boot, and back again.

Where this kernel's bridges can tell VLANs apart, it is the kernel that is asked; else a stand-in
for `bridge vlan` keeps what the script tells it.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from multinet.preflight.ssh import SshSession
from tests.ssh.conftest import Declare, apply_script, preflight_script
from tests.ssh.machines import Lan, Machine

pytestmark = pytest.mark.cluster

NODE = {"links": {"br7": {"kind": "bridge", "ports": ["eth1"], "vlanFiltering": True}}}
FILTERING = "ip link add vlantest type bridge vlan_filtering 1"
KERNEL_CAN = (
    subprocess.run(["unshare", "--net", "sh", "-c", FILTERING], check=False).returncode == 0
)


def vlan(number: int, **more: Any) -> dict[str, Any]:
    return {
        "config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br7", "vlan": number, **more}
    }


def trunk(*entries: dict[str, int]) -> dict[str, Any]:
    config = {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br7", "vlanTrunk": list(entries)}
    return {"config": config}


NETWORKS = {
    "a": vlan(100),
    "b": vlan(101),
    "c": trunk({"id": 300}, {"minID": 400, "maxID": 402}),
    "d": vlan(1),
    "e": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br7"}},
    "f": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br8", "vlan": 9}},
}


def carried(machine: Machine, port: str = "eth1") -> set[int]:
    lines = machine.sh(f"bridge vlan show dev {port}", check=False).splitlines()[1:]
    words = [line.replace(port, "", 1).split() for line in lines]
    return {int(word[0]) for word in words if word}


@pytest.fixture
def machine(lan: Lan) -> Machine:
    made = lan.add("n1", "eth1", "eth2")
    if not KERNEL_CAN:
        stand_in = Path(__file__).with_name("vlans.sh").read_text()
        for name in ("bridge", "ip"):
            made.run("sh", "-c", f"cat >/usr/local/bin/{name}", stdin=stand_in)
            made.sh(f"chmod 755 /usr/local/bin/{name}")
    return made


def test_the_uplink_carries_the_networks_vlans_and_undo_takes_them_back(
    machine: Machine, declare: Declare
) -> None:
    before = machine.snapshot()
    stack = declare({"n1": NODE}, NETWORKS)
    text = apply_script(stack, "n1")
    with SshSession(stack.nodes) as session:
        dry = session.run("n1", "sh -s -- apply --dry-run", text, 60)
        assert "would let eth1 carry VLAN 100-101 300 400-402" in dry.stdout, dry
        first = session.change("n1", text, "apply")
        assert "let eth1 carry VLAN 100-101 300 400-402" in first.stdout, first
        assert carried(machine) == {1, 100, 101, 300, 400, 401, 402}
        second = session.change("n1", text, "apply")
        assert second.stdout.splitlines()[-1] == "0 changes", second
        assert session.change("n1", text, "undo").status == 0
    assert machine.snapshot()["links"] == before["links"]
    assert machine.snapshot()["files"] == before["files"]


def test_other_networks_change_only_what_differs(machine: Machine, declare: Declare) -> None:
    wide = declare({"n1": NODE}, {"a": vlan(100), "b": vlan(101), "c": vlan(102)})
    other = declare({"n1": NODE}, {"a": vlan(100), "c": vlan(102), "d": vlan(103)})
    none = declare({"n1": NODE}, {"e": NETWORKS["e"]})
    with SshSession(wide.nodes) as session:
        session.change("n1", apply_script(wide, "n1"), "apply")
        machine.sh("bridge vlan add dev eth1 vid 500")  # by somebody else

        changed = session.change("n1", apply_script(other, "n1"), "apply")
        assert "let eth1 no longer carry VLAN 101\n" in changed.stdout, changed
        assert "let eth1 carry VLAN 103\n" in changed.stdout, changed
        assert "write /var/lib/multinet/links.sh" in changed.stdout
        assert changed.stdout.splitlines()[-1] == "3 changes", changed
        assert carried(machine) == {1, 100, 102, 103, 500}

        gone = session.change("n1", apply_script(none, "n1"), "apply")
        assert gone.status == 0, gone
        assert carried(machine) == {1, 500}


def test_what_a_port_carried_before_it_carries_afterwards(
    machine: Machine, declare: Declare
) -> None:
    machine.sh(
        "ip link add name br7 type bridge vlan_filtering 1; ip link set br7 up;"
        "ip link set eth1 master br7; bridge vlan add dev eth1 vid 101-102"
    )
    stack = declare({"n1": NODE}, {"a": vlan(100), "b": vlan(101)})
    with SshSession(stack.nodes) as session:
        ran = session.change("n1", apply_script(stack, "n1"), "apply")
        assert "let eth1 carry VLAN 100\n" in ran.stdout, ran
        assert carried(machine) == {1, 100, 101, 102}
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    assert carried(machine) == {1, 101, 102}


def test_a_port_that_left_its_bridge_is_no_obstacle_to_undo(
    machine: Machine, declare: Declare
) -> None:
    stack = declare({"n1": NODE}, NETWORKS)
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        machine.sh("ip link set eth1 nomaster")
        undone = session.change("n1", apply_script(stack, "n1"), "undo")
        assert undone.status == 0, undone


def test_the_vlans_come_back_after_a_boot(machine: Machine, declare: Declare) -> None:
    stack = declare({"n1": NODE}, NETWORKS)
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        machine.sh("ip link del br7; rm -rf /run/vlans")
        machine.run("env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "sh",
                    "/var/lib/multinet/links.sh")  # fmt: skip
        assert carried(machine) == {1, 100, 101, 300, 400, 401, 402}
        again = session.change("n1", apply_script(stack, "n1"), "apply")
        assert again.stdout.splitlines()[-1] == "0 changes", again


def test_the_preflight_asks_for_the_program(machine: Machine, declare: Declare) -> None:
    stack = declare({"n1": NODE}, NETWORKS)
    text = preflight_script(stack, "n1")
    assert "need_tool bridge iproute2" in text
    assert "need_tool bridge" not in preflight_script(
        declare({"n1": NODE}, {"e": NETWORKS["e"]}), "n1"
    )
    with SshSession(stack.nodes) as session:
        ran = session.run("n1", "sh -s -- --report", text, 60)
    assert "node-tool-missing" not in ran.stdout, ran
