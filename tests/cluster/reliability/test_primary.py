"""The primary CNI under Multus: late, changed, one of two, newer, and another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from rig.cluster import configs
from tests.cluster.reliability.site import CONF_DIR, PATIENCE, Site

pytestmark = pytest.mark.cluster

PRIMARY = configs.PRIMARY_CONFLIST
EARLY = [f"early-{i}" for i in range(5)]


def write_primary(site: Site, name: str = PRIMARY, version: str = "0.3.1", mtu: int = 1500) -> None:
    """The rig's own primary network, told from others by the MTU of the pods' eth0."""
    content: dict[str, Any] = configs.primary_conflist(version)
    content["plugins"][0]["mtu"] = mtu
    site.write(f"{CONF_DIR}/{name}", content)


def mtu(site: Site, pod: str) -> int:
    found = re.search(r" mtu (\d+) ", site.link(pod, "eth0"))
    assert found, "the pod has no eth0"
    return int(found.group(1))


@pytest.fixture(scope="module", params=["thick", "thin"])
def late(request: pytest.FixtureRequest, site: Site) -> Iterator[Site]:
    """Multus, deployed where there is no primary yet, and pods that nothing else holds back."""
    site.mode = request.param
    for path in site.path(CONF_DIR).glob("*.conflist"):
        path.unlink()
    site.deploy(site.mode, wait=False)
    (multus,) = site.multus_pods(1)
    running = "--for=jsonpath={.status.containerStatuses[0].started}"
    site.kubectl("wait", "-n", "kube-system", f"pod/{multus}", running, f"--timeout={PATIENCE}s")
    site.create(EARLY, tolerations=[{"operator": "Exists"}])
    yield site
    site.clear()
    site.remove()


# These run in this order, on one deployment: each leaves the primary as the next one needs it.


def test_multus_that_was_there_before_the_primary(late: Site) -> None:
    late.cluster.node_run(["sleep", "4"])
    assert late.configured() == []
    write_primary(late)
    took = late.until(lambda: late.configured() != [], "Multus did not find the primary")
    late.ready(EARLY)
    attached = late.attached()
    said = f"configured {took:.1f} s after the primary, {len(attached)} of 5 with net1"
    print(f"{late.mode}: {said}")
    late.rolled_out()
    assert late.start(["late"]) == {"late"}


def test_of_two_primaries_the_named_one_is_taken_whatever_sorts_first(late: Site) -> None:
    write_primary(late, "01-other.conflist", mtu=1300)
    late.restart_multus()
    assert late.start(["two"]) == {"two"}
    assert mtu(late, "two") == 1500


def test_a_changed_primary_is_followed_and_running_pods_stay_as_they_are(late: Site) -> None:
    write_primary(late, mtu=1400)
    took = late.until(lambda: "1400" in late.configuration(), "the change was not followed")
    print(f"{late.mode}: followed after {took:.1f} s")
    late.cluster.node_run(["sleep", "2"])  # for the runtime to see it
    assert late.start(["changed"]) == {"changed"}
    assert (mtu(late, "late"), mtu(late, "changed")) == (1500, 1400)


def test_a_primary_that_moves_to_cni_1_0(late: Site) -> None:
    assert late.configured() == ["00-multus.conf"]
    write_primary(late, version="1.0.0", mtu=1450)
    # Thin's entrypoint ends, since it was started for the other version, and takes its file
    # along; when it is started again it writes one of another name.
    wanted = "00-multus.conf" if late.mode == "thick" else "00-multus.conflist"

    def followed() -> bool:
        return late.configured() == [wanted] and "1450" in late.configuration()

    took = late.until(followed, "the change was not followed")
    print(f"{late.mode}: the version was followed after {took:.1f} s")
    late.cluster.node_run(["sleep", "2"])
    assert late.start(["newer"]) == {"newer"}
    assert mtu(late, "newer") == 1450
    late.delete(["two", "newer"])


def test_a_primary_of_another_name(late: Site) -> None:
    write_primary(late, "20-other.conflist", "1.0.0", mtu=1350)
    late.deploy(late.mode, "20-other.conflist")
    assert late.start(["renamed"]) == {"renamed"}
    assert (mtu(late, "late"), mtu(late, "renamed")) == (1500, 1350)
    assert late.link("late"), "what runs keeps its interfaces"
    before = len(late.reserved("rig"))
    late.delete(["late", "renamed"])
    late.until(lambda: len(late.reserved("rig")) == before - 2, "the primary's were not freed")
