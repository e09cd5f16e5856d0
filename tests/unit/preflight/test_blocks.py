"""What an `up` says of blocks that are in use, of nodes that get none, and of nodes that are gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from multinet.blocks import objects
from multinet.findings.model import check
from multinet.names import NETWORKS, OWNER, PER_NODE
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings
from tests.unit.live import recorded
from tests.unit.preflight import clusters as c

Object = dict[str, Any]


def lan(subnet: str = "10.50.0.0/24", size: int | None = 26, **ipam: str) -> Object:
    config = {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "ipam": {"type": "host-local", "subnet": subnet, **ipam},
    }
    return (
        {"config": config} if size is None else {"config": config, "perNode": {"blockSize": size}}
    )


def there(given: Object, owner: str = c.ME) -> Object:
    settings, found = check(NetworkSettings, given)
    assert settings is not None, found
    made = nad.manifest("lan", settings)
    made["metadata"].setdefault("annotations", {})[OWNER] = owner
    return made


def lease(number: int, node: str) -> Object:
    name = f"{objects.CLAIM}{number}"
    return c.named(name, "kube-system", labels=objects.BOOK) | {"spec": {"holderIdentity": node}}


def said(
    directory: Path,
    after: Object,
    *,
    before: Object | None = None,
    pods: Iterable[Object] = (),
    nodes: Iterable[str] = (),
    leases: Mapping[int, str] | None = None,
    daemon_sets: Iterable[Object] = (),
) -> str:
    cluster = c.cluster(
        *daemon_sets,
        nads=[before] if before else [],
        pods=pods,
        nodes=[c.node(name) for name in nodes],
    )
    directory.mkdir(exist_ok=True)
    book = [lease(number, node) for number, node in (leases or {}).items()]
    path = "/apis/coordination.k8s.io/v1/leases"
    cluster.lists[path] = book
    with recorded.serving(cluster, directory) as serving:
        declared = c.stack(serving, networks={"lan": after})
        return c.refused(declared) + c.warned(declared)


POD = c.pod("web-1", "default/lan")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lan(), lan(size=27)),
        (lan(), lan(size=25)),
        (lan("10.50.1.0/24"), lan("10.50.0.0/16")),
        (lan(), lan(rangeStart="10.50.0.64")),
        (lan(size=None), lan()),
    ],
)
def test_blocks_do_not_move_while_pods_are_on_them(
    tmp_path: Path, before: Object, after: Object
) -> None:
    told = said(tmp_path / "a", after, before=there(before), pods=[POD])
    assert "error[blocks-moved] multinet:networks.lan.perNode" in told
    assert "pod default/web-1 has addresses" in told
    assert "blocks-moved" not in said(tmp_path / "b", after, before=there(before))


@pytest.mark.parametrize(
    "after", [lan("10.50.0.0/16"), lan("10.50.0.0/23"), lan(rangeEnd="10.50.0.199"), lan()]
)
def test_a_range_may_grow_and_shrink_at_its_end(tmp_path: Path, after: Object) -> None:
    assert "error" not in said(tmp_path, after, before=there(lan()), pods=[POD], nodes=["a", "b"])


def test_what_would_take_a_nodes_block_away_is_refused(tmp_path: Path) -> None:
    leases = {0: "a", 3: "b"}
    told = said(tmp_path / "a", lan(rangeEnd="10.50.0.191"), nodes=["a", "b"], leases=leases)
    assert "error[blocks-too-few] multinet:networks.lan.perNode" in told
    assert "the numbers of b are above" in told
    assert "error" not in said(tmp_path / "b", lan(), nodes=["a", "b"], leases=leases)


def test_more_nodes_than_blocks_are_refused(tmp_path: Path) -> None:
    told = said(tmp_path, lan(), nodes=[f"n{i}" for i in range(5)])
    assert "has 4 blocks, and the cluster 5 nodes" in told


def test_nodes_that_are_gone_are_named_with_what_gives_their_blocks_back(tmp_path: Path) -> None:
    told = said(tmp_path, lan(), nodes=["a"], leases={0: "a", 2: "old-1", 3: "old-2"})
    assert "warning[blocks-of-gone-nodes]" in told
    assert "nodes old-1, old-2 left the cluster" in told
    assert "kubectl -n kube-system delete lease multinet-block-2 multinet-block-3" in told


def test_pods_that_keep_what_a_network_was_are_told(tmp_path: Path) -> None:
    pod = c.pod("web-1", "default/lan")
    pod["metadata"]["annotations"][NETWORKS] = "lan"
    told = said(tmp_path / "a", lan("10.50.0.0/16"), before=there(lan()), pods=[pod])
    assert "warning[pods-keep-old] multinet:networks.lan" in told
    assert "pods-keep-old" not in said(tmp_path / "b", lan(), before=there(lan()), pods=[pod])


def test_another_stacks_book_is_not_taken_over(tmp_path: Path) -> None:
    theirs = c.daemon_set(objects.NAME)
    theirs["metadata"]["annotations"] = {OWNER: "multinet/other"}
    told = said(tmp_path, lan(), daemon_sets=[theirs])
    assert "error[owned-by-others] multinet:networks" in told
    assert "belongs to the stack multinet/other" in told


def test_nothing_of_a_book_is_asked_where_there_are_no_blocks(tmp_path: Path) -> None:
    cluster = c.cluster()
    with recorded.serving(cluster, tmp_path) as serving:
        c.refused(c.stack(serving, networks={"lan": lan(size=None)}))
        assert not [path for path in serving.asked if "leases" in path]


def test_what_the_nodes_have_is_read_back_from_the_nad() -> None:
    made = there(lan())
    assert json.loads(made["metadata"]["annotations"][PER_NODE]) == lan()
