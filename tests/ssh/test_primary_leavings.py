"""What a primary CNI leaves on a machine is taken back over real SSH; what is others' is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from multinet.preflight.ssh import SshSession
from tests.ssh.conftest import Declare, apply_script
from tests.ssh.machines import Lan, Machine

pytestmark = pytest.mark.cluster

CALICO = {"plugin": "calico", "podCidrs": ["10.233.64.0/18"]}
CILIUM = {"plugin": "cilium", "podCidrs": ["10.233.64.0/18"]}
RULES = """
iptables -w -t {table} -N cali-{chain}
iptables -w -t {table} -A cali-{chain} -m comment --comment "cali:x y" -j ACCEPT
iptables -w -t {table} -I {chain} -m comment --comment "cali:a b" -j cali-{chain}
iptables -w -t {table} -A {chain} -m comment --comment "cali:c" -m mark --mark 0x10000/0x10000 -j ACCEPT
"""
THEIRS = """
iptables -w -N CALICO-LIKE
iptables -w -A FORWARD -m comment --comment "not cali: '$(touch /tmp/run)'" -j CALICO-LIKE
iptables -w -t nat -A POSTROUTING -s 10.1.0.0/16 -j MASQUERADE
ip route add blackhole 10.250.0.0/24
"""
LEFT = (
    "mkdir -p /var/lib/calico /var/log/calico/cni; touch /var/lib/calico/nodename;"
    "echo token >/etc/cni/net.d/calico-kubeconfig; touch /etc/cni/net.d/10-calico.conflist;"
    "touch /opt/cni/bin/calico /opt/cni/bin/calico-ipam;"
    "ip link add vxlan.calico type vxlan id 4096 dstport 4789 dev eth0;"
    "ip route add blackhole 10.233.64.0/26 proto 80"
)


def state(machine: Machine) -> dict[str, Any]:
    # Rules, and chains that somebody made: those of the kernel appear with their table.
    rules = machine.sh("iptables-save | grep -e '^-A' -e '^:[^ ]* - ' | sed 's/ \\[.*//'; true")
    return machine.snapshot() | {"rules": rules, "routes": machine.sh("ip route")}


def leave(machine: Machine) -> None:
    """As Calico does: files, a link, a route, chains and rules of its own in others' chains."""
    machine.sh(LEFT)
    for table, chain in (("filter", "FORWARD"), ("nat", "PREROUTING"), ("raw", "OUTPUT")):
        machine.sh("set -e" + RULES.format(table=table, chain=chain))


def test_what_calico_leaves_goes_and_rules_of_others_stay(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    machine.sh("set -e" + THEIRS)
    before = state(machine)
    stack = declare(primary=CALICO)
    with SshSession(stack.nodes) as session:
        text = apply_script(stack, "n1")
        assert session.change("n1", text, "apply").status == 0
        leave(machine)
        assert session.change("n1", text, "apply").stdout.splitlines()[-1] == "0 changes"
        undone = session.change("n1", text, "undo")
    assert undone.status == 0, undone
    assert state(machine) == before, undone.stdout


def test_on_a_machine_where_its_agent_still_runs_all_of_it_stays(
    lan: Lan, declare: Declare
) -> None:
    machine = lan.add("n1")
    stack = declare(primary=CALICO)
    agent = "cp /bin/sleep /tmp/calico-node; /tmp/calico-node 600 >/dev/null 2>&1 </dev/null &"
    with SshSession(stack.nodes) as session:
        text = apply_script(stack, "n1").replace("ENDING:-15", "ENDING:-1")
        assert session.change("n1", text, "apply").status == 0
        leave(machine)
        machine.sh(agent)
        used = state(machine)
        undone = session.change("n1", text, "undo")
    assert undone.status == 0, undone
    assert "kept /etc/cni/net.d/10-calico.conflist: calico-node runs here" in undone.stdout
    after = state(machine)
    for key in ("links", "rules", "routes"):
        assert after[key] == used[key]
    assert "10-calico.conflist" in machine.sh("ls /etc/cni/net.d")
    assert "nodename" in machine.sh("ls /var/lib/calico")


@pytest.mark.parametrize(
    ("account", "goes"),
    [("calico-system:calico-cni-plugin", True), ("kube-system:calico-cni-plugin", False)],
    ids=["the operator's", "another"],
)
def test_what_was_there_before_goes_only_where_its_credential_is_the_operators(
    lan: Lan, declare: Declare, account: str, goes: bool
) -> None:
    machine = lan.add("n1")
    before = state(machine)
    leave(machine)
    claims = json.dumps({"sub": f"system:serviceaccount:{account}"}, separators=(",", ":")).encode()
    token = f"head.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.signature"
    machine.sh(f"echo '    token: {token}' >/etc/cni/net.d/calico-kubeconfig")
    left = state(machine)
    stack = declare(primary=CALICO)
    with SshSession(stack.nodes) as session:
        said = session.change("n1", apply_script(stack, "n1"), "apply").stdout
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    assert ("there before us, so undo leaves it: vxlan.calico" in said) is not goes
    assert state(machine) == (before if goes else left)


def test_an_existing_primarys_are_others(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    stack = declare(primary={"plugin": "existing", "confFile": "10-calico.conflist"})
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        leave(machine)
        left = state(machine)
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    after = state(machine)
    assert {k: after[k] for k in ("links", "rules", "routes")} == {
        k: left[k] for k in ("links", "rules", "routes")
    }
    assert "10-calico.conflist" in machine.sh("ls /etc/cni/net.d")


def test_what_cilium_leaves_goes(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    before = state(machine)
    stack = declare(primary=CILIUM)
    with SshSession(stack.nodes) as session:
        text = apply_script(stack, "n1")
        assert session.change("n1", text, "apply").status == 0
        machine.sh(
            "touch /etc/cni/net.d/05-cilium.conflist /opt/cni/bin/cilium-cni;"
            "echo x >/etc/sysctl.d/99-zzz-override_cilium.conf;"
            "ip link add cilium_host type veth peer name cilium_net;"
            "ip link add cilium_vxlan type vxlan id 1 dstport 8472 dev eth0;"
            "iptables -w -N CILIUM_FORWARD;"
            'iptables -w -A FORWARD -m comment --comment "cilium-feeder: x" -j CILIUM_FORWARD'
        )
        undone = session.change("n1", text, "undo")
    assert undone.status == 0, undone
    assert state(machine) == before, undone.stdout
