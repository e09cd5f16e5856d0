"""Which pods of ours Multus attaches: they come after it and go before it."""

from __future__ import annotations

from pathlib import Path

from tests.unit.addons.test_addons import STACK, before, planned

ADDONS = {
    "cniPlugins": True,
    "dhcpDaemon": True,
    "whereabouts": True,
    "dynamicNetworks": True,
    "networkPolicy": True,
    "sriov": {"pools": {"example.com/fast": {"links": ["eth9"]}}},
}
SLICES = {
    "cniVersion": "1.0.0",
    "name": "wide",
    "type": "macvlan",
    "master": "eth1",
    "ipam": {"type": "whereabouts", "range": "10.9.0.0/16", "node_slice_size": "/24"},
}
BLOCKS = {
    "perNode": {"blockSize": 24},
    "config": SLICES | {"name": "own", "ipam": {"type": "host-local", "subnet": "10.8.0.0/16"}},
}


def test_a_pod_of_ours_with_an_eth0_of_its_own_is_gone_before_multus_is(project: Path) -> None:
    """Deleted after it, the pod's entry in Multus's cache stays on the node for ever."""
    networks = {"networks": {"wide": {"namespace": "kube-system", "config": SLICES}, "own": BLOCKS}}
    found = planned(project, STACK | networks | {"addons": ADDONS, "multus": {"mode": "thick"}})
    multus = found["multus-daemonset"].urn
    workloads = {
        name: resource.inputs["spec"]["template"]["spec"]
        for name, resource in found.items()
        if resource.inputs.get("kind") in ("DaemonSet", "Deployment")
    }
    attached = {name for name, pod in workloads.items() if not pod.get("hostNetwork")}
    assert attached == {
        "whereabouts-reconciler",
        "whereabouts-slices",
        "dynamic-networks-daemonset",
        "network-policy-daemonset",
        "node-blocks-daemonset",
    }
    after = {name for name in workloads if multus in before(name, found)}
    assert after == attached, "and Multus and what lays files out come side by side"
