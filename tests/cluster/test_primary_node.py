"""On the real node: Calico's own CNI plugin under Multus, and an agent as exclusive as Cilium's."""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.cluster import addresses
from rig.demo import manifests, sample
from rig.demo.environment import write_stack_file
from rig.demo.manifests import wait_for_crd

pytestmark = pytest.mark.cluster

CONF_DIR, BIN_DIR = "/etc/cni/net.d", "/opt/cni/bin"
RANGE = ("192.168.1.200", "192.168.1.216")

# What Calico's plugin keeps its addresses in: kind → plural and scope; its schemas do not matter.
CALICO_KINDS = {
    "BGPConfiguration": "bgpconfigurations",
    "BGPPeer": "bgppeers",
    "BlockAffinity": "blockaffinities",
    "ClusterInformation": "clusterinformations",
    "FelixConfiguration": "felixconfigurations",
    "IPAMBlock": "ipamblocks",
    "IPAMConfig": "ipamconfigs",
    "IPAMHandle": "ipamhandles",
    "IPPool": "ippools",
    "IPReservation": "ipreservations",
}


@contextlib.contextmanager
def a_node(kind: str, **options: Any) -> Iterator[rig.Cluster]:
    cluster = rig.Cluster(f"tests-primary-{kind}-{os.getpid()}")
    try:
        cluster.up(**options)
        yield cluster
    finally:
        cluster.down()


def write(cluster: rig.Cluster, path: str, content: str) -> None:
    """A file on the node, whole at once as CNI's readers need it."""
    text = base64.b64encode(content.encode()).decode()
    script = (
        f"mkdir -p $(dirname {path}); echo {text} | base64 -d > {path}.tmp; mv {path}.tmp {path}"
    )
    cluster.node_run(["sh", "-c", script])


def deploy(cluster: rig.Cluster, conf_file: str, to: Path, mode: str = "thick") -> None:
    """Multus and macvlan-conf on whatever primary writes `conf_file`."""
    primary = {"plugin": "existing", "confFile": conf_file, "adopt": None}
    stack = write_stack_file(to, {"primaryCni": primary, "multus": {"mode": mode}})
    manifests.render_environment(stack, to / "out")
    manifests.apply(to / "out", cluster)
    await_file(cluster, "00-multus.conf" if mode == "thick" else "00-multus.conflist")
    cluster.node_run(["sleep", "1"])  # the runtime has to see it, too


def await_file(cluster: rig.Cluster, name: str) -> None:
    """Wait until a file is in the node's configuration directory; 30 s."""
    script = f"for i in $(seq 300); do [ -e {CONF_DIR}/{name} ] && exit 0; sleep 0.1; done; exit 1"
    cluster.node_run(["sh", "-c", script])


def calico_objects() -> list[dict[str, Any]]:
    """CRDs first, then one pool, and the mark that the datastore may be used."""
    group = "crd.projectcalico.org"
    crds: list[dict[str, Any]] = []
    for kind, plural in CALICO_KINDS.items():
        schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        version = {
            "name": "v1",
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": schema},
        }
        crds.append({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {
                "group": group,
                "scope": "Cluster",
                "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
                "versions": [version],
            },
        })  # fmt: skip
    pool = {"cidr": "10.233.64.0/18", "blockSize": 26, "nodeSelector": "all()", "vxlanMode": "Never",
            "ipipMode": "Never", "natOutgoing": True, "allowedUses": ["Workload"]}  # fmt: skip
    ready = {"datastoreReady": True}
    objects = [("IPPool", "default-pool", pool), ("ClusterInformation", "default", ready)]
    return crds + [
        {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
        for kind, name, spec in objects
    ]


def install_calico_plugin(cluster: rig.Cluster) -> None:
    """What Calico's node agent does before it writes its configuration, and then that."""
    for manifest in calico_objects():
        cluster.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(manifest))
        if manifest["kind"] == "CustomResourceDefinition":
            name = manifest["metadata"]["name"]
            wait_for_crd(cluster.kubectl, f"crd/{name}")
    binary = rig.parts.ensure("calico").binary("calico")
    for name in ("calico", "calico-ipam"):
        cluster.node_run(["cp", str(binary), f"{BIN_DIR}/{name}"])
    # The machine's way in is a forwarder; on the node the API server has its own address.
    server = f'"server": "https://{addresses.NODE_IP}:{addresses.API_PORT}"'
    kubeconfig = re.sub(r'"server": "https://[0-9.:]+"', server, cluster.kubeconfig.read_text())
    write(cluster, f"{CONF_DIR}/calico-kubeconfig", kubeconfig)
    node = cluster.kubectl("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}")
    plugin = {
        "type": "calico",
        "datastore_type": "kubernetes",
        "nodename": node,
        "nodename_file_optional": True,
        "log_level": "info",
        "ipam": {"type": "calico-ipam"},
        "policy": {"type": "k8s"},
        "kubernetes": {"kubeconfig": f"{CONF_DIR}/calico-kubeconfig"},
    }
    portmap = {"type": "portmap", "snat": True, "capabilities": {"portMappings": True}}
    config = {"name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": [plugin, portmap]}
    write(cluster, f"{CONF_DIR}/10-calico.conflist", json.dumps(config))


def test_a_pod_has_calicos_interface_and_macvlans(tmp_path: Path) -> None:
    # Interface, address and route are the plugin's; that the node answers for the pod's gateway
    # is Felix's, which does not run here.
    with a_node("calico", primary=False) as cluster:
        install_calico_plugin(cluster)
        cluster.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=180s")
        deploy(cluster, "10-calico.conflist", tmp_path)
        proof = sample.run(cluster.kubectl, *RANGE, "10.233.64.0/18")
        # Calico's result names no interface inside the pod, so eth0 is the default one's entry.
        (first,) = [s for s in proof.status if s.get("default")]
        assert first["name"] == "k8s-pod-network", "Multus delegated to Calico's configuration"
        (address,) = first["ips"]
        assert f"inet {address}/32 scope global eth0" in proof.ip_a
        assert ipaddress.ip_address(address) in ipaddress.ip_network("10.233.64.0/18")
        (second,) = [s for s in proof.status if s.get("interface") == "net1"]
        assert f"inet {second['ips'][0]}/24" in proof.ip_a
        blocks = cluster.kubectl("get", "ipamblocks.crd.projectcalico.org", "-o", "json")
        assert sample.NAME in blocks, "the address is one of Calico's own"
        link = cluster.node_run(["ip", "-o", "link"]).stdout
        assert " cali" in link, "the node's end of eth0 is Calico's"


EXCLUSIVE_AGENT = f"""
for turn in $(seq 600); do
  for file in {CONF_DIR}/*.conf {CONF_DIR}/*.conflist; do
    case $file in */10-rig.conflist) ;; *) [ -e "$file" ] && mv "$file" "$file.cilium_bak" ;; esac
  done
  sleep 0.1
done
"""


def interfaces(cluster: rig.Cluster, name: str) -> str:
    """Interfaces of a new pod that asks for macvlan-conf."""
    cluster.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(sample.pod(name)))
    cluster.kubectl("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=180s")
    try:
        return cluster.kubectl("exec", name, "--", "ip", "a")
    finally:
        cluster.kubectl("delete", "pod", name, "--wait")


def test_an_agent_that_is_exclusive_as_ciliums_takes_net1_from_pods_silently(
    tmp_path: Path,
) -> None:
    with a_node("exclusive") as cluster:
        # Thin: thick puts its configuration back within a second, again and again.
        deploy(cluster, "10-rig.conflist", tmp_path, "thin")
        assert "net1" in interfaces(cluster, "before")
        command, environment = cluster.node_command("sh", "-c", EXCLUSIVE_AGENT)
        with subprocess.Popen(command, env=environment, start_new_session=True) as agent:
            try:
                await_file(cluster, "00-multus.conflist.cilium_bak")
                # The runtime has to see the change; then pods start, Ready, without net1.
                cluster.node_run(["sleep", "2"])
                assert "net1" not in interfaces(cluster, "exclusive")
            finally:
                os.killpg(agent.pid, signal.SIGKILL)
        # Nothing restores the file but Multus's own restart.
        assert "cilium_bak" in cluster.node_run(["ls", CONF_DIR]).stdout
