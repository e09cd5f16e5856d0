"""A node's own processes restarted under pods with several networks, and all of it at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.reliability.site import RESERVATIONS, RUNNING, Site

pytestmark = pytest.mark.cluster


def kill_containerd(site: Site) -> None:
    site.cluster.kill_component("containerd")
    site.cluster.start_component("containerd")


FAULTS: dict[str, Callable[[Site], None]] = {
    "containerd-restarted": lambda site: site.cluster.restart("containerd"),
    "containerd-killed": kill_containerd,
    "kubelet-restarted": lambda site: site.cluster.restart("kubelet"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_pods_keep_their_networks_and_those_being_started_get_theirs(
    deployed: Site, fault: str
) -> None:
    during = [f"{fault}-{i}" for i in range(6)]
    deployed.create(during)
    FAULTS[fault](deployed)
    deployed.ready(during)
    assert deployed.attached() == set(during) | set(RUNNING)
    assert all(deployed.link(pod) for pod in RUNNING)
    deployed.delete(during)
    settled = lambda: len(deployed.reserved() - deployed.lost()) == len(RUNNING)  # noqa: E731
    deployed.until(settled, "addresses were not freed")
    lost = deployed.lost()
    print(f"{deployed.mode}, {fault}: {len(lost)} addresses lost")
    # Killed between thin's ADD and its own note of the sandbox, the runtime forgets it; thick's
    # daemon has its own.
    assert lost == set() or (deployed.mode, fault) == ("thin", "containerd-killed")
    for address in lost:
        deployed.path(f"{RESERVATIONS}/wide/{address}").unlink()


# Everything of pods that runs is killed at once; what lives in memory is lost, what is on disk
# stays: as after a power cut.
POWER_CUT = """
kill -9 $(pidof containerd-shim-runc-v2)
sleep 0.3
cat $(find /sys/fs/cgroup -path '*kubepods*' -name cgroup.procs) | sort -u | xargs -r kill -9
sleep 0.3
find /sys/fs/cgroup -depth -type d -path '*kubepods/*' -exec rmdir {} +
for held in /run/netns/*; do umount "$held"; rm -f "$held"; done
grep -o ' /run/containerd/[^ ]*' /proc/mounts | sort -r | xargs -r -n1 umount -l
rm -rf /run/containerd /run/multus /run/k8s.cni.cncf.io
for link in $(ls /sys/class/net | grep -E '^(veth|cni0)'); do ip link delete "$link"; done
true
"""


def test_a_node_that_lost_its_power_comes_back_with_every_pods_network(deployed: Site) -> None:
    site = deployed
    before = {p.metadata.name: p.status.container_statuses[0].container_id for p in site.pods()}
    for component in ("kubelet", "containerd"):
        site.cluster.kill_component(component)
    site.cluster.node_run(["sh", "-c", POWER_CUT])
    assert site.configured() != [], "a configuration outlives a node that was not shut down"
    site.cluster.start_component("containerd")
    site.cluster.start_component("kubelet")

    def back() -> bool:
        now = {p.metadata.name: p.status.container_statuses[0] for p in site.pods()}
        return all(now[n].ready and now[n].container_id != before[n] for n in RUNNING)

    took = site.until(back, "the pods were not started again")
    print(f"{site.mode}: every pod is back after {took:.0f} s")
    assert all(site.link(pod) for pod in RUNNING)
    site.rolled_out()
    free = lambda: len(site.reserved()) == len(RUNNING)  # noqa: E731
    site.until(free, "addresses of before were not freed")
    assert site.start(["afterwards"]) == {"afterwards"}
    site.delete(["afterwards"])
