"""Someone's hand on the node: Multus's files removed or edited, its pod deleted or killed."""

from __future__ import annotations

import json

import pytest

from tests.cluster.reliability.site import CONF_DIR, RUNNING, Site
from tests.cluster.reliability.traffic import Traffic

pytestmark = pytest.mark.cluster


def break_configuration(site: Site, how: str) -> None:
    (name,) = site.configured()
    if how == "removed":
        (site.path(CONF_DIR) / name).unlink()
    else:
        edited = json.loads(site.configuration())
        edited["type" if "type" in edited else "name"] = "loopback"
        site.write(f"{CONF_DIR}/{name}", edited)


@pytest.mark.parametrize("how", ["removed", "edited"])
def test_a_configuration_that_was_broken_by_hand(deployed: Site, how: str) -> None:
    site, good = deployed, deployed.configuration()
    break_configuration(site, how)

    def is_good() -> bool:
        return bool(site.configured()) and site.configuration() == good

    if site.mode == "thick":
        took = site.until(is_good, "not restored")
        print(f"{site.mode}, {how}: restored in {took:.1f} s")
        assert "restored" in site.multus_log()
    else:
        # Thin's entrypoint looks at the primary's configuration only, not at its own.
        site.cluster.node_run(["sleep", "2"])
        assert not is_good()
        if how == "removed":
            assert site.start(["alone"]) == set(), "on the primary alone, and Ready"
            assert site.link("alone", "eth0")
        site.kubectl("delete", "pod", "-n", "kube-system", site.multus()[0]["metadata"]["name"])
        site.until(is_good, "not restored by Multus's restart")
        site.rolled_out()
    assert site.start([how]) == {how}
    site.delete({how, "alone"} & {pod.metadata.name for pod in site.pods()})


def test_a_socket_that_was_removed_comes_back(deployed: Site) -> None:
    if deployed.mode == "thin":
        pytest.skip("thin has none")
    deployed.cluster.node_run(["rm", "-rf", "/run/multus"])
    # Pods wait meanwhile, and are not started without their network.
    assert deployed.start(["socketless"]) == {"socketless"}
    assert deployed.path("/run/multus/multus.sock").is_socket()
    assert deployed.configured() == ["00-multus.conf"]
    deployed.delete(["socketless"])


def test_a_pod_of_multus_that_was_deleted_comes_back(deployed: Site) -> None:
    (before,) = deployed.multus()
    with Traffic(deployed, "deleted", 0.4) as traffic:
        deployed.kubectl("delete", "pod", "-n", "kube-system", before["metadata"]["name"])
        deployed.rolled_out()
    without = traffic.without()
    said = f"{traffic.away:.1f} s away, {len(without)} of {len(traffic.names)} without net1"
    print(f"{deployed.mode}: {said}")
    assert deployed.multus()[0]["metadata"]["uid"] != before["metadata"]["uid"]
    assert traffic.away > 0
    assert traffic.names[-1] not in without
    deployed.delete(traffic.names)


def test_a_daemon_that_was_killed_comes_back_and_pods_wait_for_it(deployed: Site) -> None:
    if deployed.mode == "thin":
        pytest.skip("thin has no process that pods are attached by")
    with Traffic(deployed, "killed", 0.4) as traffic:
        deployed.cluster.node_run(["sh", "-c", "kill -9 $(pidof multus-daemon); sleep 3"])
    assert traffic.without() == []
    assert traffic.away == 0
    (multus,) = deployed.multus()
    assert multus["status"]["containerStatuses"][0]["restartCount"] > 0
    deployed.delete(traffic.names)
    assert deployed.attached() == set(RUNNING)
