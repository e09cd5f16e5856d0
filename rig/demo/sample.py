"""The sample pod: on the primary network and on macvlan-conf, and the proof that it is."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from typing import Any

from multinet.versions import SAMPLE_IMAGE
from rig.demo.manifests import Kubectl, network_status

NAME = "samplepod"


def pod(name: str = NAME, networks: str = "macvlan-conf") -> dict[str, Any]:
    """A pod that asks for further networks by nothing but an annotation."""
    metadata: dict[str, Any] = {"name": name, "namespace": "default"}
    if networks:
        metadata["annotations"] = {"k8s.v1.cni.cncf.io/networks": networks}
    container = {
        "name": "sample",
        "image": SAMPLE_IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", "trap 'exit 0' TERM; sleep 1000000 & wait"],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
    }


@dataclasses.dataclass(frozen=True)
class Proof:
    """What was seen of the sample pod.

    Attributes:
        ip_a: output of `ip a` in the pod.
        status: Multus's network-status.
        mismatches: what is not as declared; empty: all is well.
    """

    ip_a: str
    status: list[dict[str, Any]]
    mismatches: list[str]


def run(kubectl: Kubectl, first: str, last: str, pod_cidr: str) -> Proof:
    """(Re)create the sample pod, wait until it is ready and look at its interfaces."""
    kubectl("delete", "pod", NAME, "--ignore-not-found", "--wait=true")
    kubectl("apply", "--server-side", "--filename", "-", input=json.dumps(pod()))
    kubectl("wait", "--for=condition=Ready", "--timeout=120s", f"pod/{NAME}")
    seen = json.loads(kubectl("get", "pod", NAME, "--output", "json"))
    ip_a = kubectl("exec", NAME, "--", "ip", "a")
    status = network_status(seen)
    return Proof(ip_a, status, _mismatches(ip_a, status, first, last, pod_cidr))


def with_service(proof: Proof, kubectl: Kubectl, name: str = "plainpod") -> Proof:
    """The same proof, and whether a pod on the primary network alone reaches the API's Service.

    The sample pod itself does not: its default route is the network's.
    """
    kubectl("delete", "pod", name, "--ignore-not-found", "--wait=true")
    kubectl("apply", "--server-side", "--filename", "-", input=json.dumps(pod(name, "")))
    kubectl("wait", "--for=condition=Ready", "--timeout=120s", f"pod/{name}")
    ask = "nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null && echo reached"
    said = kubectl("exec", name, "--", "sh", "-c", f"{ask} || echo not reached")
    if said.strip() == "reached":
        return proof
    return dataclasses.replace(
        proof, mismatches=[*proof.mismatches, f"{name} does not reach the API server's Service"]
    )


def _mismatches(
    ip_a: str, status: list[dict[str, Any]], first: str, last: str, pod_cidr: str
) -> list[str]:
    by_interface = {entry.get("interface"): entry for entry in status}
    wrong: list[str] = []
    net1 = by_interface.get("net1", {}).get("ips", [])
    if not any(_between(ip, first, last) for ip in net1):
        wrong.append(f"net1 should have an address of {first}-{last}, network-status says {net1}")
    # Calico's plugin reports addresses but no interface of its own: the default entry is eth0's.
    primary = next((entry for entry in status if entry.get("default")), {})
    eth0 = primary.get("ips", [])
    if not any(ipaddress.ip_address(ip) in ipaddress.ip_network(pod_cidr) for ip in eth0):
        wrong.append(f"eth0 should have an address of {pod_cidr}, network-status says {eth0}")
    wrong += [f"{ip} is not among the pod's addresses" for ip in net1 if f" {ip}/" not in ip_a]
    return wrong


def _between(ip: str, first: str, last: str) -> bool:
    return ipaddress.ip_address(first) <= ipaddress.ip_address(ip) <= ipaddress.ip_address(last)  # type: ignore[operator]
