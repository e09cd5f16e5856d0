"""What the scripts do on a machine over real SSH, and that undo leaves it as it was."""

from __future__ import annotations

import json

import pytest

from multinet.preflight.ssh import SshSession
from tests.ssh.conftest import EVERYTHING, Declare, apply_script, macvlan, plugins_archive
from tests.ssh.machines import Lan

pytestmark = pytest.mark.cluster


def test_the_first_run_changes_the_second_nothing_and_undo_restores_everything(
    lan: Lan, declare: Declare
) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    machine.sh(
        "echo before >/etc/sysctl.d/90-multinet.conf; chmod 640 /etc/sysctl.d/90-multinet.conf"
    )
    before = machine.snapshot()
    stack = declare({"n1": EVERYTHING}, {"blue": macvlan("eth1", ipam={"type": "dhcp"})})
    text = apply_script(stack, "n1")
    with SshSession(stack.nodes) as session:
        dry = session.run("n1", "sh -s -- apply --dry-run", text, 60)
        assert dry.status == 0, dry
        assert machine.snapshot() == before, "a dry run must change nothing"

        first = session.change("n1", text, "apply")
        assert first.status == 0, first
        assert " 0 changes" not in first.stdout
        assert machine.sh("cat /proc/sys/net/ipv4/ip_forward").strip() == "1"
        eth1, eth2, bridge = (
            json.loads(machine.sh(f"ip -d -j link show dev {link}"))[0]
            for link in ("eth1", "eth2", "br7")
        )
        assert eth1["mtu"] == 1450
        assert "PROMISC" in eth1["flags"]
        assert eth2["master"] == "br7"
        assert bridge["mtu"] == 1400
        enabled = machine.sh("ls /etc/systemd/system/multi-user.target.wants").split()
        assert {"multinet-cni-dhcp.service", "multinet-links.service"} <= set(enabled)
        after = machine.snapshot()

        second = session.change("n1", text, "apply")
        assert second.stdout.splitlines()[-1] == "0 changes", second.stdout
        assert machine.snapshot() == after, "a second run must change nothing"

        undone = session.change("n1", text, "undo")
        assert undone.status == 0, undone
        assert machine.snapshot() == before, undone.stdout
        again = session.change("n1", text, "undo")
        assert (again.status, again.stdout.strip()) == (0, "nothing to undo")


def test_the_links_come_back_after_a_boot(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    stack = declare({"n1": EVERYTHING})
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
    machine.sh("ip link del br7; ip link set eth1 mtu 1500 promisc off")
    machine.run("sh", "/var/lib/multinet/links.sh")
    links = {link["ifname"]: link for link in json.loads(machine.sh("ip -j link show"))}
    assert links["br7"]["mtu"] == 1400
    assert links["eth2"]["master"] == "br7"
    assert links["eth1"]["mtu"] == 1450


def test_what_is_no_longer_declared_is_taken_back(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1", "eth1", "eth2")
    before = machine.snapshot()
    wide = declare({"n1": EVERYTHING})
    narrow = declare({"n1": {"sysctls": {"net.ipv4.ip_forward": "1"}}})
    with SshSession(wide.nodes) as session:
        assert session.change("n1", apply_script(wide, "n1"), "apply").status == 0
        ran = session.change("n1", apply_script(narrow, "n1"), "apply")
        assert ran.status == 0, ran
        assert machine.snapshot()["links"] == before["links"], ran.stdout
        assert machine.sh("cat /proc/sys/net/ipv4/conf/all/accept_local").strip() == "0"
        assert machine.sh("cat /proc/sys/net/ipv4/ip_forward").strip() == "1"
        assert session.change("n1", apply_script(narrow, "n1"), "undo").status == 0
    assert machine.snapshot() == before


def test_multus_leavings_go_and_files_of_others_stay(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    machine.sh("echo '{}' >/etc/cni/net.d/10-test.conflist; echo theirs >/opt/cni/bin/passthru")
    machine.sh("mkdir -p /var/lib/cni")  # of every CNI plugin's, so it stays
    before = machine.snapshot()
    stack = declare()
    with SshSession(stack.nodes) as session:
        ran = session.change("n1", apply_script(stack, "n1"), "apply")
        assert "/opt/cni/bin/passthru was there before us" in ran.stdout
        machine.sh(
            "mkdir -p /etc/cni/net.d/multus.d /var/lib/cni/multus;"
            "echo token >/etc/cni/net.d/multus.d/multus.kubeconfig;"
            "touch /etc/cni/net.d/00-multus.conf /etc/cni/net.d/00-multus.conflist;"
            "touch /opt/cni/bin/multus /opt/cni/bin/multus-shim"
        )
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    assert machine.snapshot() == before


def test_a_multus_that_was_ours_before_the_node_was_declared_goes_too(
    lan: Lan, declare: Declare
) -> None:
    import base64

    machine = lan.add("n1")
    before = machine.snapshot()
    claims = json.dumps({"sub": "system:serviceaccount:kube-system:multinet-multus"}).encode()
    token = f"head.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.signature"
    machine.sh(
        "mkdir /etc/cni/net.d/multus.d; touch /etc/cni/net.d/00-multus.conf;"
        f"echo '    token: \"{token}\"' >/etc/cni/net.d/multus.d/multus.kubeconfig"
    )
    stack = declare()
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    assert machine.snapshot() == before


def test_files_that_others_changed_since_are_kept(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    stack = declare({"n1": {"sysctls": {"net.ipv4.ip_forward": "1"}}})
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        machine.sh("echo '# an admin' >>/etc/sysctl.d/90-multinet.conf")
        undone = session.change("n1", apply_script(stack, "n1"), "undo")
    assert "kept /etc/sysctl.d/90-multinet.conf" in undone.stdout
    assert "an admin" in machine.sh("cat /etc/sysctl.d/90-multinet.conf")


def test_a_node_obeys_one_stack_only(lan: Lan, declare: Declare) -> None:
    lan.add("n1")
    stack = declare()
    text = apply_script(stack, "n1")
    with SshSession(stack.nodes) as session:
        assert session.change("n1", text, "apply").status == 0
        other = session.change("n1", text.replace("multinet/test", "multinet/other"), "apply")
    assert other.status == 1
    assert "managed by stack multinet/test" in other.stderr


def test_plugins_from_a_mirror_are_installed_where_absent_and_taken_back(
    lan: Lan, declare: Declare
) -> None:
    machine = lan.add("n1")
    machine.sh("echo 'of calico' >/opt/cni/bin/host-local; chmod 755 /opt/cni/bin/host-local")
    before = machine.snapshot()
    archive, checksum = plugins_archive(("macvlan", "host-local", "bridge"))
    mirror = lan.directory / "mirror"
    mirror.mkdir()
    (mirror / "cni-plugins-linux-amd64-v1.9.1.tgz").write_bytes(archive)
    lan.serve(mirror, 8080)
    source = {"source": "mirror", "url": "http://10.99.0.1:8080", "sha256": {"amd64": checksum}}
    networks = {"blue": macvlan("eth0")}
    stack = declare({"n1": {"cniPlugins": source}}, networks)
    text = apply_script(stack, "n1")
    with SshSession(stack.nodes) as session:
        wrong = session.change("n1", text.replace(checksum, "0" * 64), "apply")
        assert wrong.status == 1
        assert "nothing was installed" in wrong.stderr
        assert "macvlan" not in machine.sh("ls /opt/cni/bin")
        assert session.change("n1", text, "apply").status == 0
        assert machine.sh("ls /opt/cni/bin").split() == ["bridge", "host-local", "macvlan"]
        assert machine.sh("cat /opt/cni/bin/host-local").strip() == "of calico"
        assert session.change("n1", text, "apply").stdout.endswith("0 changes\n")
        machine.sh("rm /opt/cni/bin/bridge")  # not needed by any network: not missed
        assert session.change("n1", text, "apply").stdout.endswith("0 changes\n")
        machine.sh("rm /opt/cni/bin/macvlan")
        assert not session.change("n1", text, "apply").stdout.endswith("0 changes\n")
        assert session.change("n1", text, "undo").status == 0
    assert machine.snapshot() == before


def test_a_vlan_that_the_kernel_cannot_make_is_named(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    if machine.sh("ls -d /sys/module/8021q", check=False):
        pytest.skip("this kernel makes VLAN interfaces")
    links = {"eth0.7": {"kind": "vlan", "parent": "eth0", "vlan": 7}}
    stack = declare({"n1": {"links": links}})
    before = machine.snapshot()
    with SshSession(stack.nodes) as session:
        ran = session.change("n1", apply_script(stack, "n1"), "apply")
        assert ran.status == 1
        assert "link eth0.7 (vlan 7 eth0) cannot be made" in ran.stderr
        assert session.change("n1", apply_script(stack, "n1"), "undo").status == 0
    assert machine.snapshot() == before
