"""The dhcp daemon's add-on: its pod leases from ISC's server for pods on the nodes' LAN."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.cluster import addresses
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.images.plugins import plugins_archive
from tests.cluster.plugins.dhcp_server import DHCPD
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PATIENCE = 120.0
NETWORK = ipaddress.ip_network("10.63.0.0/24")
LAN = {
    "config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": {"type": "dhcp"}}
}
SERVER = "10.63.0.1"
CONFIGURATION = f"""\
authoritative;
ping-check false;
shared-network lan {{
  subnet {NETWORK.network_address} netmask {NETWORK.netmask} {{ range 10.63.0.50 10.63.0.60; }}
  subnet {addresses.LAN_GATEWAY.rpartition(".")[0]}.0 netmask 255.255.255.0 {{ }}
}}
"""
SWITCH, FILES = "lan0", "/run/dhcpd"
SOCKET = "/run/cni/dhcp.sock"
DAEMON = ("-n=kube-system", "-l=app.kubernetes.io/name=dhcp-daemon")


class Site:
    """A node with the environment on it, and a DHCP server on its LAN."""

    def __init__(self, cluster: rig.Cluster, scratch: Path) -> None:
        self.cluster, self.scratch = cluster, scratch

    def deploy(self) -> None:
        overrides = {
            **RigCluster().overrides(),
            "networks": {"lan": LAN},
            "addons": {"dhcpDaemon": True},
        }
        stack = write_stack_file(self.scratch, overrides)
        manifests.render_environment(stack, self.scratch / "out")
        manifests.apply(self.scratch / "out", self.cluster)

    def remove(self) -> None:
        for path in sorted((self.scratch / "out/manifests").glob("[0-9]*.yaml"), reverse=True):
            self.cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))

    def serve(self) -> str:
        """Start the server in the LAN; its process id on the node."""
        dhcpd, environment = DHCPD.command()
        variables = " ".join(f"{name}={value}" for name, value in environment.items())
        run = f"""
            ip address add {SERVER}/{NETWORK.prefixlen} dev {SWITCH}
            mkdir {FILES}; cd {FILES}; touch leases
            cat >dhcpd.conf <<'END'\n{CONFIGURATION}END
            env {variables} {dhcpd} -4 -f -d -cf dhcpd.conf -lf leases -pf pid {SWITCH} >log 2>&1 &
            echo $!"""
        return self.cluster.lan_run(["sh", "-c", run]).stdout.strip()

    @property
    def said(self) -> str:
        """The server's log."""
        return self.on_node(f"cat {FILES}/log")

    def lease(self, name: str) -> str:
        """Start a pod on the network; the address of its net1."""
        self.cluster.kubectl("apply", "-f", "-", input=json.dumps(sample.pod(name, networks="lan")))
        ready = ("--for=condition=Ready", f"--timeout={PATIENCE:.0f}s")
        self.cluster.kubectl("wait", *ready, f"pod/{name}")
        pod = json.loads(self.cluster.kubectl("get", "pod", name, "-o", "json"))
        (ip,) = next(
            s["ips"] for s in manifests.network_status(pod) if s.get("interface") == "net1"
        )
        return str(ip)

    def drop(self, *names: str) -> None:
        self.cluster.kubectl("delete", "pod", *names, "--wait", "--ignore-not-found")

    def daemon(self) -> dict[str, Any]:
        """The add-on's pod."""
        found = json.loads(self.cluster.kubectl("get", "pods", *DAEMON, "-o=json"))["items"]
        (pod,) = (p for p in found if "deletionTimestamp" not in p["metadata"])
        return dict(pod)

    def ready(self) -> bool:
        (status,) = self.daemon()["status"]["containerStatuses"]
        return bool(status["ready"])

    def on_node(self, script: str) -> str:
        return self.cluster.node_run(["sh", "-c", script], check=False).stdout.strip()


@pytest.fixture(scope="module")
def site(cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if lacking := DHCPD.missing():
        pytest.skip("; ".join(lacking))
    found = Site(cluster, tmp_path_factory.mktemp("dhcp"))
    cluster.load_image(plugins_archive(rig.Progress(quiet=True)))
    server = found.serve()
    try:
        found.deploy()
        yield found
        found.drop("one", "two")
        found.remove()
    finally:
        cluster.lan_run(["kill", server], check=False)
        cluster.lan_run(["ip", "address", "del", f"{SERVER}/{NETWORK.prefixlen}", "dev", SWITCH])
        cluster.node_run(["rm", "-r", FILES])


def test_a_pod_has_what_the_server_leases_and_a_deleted_one_gives_it_back(site: Site) -> None:
    address = site.lease("one")
    assert ipaddress.ip_address(address) in NETWORK
    assert f"DHCPACK on {address}" in site.said
    site.drop("one")
    assert at_last(lambda: f"DHCPRELEASE of {address}" in site.said, PATIENCE), site.said


def test_a_killed_daemon_is_started_again_over_the_socket_that_it_left(site: Site) -> None:
    (before,) = site.daemon()["status"]["containerStatuses"]
    site.on_node("pkill -9 -f 'dhcp [d]aemon -hostprefix'")
    restarted = lambda: (  # noqa: E731
        site.daemon()["status"]["containerStatuses"][0]["restartCount"] > before["restartCount"]
        and site.ready()
    )
    assert at_last(restarted, PATIENCE), "it is not ready again"
    assert ipaddress.ip_address(site.lease("two")) in NETWORK


def test_off_again_neither_socket_nor_process_is_left(site: Site) -> None:
    site.drop("two")
    site.remove()
    gone = lambda: site.on_node(f"[ -e {SOCKET} ] && echo there; pgrep -f 'dhcp [d]aemon'") == ""  # noqa: E731
    assert at_last(gone, PATIENCE), site.on_node("pgrep -af dhcp; ls -l /run/cni")
