"""whereabouts by its add-on under faults, on two real nodes: no address lost, none given twice."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator

import pytest

import rig
from tests.cluster.wide import GROUP, NAMESPACE, RECONCILER, Wide, macvlan

pytestmark = pytest.mark.cluster

NETWORKS = {
    "lan": macvlan(),
    "few": macvlan("10.64.0.0/24", range_start="10.64.0.1", range_end="10.64.0.4"),
}
PLUGIN = "/opt/cni/bin/whereabouts"
WAVE = int(os.environ.get("MULTINET_WAVE", "12"))
"""Pods at once of a wave, of which there are five."""
RECONCILER_PODS = "app.kubernetes.io/component=ipam-reconciler"


@pytest.fixture(scope="module")
def wide(
    two_nodes: tuple[rig.Cluster, rig.FurtherNode], tmp_path_factory: pytest.TempPathFactory
) -> Wide:
    first, second = two_nodes
    made = Wide(first, second, scratch=tmp_path_factory.mktemp("wide"))
    made.deploy(NETWORKS)
    made.until(lambda: "a run went well" in made.log(RECONCILER), lambda: made.log(RECONCILER))
    return made


@pytest.fixture
def site(wide: Wide) -> Iterator[Wide]:
    yield wide
    wide.delete()
    wide.until(lambda: wide.booked() == [], lambda: f"still booked: {wide.booked()}")


def sound(site: Wide, count: int) -> None:
    """So many pods have an address each, no two the same, and the books say just that."""
    given = site.given()
    assert len(given) == count
    assert all(len(ips) == 1 for ips in given.values()), site.told_of_pods()
    assert site.doubled() == []
    site.until(lambda: len(site.booked()) == count, lambda: f"booked: {site.booked()}")
    assert site.lost() == set()


def agent_on(site: Wide, node: str) -> dict[str, str]:
    (found,) = (a for a in site.agents() if a["spec"]["nodeName"] == node)
    status = found["status"]["containerStatuses"][0]
    return {
        "name": found["metadata"]["name"],
        "uid": found["metadata"]["uid"],
        "restarts": str(status["restartCount"]),
        "ready": str(status["ready"]),
    }


def anew(site: Wide) -> None:
    """Have the reconciler start, and so run, anew, wherever it was."""
    which = f"-l={RECONCILER_PODS}"
    site.kubectl("delete", "pods", f"-n={NAMESPACE}", which, "--grace-period=0", "--force")


def reserved(site: Wide) -> list[str]:
    """Addresses that no other range may give, as the API server has them."""
    kind = f"overlappingrangeipreservations.{GROUP}"
    found = json.loads(site.kubectl("get", kind, f"-n={NAMESPACE}", "-o=json"))["items"]
    return [one["metadata"]["name"] for one in found]


def kill(site: Wide, program: str) -> None:
    site.cluster.node_run(["sh", "-c", f"kill -9 $(pidof {program})"])


def test_an_agent_that_is_killed_comes_back_and_pods_get_their_addresses_meanwhile(
    site: Wide,
) -> None:
    before = agent_on(site, "rig")
    kill(site, "ip-control-loop")
    names = [f"killed-{i}" for i in range(6)]
    site.create(names)
    site.ready(*names)
    sound(site, 6)
    back = lambda: int(agent_on(site, "rig")["restarts"]) > int(before["restarts"])  # noqa: E731
    took = site.until(back, "nobody saw that it died")
    site.until(lambda: agent_on(site, "rig")["ready"] == "True", "it is not ready again")
    print(f"restarted {took:.0f} s after the pods were there; 0 lost, 0 doubled")


def test_an_agents_pod_that_is_deleted_makes_pods_wait_and_none_starts_without_its_network(
    site: Wide,
) -> None:
    gone = agent_on(site, "rig")
    site.kubectl("delete", "pod", f"-n={NAMESPACE}", gone["name"], "--wait=false")
    names = [f"between-{i}" for i in range(6)]
    site.create(names, nodeName="rig")
    site.ready(*names)
    sound(site, 6)


def test_pods_that_start_while_the_api_server_is_away_get_addresses_when_it_is_back(
    site: Wide,
) -> None:
    names = [f"away-{i}" for i in range(8)]
    site.create(names)
    bound = lambda: all(p["spec"].get("nodeName") for p in site.pods())  # noqa: E731
    site.until(bound, "pods were not scheduled")
    site.cluster.stop_component("kube-apiserver")
    time.sleep(6)
    site.cluster.start_component("kube-apiserver")
    began = time.monotonic()
    site.until(lambda: len(site.pods()) == 8, "the API server is not back")
    site.ready(*names)
    print(f"all ready {time.monotonic() - began:.0f} s after the API server was back")
    sound(site, 8)
    site.until_status_is_written()
    print(f"{time.monotonic() - began:.0f} s after it, new pods have their network-status")


def test_a_foreign_writer_of_the_same_plugin_is_told_and_not_fought(site: Wide) -> None:
    other = f"{PLUGIN}.other"
    keep = f"{PLUGIN}.ours"
    site.cluster.node_run(["cp", "-p", PLUGIN, keep])
    # Works, and is not the one that was laid out.
    script = f"cp {PLUGIN} {other} && printf x >>{other} && mv {other} {PLUGIN}"
    site.cluster.node_run(["sh", "-c", script])
    unready = lambda: agent_on(site, "rig")["ready"] == "False"  # noqa: E731
    site.until(unready, "the agent is ready beside another's plugin")
    said = site.log(f"pod/{agent_on(site, 'rig')['name']}")
    assert "somebody else put another /opt/cni/bin/whereabouts there" in said
    site.create(["beside"], nodeName="rig")
    site.ready("beside")
    sound(site, 1)
    site.cluster.node_run(["mv", keep, PLUGIN])
    site.until(lambda: not unready(), "it is not ready when its own is back")


def test_what_is_left_by_a_node_that_lost_its_power_for_good_is_freed_by_the_reconciler(
    site: Wide,
) -> None:
    """Its pods are deleted by force: nobody on the node frees anything."""
    names = [f"cut-{i}" for i in range(4)]
    site.create(names, nodeName="rig-2")
    site.create(["stays"], nodeName="rig")
    site.ready(*names, "stays")
    second = site.further[0]
    # Its programs cannot reach the cluster any more, as after a power cut.
    site.kubectl("cordon", second.name)
    # At the switch: a link that is set down on the node itself loses its routes.
    port = ["ip", "link", "set", f"to-{second.name}"]
    site.cluster.lan_run([*port, "down"])
    try:
        site.delete(*names, force=True)
        assert len(site.booked()) == 5
        anew(site)
        told = lambda: f"{site.booked()}\n{site.log(RECONCILER)}\n{site.told_of_pods()}"  # noqa: E731
        took = site.until(lambda: len(site.booked()) == 1, told)
        print(f"4 of 4 addresses free {took:.0f} s after the reconciler was started anew")
        sound(site, 1)
    finally:
        site.cluster.lan_run([*port, "up"])
        site.kubectl("uncordon", second.name)
    ready = ("--for=condition=Ready", "node/rig-2", "--timeout=180s")
    site.kubectl("wait", *ready)


SLOW = """#!/bin/sh
cat >/dev/null
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}' ;;
ADD)
    until [ -e /run/go-on ]; do sleep 1; done
    printf '{"cniVersion":"1.0.0","interfaces":[{"name":"%s","sandbox":"%s"}],"ips":[]}' \\
        "$CNI_IFNAME" "$CNI_NETNS"
    ;;
esac
"""
SLOW_NAD = {
    "apiVersion": "k8s.cni.cncf.io/v1",
    "kind": "NetworkAttachmentDefinition",
    "metadata": {"name": "slow", "namespace": "default"},
    "spec": {"config": '{"cniVersion": "1.0.0", "name": "slow", "type": "slow"}'},
}


def test_a_pod_that_is_being_started_keeps_its_address_when_the_reconciler_runs(
    site: Wide,
) -> None:
    """It has net1 and waits for net2, so nothing on it shows net1's address yet."""
    write = f"cat >/opt/cni/bin/slow <<'END'\n{SLOW}END\nchmod 755 /opt/cni/bin/slow"
    site.cluster.node_run(["sh", "-c", write])
    site.kubectl("apply", "-f", "-", input=json.dumps(SLOW_NAD))
    try:
        site.create(["waits"], network="lan,slow", nodeName="rig")
        mine = lambda: "default/waits" in {pod for _, pod in site.booked()}  # noqa: E731
        site.until(mine, "it has no address on its first network")
        anew(site)
        told = "ended before it freed anything: default/waits is being started"
        site.until(lambda: told in site.log(RECONCILER), lambda: site.log(RECONCILER))
        assert mine(), "its address was given back while it starts"
        site.cluster.node_run(["touch", "/run/go-on"])
        site.ready("waits")
        assert site.lost() == set()
        went_well = lambda: "a run went well" in site.log(RECONCILER)  # noqa: E731
        site.until(went_well, lambda: site.log(RECONCILER))
        assert mine(), "its address was given back when it ran"
    finally:
        site.cluster.node_run(["touch", "/run/go-on"])
        # Its networks are detached by the plugin, which has to be there till then.
        site.delete("waits")
        site.cluster.node_run(["rm", "-f", "/opt/cni/bin/slow", "/run/go-on"])
        site.kubectl("delete", "network-attachment-definitions", "slow")


def test_a_full_pool_makes_pods_wait_and_each_address_that_comes_free_lets_one_start(
    site: Wide,
) -> None:
    """Six pods on four addresses: two wait; what two of the others leave, they get."""
    names = [f"few-{i}" for i in range(6)]
    site.create(names, network="few")
    having = lambda: {pod: ips for pod, ips in site.given().items() if ips}  # noqa: E731
    site.until(lambda: len(having()) == 4, lambda: f"{having()}\n{site.told_of_pods()}")
    waiting = [name for name in names if name not in having()]
    for pod in waiting:
        where = ("get", "events", f"--field-selector=involvedObject.name={pod}")
        full = lambda w=where: "Could not allocate IP in range" in site.kubectl(*w)  # noqa: E731
        site.until(full, lambda w=where: site.kubectl(*w))
    assert len(site.booked()) == 4
    first, second = [name for name in names if name not in waiting][:2]
    site.delete(first)
    site.delete(second, force=True)
    site.ready(*waiting)
    sound(site, 4)


@pytest.mark.long
def test_pods_that_come_and_go_in_waves_lose_no_address_and_share_none(site: Wide) -> None:
    doubled = 0
    for wave in range(5):
        names = [f"wave{wave}-{i}" for i in range(WAVE)]
        site.create(names)
        site.ready(*names)
        doubled += len(site.doubled())
        if wave % 2:
            site.delete(*names)
        else:
            site.delete(*names[: WAVE // 2])
            site.delete(*names[WAVE // 2 :], force=True)
    assert doubled == 0
    anew(site)
    left = lambda: (site.booked(), reserved(site))  # noqa: E731
    site.until(lambda: left() == ([], []), lambda: f"lost: {left()}")
    print(f"{5 * WAVE} pods: 0 lost, 0 doubled")
