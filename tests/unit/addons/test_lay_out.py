"""The script that keeps plugins on a node, with directories in the place of a node's."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from tests.unit.addons.nodes import PROGRAM, Node, digest

PLUGIN = b"#!/bin/sh\necho '{\"supportedVersions\":[]}'\n"
RECORD = ".multinet-plugins"


def test_what_is_asked_for_is_laid_out_recorded_and_taken_away_again(node: Node) -> None:
    before = node.listing()
    pod = node.pod("a")
    assert node.content("macvlan") == node.made("macvlan")
    assert (node.bin / "macvlan").stat().st_mode & 0o7777 == 0o755
    assert not (node.bin / "vlan").exists(), "nobody asked for it"
    first, *rest = (node.bin / RECORD).read_text().splitlines()
    assert first == "pod a"
    names = ("host-local", "macvlan")
    ours = [f"{n} {digest(node.made(n))} {(node.bin / n).stat().st_ino}" for n in names]
    assert sorted(rest) == ours
    assert "taken away" in pod.end()
    assert node.listing() == before


def test_nothing_is_written_while_nothing_changes(node: Node) -> None:
    node.pod("a")
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in node.bin.iterdir()}
    directory = node.bin.stat().st_mtime_ns
    time.sleep(0.5)
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in node.bin.iterdir()} == before
    assert node.bin.stat().st_mtime_ns == directory


def test_what_others_brought_before_stays_as_it_is(node: Node) -> None:
    (node.bin / "macvlan").write_bytes(b"others'")
    before = node.listing()
    pod = node.pod("a")
    assert node.content("macvlan") == b"others'"
    assert pod.log.count("macvlan is there already, and others brought it") == 1
    pod.end()
    assert node.listing() == before


def test_the_same_file_that_others_brought_is_still_theirs(node: Node) -> None:
    """RKE2's image and ours hold the same bytes."""
    (node.bin / "macvlan").write_bytes(node.made("macvlan"))
    before = node.listing()
    node.pod("a").end()
    assert node.listing() == before


@pytest.mark.parametrize("harm", ["removed", "cut short", "emptied", "overwritten"])
def test_what_was_removed_or_damaged_is_laid_out_again(node: Node, harm: str) -> None:
    pod = node.pod("a")
    file = node.bin / "macvlan"
    if harm == "removed":
        file.unlink()
    elif harm == "overwritten":
        with file.open("r+b") as opened:
            opened.seek(100)
            opened.write(b"\0" * 100)
    else:
        os.truncate(file, 0 if harm == "emptied" else 1000)
    node.wait(lambda: node.content("macvlan") == node.made("macvlan"), pod)
    node.wait(lambda: "laid out again" in pod.log, pod)
    pod.end()
    assert not file.exists()


def test_a_damaged_program_is_never_taken_for_a_script(node: Node) -> None:
    """A shell runs what the kernel does not, line by line."""
    pod, harm = node.pod("a"), node.directory / "harm"
    (node.bin / "macvlan").write_text(f"echo supportedVersions; : >{harm}\n")
    node.wait(lambda: "laid out again" in pod.log, pod)
    assert not harm.exists()
    assert not list(node.bin.glob(".*probe*"))


@pytest.mark.parametrize("how", ["by a rename", "in place"])
def test_what_others_put_in_its_place_is_theirs_from_then_on(node: Node, how: str) -> None:
    """Renamed into place it has another inode; copied over it, it is one that answers as a plugin."""
    pod = node.pod("a")
    if how == "by a rename":
        (node.bin / "new").write_bytes(b"of others")
        (node.bin / "new").rename(node.bin / "macvlan")
    else:
        (node.bin / "macvlan").write_bytes(PLUGIN)
    theirs = node.content("macvlan")
    node.wait(lambda: "theirs from now on" in pod.log, pod)
    time.sleep(0.4)
    assert node.content("macvlan") == theirs
    assert pod.ready
    pod.end()
    assert node.content("macvlan") == theirs
    assert not (node.bin / "host-local").exists()


def test_a_newer_image_replaces_only_what_is_ours(node: Node) -> None:
    (node.bin / "vlan").write_bytes(b"others'")
    plugins = ("macvlan", "vlan")
    old = node.pod("a", *plugins)
    (node.image / "macvlan").write_bytes(PROGRAM + b"newer")
    node.pod("b", *plugins)
    node.wait(lambda: node.content("macvlan") == PROGRAM + b"newer", old)
    assert node.content("vlan") == b"others'"


def test_what_is_no_longer_asked_for_goes(node: Node) -> None:
    node.pod("a", "macvlan", "vlan")
    pod = node.pod("b", "macvlan")
    node.wait(lambda: not (node.bin / "vlan").exists(), pod)
    assert "\nvlan " not in (node.bin / RECORD).read_text()


def test_whenever_the_power_is_cut_the_next_pod_knows_what_is_ours(node: Node) -> None:
    (node.bin / "vlan").write_bytes(b"others'")
    before = node.listing()
    chance = random.Random(4)
    for turn in range(12):
        # Each turn begins with a damaged plugin, so that there is something to cut off.
        if (node.bin / "macvlan").exists():
            os.truncate(node.bin / "macvlan", 100)
        pod = node.pod(f"cut-{turn}", "macvlan", "vlan", "host-local", ready=False)
        time.sleep(chance.uniform(0.0, 0.15))
        pod.end(signal.SIGKILL)
    pod = node.pod("last", "macvlan", "vlan", "host-local")
    assert node.content("macvlan") == node.made("macvlan")
    assert node.content("vlan") == b"others'"
    assert pod.log.count("others brought it") == 1, "only of vlan"
    pod.end()
    assert node.listing() == before


def test_cut_off_while_it_takes_away_it_goes_on_when_run_again(node: Node) -> None:
    before = node.listing()
    node.pod("a").end(signal.SIGKILL)
    (node.bin / "macvlan").unlink()  # one was gone, the record still there
    pod = node.pod("b", TAKE_AWAY="yes")
    assert node.listing() == before
    pod.end()
    assert node.listing() == before


def test_told_to_take_away_it_leaves_what_became_others(node: Node) -> None:
    node.pod("a").end(signal.SIGKILL)
    (node.bin / "new").write_bytes(b"of others")
    (node.bin / "new").rename(node.bin / "macvlan")
    pod = node.pod("b", TAKE_AWAY="yes")
    assert sorted(node.listing()) == ["loopback", "macvlan"]
    assert "no longer what was laid out" in pod.log


def test_a_plugin_that_the_image_does_not_have_is_told_and_the_others_are_there(node: Node) -> None:
    pod = node.pod("a", "macvlan", "bandwidth", ready=False)
    node.wait(lambda: "the image has no" in pod.why, pod)
    assert "addons.cniPlugins.plugins" in pod.why
    assert not pod.ready
    assert node.content("macvlan") == node.made("macvlan")
    time.sleep(0.3)
    assert pod.log.count("the image has no") == 1, "said once"
    (node.image / "bandwidth").write_bytes(PROGRAM)
    node.wait(lambda: pod.ready, pod)
    assert pod.why == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("ro", "it is read-only on this node; name a directory that can be written"),
        ("size=64k", "its disk is full; make room on the node"),
    ],
)
def test_a_directory_that_takes_nothing_is_told_with_the_way_out(
    node: Node, options: str, told: str
) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(node.bin)]
    shell = "busybox sh" if node.shell == "busybox" else node.shell
    node.shell = "env"
    inside = node.directory / "inside.sh"
    inside.write_text(node.script.read_text())
    node.script.write_text("")
    # In a mount namespace of its own: nothing of it is seen outside.
    start = node.directory / "start"
    start.write_text(
        f'#!/bin/sh\nexec unshare --mount sh -c "{" ".join(mount)} && exec {shell} {inside} $*"\n'
    )
    start.chmod(0o755)
    node.script = start
    pod = node.pod("a", ready=False)
    node.wait(lambda: told in pod.why, pod)
    assert "/opt/cni/bin" in pod.why
    assert not pod.ready
