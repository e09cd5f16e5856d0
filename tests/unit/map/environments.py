"""Clusters whose map is looked at: a few networks with trouble, and a thousand."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.live.recorded import serving
from tests.unit.verify import clusters as c

EVIL = "</script><img src=x onerror=alert(1)>"
Networks = dict[str, Any]


def macvlan(link: str, **ipam: Any) -> dict[str, Any]:
    return {"cniVersion": "1.0.0", "type": "macvlan", "master": link, "ipam": ipam}


def few() -> Networks:
    """A range that is full, one that nobody counts, one that only some nodes have."""
    lan = macvlan("eth1.100", type="host-local", subnet="10.7.0.0/24")
    lan["ipam"] |= {"rangeStart": "10.7.0.2", "rangeEnd": "10.7.0.5"}
    return {
        "lan": {"config": lan, "annotations": {"example.com/note": EVIL}},
        "cameras": {"config": macvlan("eth2", type="dhcp"), "nodeSelector": {"hall": "1"}},
        "storage": {"config": macvlan("eth1.100", type="whereabouts", range="fd00:7::/64")},
    }


def thousand() -> Networks:
    return {
        f"net-{i:04}": {
            "namespace": f"team-{i % 7}",
            "config": macvlan(
                f"eth{i % 4 + 1}.{i // 4 + 1}",
                type="whereabouts",
                range=f"10.{i // 250}.{i % 250}.0/24",
            ),
        }
        for i in range(1000)
    }


def pod(name: str, node: str, networks: Mapping[str, str], namespace: str = "apps") -> Any:
    """With an interface on each network (`namespace/name` → address)."""
    entries: list[dict[str, Any]] = [{"name": "cbr0", "interface": "eth0", "default": True}]
    for number, (network, address) in enumerate(networks.items(), start=1):
        entries.append({"name": network, "interface": f"net{number}", "ips": [address]})
    annotations = {c.NETWORKS: ",".join(networks), c.STATUS: json.dumps(entries)}
    metadata = {"name": name, "namespace": namespace, "annotations": annotations}
    return {
        "metadata": metadata,
        "spec": {"nodeName": node},
        "status": {"phase": "Running", "conditions": [c.READY]},
    }


@contextlib.contextmanager
def recorded(directory: Path, networks: Networks, *nodes: Any) -> Iterator[tuple[Any, str]]:
    """A cluster that has these networks, and the stack file that declares them."""
    cluster = c.Working(*nodes, networks=networks)
    cluster.lists["/apis/apps/v1/replicasets"] = []
    with serving(cluster, directory), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield cluster, str(c.stack_file(directory, networks))


@contextlib.contextmanager
def few_live(directory: Path) -> Iterator[tuple[Any, str]]:
    """The few, on a node that is well and one that is not; a pod on each address of `lan`."""
    there = (c.node("n1", hall="1"), c.node("n2", ready=False))
    with recorded(directory, few(), *there) as (cluster, file):
        for i in range(2, 6):
            cluster.pods.append(pod(f"web-{i}", "n1", {"default/lan": f"10.7.0.{i}"}))
        yield cluster, file


@contextlib.contextmanager
def thousand_live(directory: Path) -> Iterator[tuple[Any, str]]:
    """The thousand on thirty nodes, with two thousand pods."""
    networks, there = thousand(), [c.node(f"worker-{i:02}") for i in range(30)]
    with recorded(directory, networks, *there) as (cluster, file):
        for i in range(2000):
            n, k = i % 1000, i // 1000
            reference = f"team-{n % 7}/net-{n:04}"
            address = f"10.{n // 250}.{n % 250}.{k + 2}"
            cluster.pods.append(pod(f"app-{i}", f"worker-{i % 30:02}", {reference: address}))
        yield cluster, file
