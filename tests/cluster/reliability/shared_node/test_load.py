"""As many pods as a node holds at once, ranges that run out, and pods that come and go."""

from __future__ import annotations

import json

import pytest

from rig.node.cgroups import hierarchies
from tests.cluster.reliability.site import MULTUS_PODS, NAMESPACE, RUNNING, Site

pytestmark = pytest.mark.cluster


def memory(site: Site) -> tuple[int, int]:
    """Multus's container: the highest use of memory so far, MiB, and processes killed for it."""
    (pod,) = site.multus()
    container = pod["status"]["containerStatuses"][0]["containerID"].partition("//")[2]
    unified = any(hierarchy.unified for hierarchy in hierarchies())
    peak, events = (
        ("memory.peak", "memory.events")
        if unified
        else ("memory.max_usage_in_bytes", "memory.oom_control")
    )
    find = ["find", "/sys/fs/cgroup", "-type", "d", "-path", f"*{container}"]
    (group,) = (
        path
        for path in site.cluster.node_run(find).stdout.split()
        if site.path(f"{path}/{peak}").exists()
    )
    killed = dict(line.split() for line in site.path(f"{group}/{events}").read_text().splitlines())
    used = int(site.path(f"{group}/{peak}").read_text())
    return used // 2**20, int(killed["oom_kill"])


def room(site: Site) -> int:
    """How many more pods the node takes."""
    node = json.loads(site.kubectl("get", "node", "-o", "json"))["items"][0]
    there = json.loads(site.kubectl("get", "pods", "-A", "-o", "json"))["items"]
    return int(node["status"]["allocatable"]["pods"]) - len(there)


@pytest.mark.long
def test_a_full_node_started_at_once_and_two_hundred_pods_that_come_and_go(deployed: Site) -> None:
    """One test: a full node takes the longest of all to start and to clear."""
    site = deployed
    limits = ("-l", MULTUS_PODS, "-o", "jsonpath={.items[0].spec.containers[0].resources.limits}")
    (limit,) = json.loads(site.kubectl("get", "pods", "-n", NAMESPACE, *limits)).values()
    before = {network: len(site.reserved(network)) for network in ("wide", "rig")}
    first = [f"burst-{i}" for i in range(room(site))]
    assert len(first) > 100
    site.create(first)
    site.ready(first)
    assert site.attached() == set(first) | set(RUNNING)
    peak, killed = memory(site)
    print(f"{site.mode}: {len(first)} pods at once, peak {peak} MiB of {limit}, {killed} killed")
    assert killed == 0
    assert peak < 256, "half of the limit"

    # Gone in the ways that pods go: asked, forced, with the runtime killed meanwhile; the second
    # half of all is deleted while it is still being started.
    gone = len(first) // 2
    for name in first[:gone]:
        site.api.delete_namespaced_pod(name, "default", grace_period_seconds=0)
    site.cluster.kill_component("containerd")
    site.cluster.start_component("containerd")
    site.delete(first[gone:])
    second = [f"cycle-{i}" for i in range(100)]
    site.create(second)
    some = lambda: len(site.attached()) > len(second) // 3  # noqa: E731
    site.until(some, "pods are not being started")
    site.delete(second)

    def free() -> bool:
        return {network: len(site.reserved(network)) for network in before} == before

    took = site.until(free, "addresses were not freed")
    print(f"{site.mode}: {len(first) + len(second)} pods, all freed {took:.0f} s after the last")
    (multus,) = site.multus()
    assert memory(site)[1] == 0
    assert "OOMKilled" not in json.dumps(multus["status"])


def test_an_exhausted_range_recovers_when_a_pod_goes(deployed: Site) -> None:
    site = deployed
    three = [f"narrow-{i}" for i in range(3)]
    assert site.start(three, "narrow") == set(three)
    site.create(["waits"], "narrow")
    said = lambda: "no IP addresses available in range set" in site.events("waits")  # noqa: E731
    site.until(said, "no event says why the pod does not start")
    site.delete(three[:1])
    site.ready(["waits"])
    assert "waits" in site.attached()
    assert len(site.reserved("narrow")) == 3
    site.delete([*three[1:], "waits"])
    site.until(lambda: site.reserved("narrow") == set(), "addresses were not freed")
