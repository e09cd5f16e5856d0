"""While a DaemonSet rolls, two pods on a node keep its plugins: neither undoes the other's work."""

from __future__ import annotations

import os
import random
import shutil
import time

import pytest

from tests.unit.addons.nodes import Node

SLOW = ("sed", "sync", "mv", "stat", "cp", "sha256sum")


def test_while_it_rolls_the_next_one_takes_over_and_nothing_is_ever_missing(node: Node) -> None:
    old = node.pod("a")
    inode = (node.bin / "macvlan").stat().st_ino
    new = node.pod("b")
    assert "another pod's" in old.end()
    assert (node.bin / "macvlan").stat().st_ino == inode
    new.end()
    assert sorted(node.listing()) == ["loopback"]


def test_when_the_next_one_is_taken_back_the_one_before_lays_them_out_again(node: Node) -> None:
    old = node.pod("a")
    node.pod("b").end()
    node.wait(lambda: node.content("macvlan") == node.made("macvlan"), old)
    old.end()
    assert sorted(node.listing()) == ["loopback"]


def slow_tools(node: Node) -> str:
    """A PATH whose programs each take up to a tenth of a second: what is done between two of them
    is done between any two."""
    tools = node.directory / "tools"
    tools.mkdir()
    for tool in SLOW:
        pause = 'sleep 0.0$(od -An -N1 -tu1 /dev/urandom | tr -d " " | tail -c 2)'
        (tools / tool).write_text(f'#!/bin/sh\n{pause}\nexec {shutil.which(tool)} "$@"\n')
        (tools / tool).chmod(0o755)
    return f"{tools}:{os.environ['PATH']}"


@pytest.mark.parametrize("seed", range(4))
def test_whoever_comes_and_goes_meanwhile_the_last_one_leaves_nothing(
    node: Node, seed: int
) -> None:
    chance, path = random.Random(seed), slow_tools(node)
    pods = [node.pod("0", PATH=path)]
    for turn in range(1, 5):
        if chance.random() < 0.5:
            (node.bin / "macvlan").unlink(missing_ok=True)  # so that the one before is at it, too
        time.sleep(chance.uniform(0, 0.3))
        pods.append(node.pod(str(turn), ready=chance.random() < 0.5, PATH=path))
        time.sleep(chance.uniform(0, 0.3))
        pods.pop(chance.randrange(2)).end()
    for pod in pods:
        pod.end()
    assert sorted(node.listing()) == ["loopback"], [pod.log for pod in node.pods]
