"""Multus replaced under running pods: other versions, the other mode, another primary."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from multinet import versions
from rig.parts import version_of
from tests.cluster.reliability.site import Site
from tests.cluster.reliability.traffic import Traffic

pytestmark = pytest.mark.cluster

OLD = "multus-previous"
STEPS = {
    # From a fresh node on, in this order: name → mode, and whether it is the older release.
    "thin": ("thin", True),
    "thin to a newer thin": ("thin", False),
    "thin to thick, and to an older release": ("thick", True),
    "thick to a newer thick": ("thick", False),
    "thick to thin": ("thin", False),
}
UPGRADES = [name for name in STEPS if " to " in name]
KEPT = ("kept-0", "kept-1", "kept-2")
"""Pods from before the first upgrade that live through all of them."""


@dataclasses.dataclass
class Upgrade:
    """What was seen while one Multus replaced another.

    Attributes:
        created: pods that were created meanwhile.
        without: those of them that run without net1.
        away: seconds without a configuration of Multus on the node.
        image: what Multus runs afterwards.
        kept: the pods from before that still have their interface.
        after: whether a pod that is started afterwards has its network.
    """

    created: int
    without: list[str]
    away: float
    image: str
    kept: list[str]
    after: bool


@pytest.fixture(scope="module")
def upgrades(site: Site, previous: dict[str, str]) -> Iterator[dict[str, Upgrade]]:
    """Every step in turn, each under traffic; the pods of all of them still run."""
    seen: dict[str, Upgrade] = {}
    try:
        for number, (step, (mode, old)) in enumerate(STEPS.items()):
            image = {"image": previous[mode]} if old else {}
            if not number:
                site.deploy(mode, **image)
                assert site.start(KEPT) == set(KEPT)
                continue
            # The pods of all four steps still run at the end.
            with Traffic(site, f"step{number}", 0.35, slower=1.12, most=25) as traffic:
                site.deploy(mode, **image)
                site.multus_pods(1)  # the one before has gone
                site.cluster.node_run(["sleep", "1.5"])
            without = traffic.without()
            (multus,) = site.multus()
            runs = multus["spec"]["containers"][0]["image"]
            kept = [pod for pod in KEPT if site.link(pod)]
            last = f"after{number}"
            after = site.start([last]) == {last}
            seen[step] = Upgrade(len(traffic.names), without, traffic.away, runs, kept, after)
            site.delete(traffic.names[len(traffic.names) // 2 :])
        yield seen
    finally:
        site.clear()
        site.remove()


@pytest.mark.parametrize("step", UPGRADES)
def test_running_pods_keep_their_network_and_new_ones_are_attached_after_it(
    upgrades: dict[str, Upgrade], step: str
) -> None:
    seen = upgrades[step]
    print(f"{step}: {len(seen.without)} of {seen.created} without net1, {seen.away:.1f} s away")
    mode, old = STEPS[step]
    version = version_of(OLD) if old else versions.MULTUS
    assert seen.image.endswith(f":{version}{'-thick' if mode == 'thick' else ''}")
    assert seen.kept == list(KEPT)
    assert seen.created > 0
    assert seen.after


def test_no_pod_starts_without_its_network_while_thick_is_replaced_by_thick(
    upgrades: dict[str, Upgrade],
) -> None:
    seen = upgrades["thick to a newer thick"]
    assert seen.without == []
    assert seen.away == 0


@pytest.mark.parametrize("step", [s for s in UPGRADES if s != "thick to a newer thick"])
def test_where_thin_takes_part_pods_may_start_without_it_only_while_multus_is_away(
    upgrades: dict[str, Upgrade], step: str
) -> None:
    # Thin takes the configuration away when it ends. A second or two, where it is not alone.
    seen = upgrades[step]
    # In one piece: the pods that were created one after another meanwhile.
    numbers = sorted(int(name.rpartition("-")[2]) for name in seen.without)
    assert not numbers or numbers[-1] - numbers[0] < len(numbers) + 4


def test_all_those_pods_are_deleted_cleanly_and_their_addresses_are_free(
    upgrades: dict[str, Upgrade], site: Site
) -> None:
    site.clear()
    site.until(lambda: site.reserved() == site.lost(), "addresses were not freed")
    lost = site.lost()
    print(f"{len(lost)} addresses lost")
    # On a busy machine thin is away for half a minute, and an attach that fails then is undone by
    # the primary alone: one in each replacement that thin takes part in.
    assert len(lost) <= sum("thin" in step for step in UPGRADES)
