"""Addresses of running pods that a changed network would hand out again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.live import recorded
from tests.unit.preflight import clusters as c

CODE = "addresses-given-again"


def bridge(ipam: Mapping[str, Any], bridge: str = "br1", **more: Any) -> dict[str, Any]:
    return {"cniVersion": "1.0.0", "type": "bridge", "bridge": bridge, "ipam": {**ipam}, **more}


def local(subnet: str = "10.7.1.0/24", **more: Any) -> dict[str, Any]:
    return {"type": "host-local", "subnet": subnet, **more}


def pool(range: str = "10.7.1.0/24", **more: Any) -> dict[str, Any]:
    return {"type": "whereabouts", "range": range, **more}


def said(
    directory: Path,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    pods: list[dict[str, Any]] | None = None,
    owner: str = c.ME,
    name: str = "new",
) -> tuple[str, list[str]]:
    """What an `up` is told where network `old` is there with pods on it; and what was asked."""
    attached = [c.pod("web-1", "default/old")] if pods is None else pods
    there = c.cluster(nads=[c.nad("old", before, owner)], pods=attached)
    with recorded.serving(there, directory) as cluster:
        declared = c.stack(cluster, networks={name: {"config": dict(after)}})
        return c.refused(declared) + c.warned(declared), cluster.asked


def test_a_network_that_is_renamed_while_pods_run_is_refused_with_what_keeps_the_books(
    tmp_path: Path,
) -> None:
    found, _ = said(tmp_path, bridge(local()), bridge(local()))
    assert f"error[{CODE}] multinet:networks.new" in found
    assert "pod default/web-1 has addresses of network old" in found
    assert "way out: keep the books: config.name: old" in found
    kept, _ = said(tmp_path, bridge(local()), bridge(local(), name="old"))
    assert CODE not in kept


@pytest.mark.parametrize(
    ("before", "after", "name", "told"),
    [
        # The books are called like the CNI network, wherever that is written.
        (bridge(local()), bridge(local(), name="other"), "old", "error"),
        (bridge(local(), name="cni"), bridge(local(), name="cni"), "new", ""),
        (bridge(local()), bridge(local(dataDir="/run/books")), "old", "error"),
        # Part of the range is enough, another one is none.
        (bridge(local()), bridge(local(rangeStart="10.7.1.100")), "new", "error"),
        (bridge(local()), bridge(local("10.7.2.0/24")), "new", ""),
        # On another segment nobody meets them.
        (bridge(local()), bridge(local(), "br2"), "new", ""),
        # whereabouts goes by the range, whatever the network is called.
        (bridge(pool()), bridge(pool()), "new", ""),
        (bridge(local()), bridge(pool()), "old", "warning"),
        (bridge(pool()), bridge(pool(network_name="mine")), "old", "warning"),
        # Nothing is handed out.
        (bridge(local()), bridge({"type": "dhcp"}), "new", ""),
        (bridge({"type": "static", "addresses": [{"address": "10.7.1.5/24"}]}),
         bridge(local()), "new", ""),
        # As it is.
        (bridge(local()), bridge(local()), "old", ""),
    ],
)  # fmt: skip
def test_which_changes_begin_with_empty_books(
    tmp_path: Path, before: dict[str, Any], after: dict[str, Any], name: str, told: str
) -> None:
    found, _ = said(tmp_path, before, after, name=name)
    assert (f"{told}[{CODE}]" in found) is bool(told)
    assert (CODE in found) is bool(told)


@pytest.mark.parametrize(
    "pods",
    [
        [],
        [c.pod("web-1")],
        [c.pod("web-1", "default/older", "lab/old")],
        [c.pod("done", "default/old", phase="Succeeded")],
    ],
)
def test_without_running_pods_on_it_a_network_may_be_renamed(
    tmp_path: Path, pods: list[dict[str, Any]]
) -> None:
    found, asked = said(tmp_path, bridge(local()), bridge(local()), pods=pods)
    assert CODE not in found
    assert "/api/v1/pods" in asked


def test_all_pods_are_listed_only_where_a_network_is_renamed(tmp_path: Path) -> None:
    _, asked = said(tmp_path, bridge(local()), bridge(local()), name="old")
    assert "/api/v1/pods" not in asked


def test_networks_of_others_are_not_this_stacks_to_rename(tmp_path: Path) -> None:
    found, _ = said(tmp_path, bridge(local()), bridge(local()), owner="multinet/other")
    assert CODE not in found
