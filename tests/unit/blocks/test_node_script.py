"""The script of a node, with files in place of a node and a book that keeps Leases as the API does.

tests/cluster/test_node_book.py has it with the real API server, test_node_blocks.py with Multus.
"""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.blocks import objects
from multinet.networks.settings import NetworkSettings
from tests.unit.blocks.scripted import LAN, Book, Node, host_local, network, until

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@pytest.fixture
def book() -> Iterator[Book]:
    made = Book()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def nodes(tmp_path: Path, book: Book) -> Iterator[Any]:
    made: list[Node] = []

    def make(name: str, **networks: NetworkSettings) -> Node:
        node = Node(tmp_path, name, book)
        node.declare(**networks)
        made.append(node)
        return node

    yield make
    for node in made:
        node.end(signal.SIGKILL)


def test_nodes_that_start_at_once_take_numbers_of_their_own(nodes: Any, book: Book) -> None:
    """Six of eight blocks: the others' claims are seen, and nobody's is written over."""
    small = network(host_local("10.50.0.0/27"), {"blockSize": 30})
    every = [nodes(f"n{i}", small=small, lan=LAN) for i in range(6)]
    for node in every:
        node.start()
    assert until(lambda: all(node.ready() for node in every))
    numbers = book.numbers()
    assert sorted(numbers) == [f"n{i}" for i in range(6)]
    assert len(set(numbers.values())) == 6
    assert max(numbers.values()) < 8, "those that every network has a block for come first"
    blocks = LAN.blocks
    assert blocks is not None
    for node in every:
        (block,) = blocks.of(numbers[node.name])
        assert node.ends("lan") == [(str(block.first), str(block.last))]


def test_what_a_node_has_under_another_name_is_in_its_own_file_alone(nodes: Any) -> None:
    a, b = nodes("a", lan=LAN), nodes("b", lan=LAN)
    for node in (a, b):
        node.start()
        assert until(node.ready)
    assert a.seen()["lan"]["master"] == "eth0"
    assert b.seen()["lan"]["master"] == "ens5"
    assert a.ends("lan") == [("10.50.0.1", "10.50.0.63")]
    assert b.ends("lan") == [("10.50.0.64", "10.50.0.127")]


@pytest.mark.parametrize(
    ("subnets", "per_node", "number"),
    [
        (("10.0.0.0/8",), {"blockSize": 22}, 16383),
        (("10.0.0.0/8",), {"blockSize": 22}, 300),
        (("10.0.255.128/25",), {"blockSize": 30}, 31),
        (("172.16.0.0/12", "fd00:1:2::/48"), {"blockSize": 24, "blockSizeIpv6": 64}, 4095),
        (("fd00::ffff:0/112",), {"blockSizeIpv6": 120}, 255),
        (("fd00::/64",), {"blockSizeIpv6": 80}, 65535),
        (("fd00::/32",), {"blockSizeIpv6": 47}, 32767),
    ],
)
def test_its_block_is_the_one_that_the_package_reckons(
    nodes: Any, book: Book, subnets: tuple[str, ...], per_node: dict[str, int], number: int
) -> None:
    made = network(host_local(*subnets), per_node)
    book.leases[f"{objects.CLAIM}{number}"] = "a"
    node = nodes("a", lan=made)
    node.start()
    assert until(node.ready)
    blocks = made.blocks
    assert blocks is not None
    wanted = [(r.first, r.last) for r in blocks.of(number)]
    assert wanted
    got = [(ipaddress.ip_address(f), ipaddress.ip_address(t)) for f, t in node.ends("lan")]
    assert got == wanted


def test_a_node_without_a_block_left_lays_out_nothing_and_says_so(nodes: Any, book: Book) -> None:
    tiny = network(host_local("10.50.0.0/29"), {"blockSize": 30})
    book.leases |= {f"{objects.CLAIM}0": "x", f"{objects.CLAIM}1": "y"}
    node = nodes("a", lan=tiny)
    node.start()
    assert until(lambda: b"no block is left" in node.log.read_bytes())
    assert not node.ready()
    assert node.seen() == {}


def test_a_network_with_fewer_blocks_is_left_out_and_the_others_are_not(
    nodes: Any, book: Book
) -> None:
    tiny = network(host_local("10.60.0.0/29"), {"blockSize": 30})
    book.leases |= {f"{objects.CLAIM}0": "x", f"{objects.CLAIM}1": "y"}
    node = nodes("a", tiny=tiny, lan=LAN)
    node.start()
    assert until(node.ready)
    assert [*node.seen()] == ["lan"]
    assert b"no block of its own in: tiny" in node.log.read_bytes()


def test_while_the_book_does_not_answer_there_is_nothing_to_start_pods_by(
    nodes: Any, book: Book
) -> None:
    book.away = 500
    node = nodes("a", lan=LAN)
    node.start()
    assert until(lambda: b"waiting for the API server: 500" in node.log.read_bytes())
    assert node.seen() == {}
    book.away = 0
    assert until(node.ready)
    # Once it has its number, an outage takes nothing away.
    node.end(signal.SIGKILL)
    node.start(confirm=0)
    assert until(node.ready)
    book.away = 503
    asked = len(book.asked)
    assert until(lambda: len(book.asked) > asked + 3)
    assert [*node.seen()] == ["lan"]


def test_a_killed_script_and_a_boot_leave_the_number_as_it_is(nodes: Any, book: Book) -> None:
    book.leases[f"{objects.CLAIM}0"] = "x"
    node = nodes("a", lan=LAN)
    node.start()
    assert until(node.ready)
    node.end(signal.SIGKILL)
    assert [*node.seen()] == ["lan"]
    # A boot: what is in memory is gone, and what leads there is taken away before anything else.
    for file in node.files.iterdir():
        file.unlink()
    del book.leases[f"{objects.CLAIM}0"]
    book.away = 500
    node.start()
    assert until(lambda: not [*node.links.iterdir()])
    book.away = 0
    assert until(node.ready)
    assert book.numbers() == {"a": 1}


def test_a_number_that_somebody_deleted_is_taken_again_and_a_lost_one_is_given_up(
    nodes: Any, book: Book
) -> None:
    node = nodes("a", lan=LAN)
    book.leases[f"{objects.CLAIM}0"] = "x"
    node.start(confirm=0)
    assert until(node.ready)
    del book.leases[f"{objects.CLAIM}1"]
    assert until(lambda: book.numbers().get("a") == 1)
    book.leases[f"{objects.CLAIM}1"] = "thief"
    assert until(lambda: book.numbers().get("a") == 2)
    assert until(lambda: node.seen() and node.ends("lan") == [("10.50.0.128", "10.50.0.191")])
    assert b"number 1 is another node's now" in node.log.read_bytes()


def test_what_is_changed_on_the_node_is_mended_and_what_is_others_stays(nodes: Any) -> None:
    node = nodes("a", lan=LAN)
    others = node.links / "10-storage.conf"
    others.write_text('{"name": "storage", "type": "ptp"}')
    node.start()
    assert until(node.ready)
    link = next(file for file in node.links.iterdir() if file.name.startswith("zz-multinet-"))
    (node.files / "lan.conf").write_text("{}")
    link.unlink()
    link.write_text('{"name": "lan", "type": "bridge"}')
    assert until(lambda: link.is_symlink() and node.seen().get("lan", {}).get("type") == "macvlan")
    node.end()
    assert [file.name for file in node.links.iterdir()] == ["10-storage.conf"]
    assert [*node.files.iterdir()] == []


def test_a_network_that_is_dropped_goes_and_one_that_grows_keeps_its_block(
    nodes: Any, book: Book
) -> None:
    book.leases[f"{objects.CLAIM}0"] = "x"
    more = network(host_local("10.60.0.0/24"), {"blockSize": 28})
    node = nodes("a", lan=LAN, more=more)
    node.start()
    assert until(node.ready)
    assert [*node.seen()] == ["lan", "more"]
    node.declare(lan=network(host_local("10.50.0.0/15"), {"blockSize": 26}))
    assert until(lambda: [*node.seen()] == ["lan"])
    assert until(lambda: "10.50.0.0/15" in json.dumps(node.seen()))
    assert node.ends("lan") == [("10.50.0.64", "10.50.0.127")]


def test_no_file_is_ever_seen_half_written(nodes: Any) -> None:
    node = nodes("a", lan=LAN)
    node.start()
    assert until(node.ready)
    masters = [f"eth{i}" for i in range(20)]
    for master in masters:
        text = json.dumps(LAN.config.raw | {"master": master, "name": "lan"})
        # Whole at once, as the kubelet brings a ConfigMap's change.
        (node.config.parent / "next").write_text(text)
        (node.config.parent / "next").rename(node.config / "lan.conf")
        for _ in range(20):
            assert [*node.seen()] == ["lan"]
            time.sleep(0.005)


def test_the_script_reads_well() -> None:
    shellcheck = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    if shellcheck is None:
        pytest.skip("no shellcheck")
    script = objects.script()
    ran = subprocess.run(
        [shellcheck, "-"], input=script, capture_output=True, text=True, check=False
    )
    assert not re.sub(r"\s", "", ran.stdout), ran.stdout
