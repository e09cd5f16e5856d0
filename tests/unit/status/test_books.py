"""`multinet status --nodes`: host-local's books on the nodes, as a pod on each of them reads them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from multinet.live import Object
from multinet.names import DEFAULT_NETWORK
from multinet.nodes import script
from tests.unit.status.test_command import SANDBOX, codes, of, pod, small
from tests.unit.status.test_command import served as served  # noqa: PLC0414 (a fixture)
from tests.unit.verify import clusters as c

Serve = Callable[..., Any]
BOOKS = "/var/lib/cni/networks/lan"


def entry(address: str, sandbox: str, age: int = 600, state: str = "gone") -> str:
    return f"entry\t{BOOKS}\t{address}\t{sandbox}\t{age}\t{state}\n"


def answers(cluster: Any, **said: str) -> None:
    """What the pods on nodes print; that of a node that is not named is refused its image."""

    def start(made: Object) -> None:
        text = said.get(made["spec"]["nodeName"])
        if text is None:
            waiting = {"reason": "ErrImagePull", "message": "no such host"}
            made["status"] = {"containerStatuses": [{"state": {"waiting": waiting}}]}
            return
        made["status"] = {"phase": "Succeeded"}
        cluster.logs[made["metadata"]["name"]] = text

    cluster.started = start
    cluster.lists["/api/v1/namespaces"] = [{"metadata": {"name": "kube-system"}}]
    cluster.lists["/api/v1/events"] = []


def test_what_no_pod_has_is_told_by_node_and_what_is_not_sure_is_not(served: Serve) -> None:
    cluster, file = served({"lan": small(last=200)})
    cluster.pods.extend([pod("a", "n1", "10.7.0.2"), pod("b", "n2", "10.7.0.2")])
    of_n1 = [
        entry("10.7.0.2", "of-a", state="gone"),  # a pod says that it has it
        entry("10.7.0.3", "s3"),
        entry("10.7.0.4", "s4", state="runs"),
        entry("10.7.0.5", "s5", age=3),
        entry("10.7.0.250", "s6"),  # of no range
    ]
    answers(cluster, n1="".join(of_n1) + "read\n", n2="read\n")
    code, document = cluster.document("status", "-f", file, "--nodes")
    network = of(document)
    assert (code, codes(network)) == (1, ["live-address-leaked"])
    (finding,) = network["findings"]
    assert "on n1 keep address 10.7.0.3, which no pod there has" in finding["rule"]
    assert "status --nodes --free" in finding["wayOut"]
    uses = {use["node"]: (use["used"], use["leaked"]) for use in network["ranges"]}
    leaked = {"address": "10.7.0.3", "node": "n1", "sandbox": "s3"}
    assert uses == {"n1": (4, [leaked]), "n2": (1, [])}
    assert not [p for p in cluster.pods if p["metadata"]["name"].startswith("multinet")]


def test_a_pod_that_does_not_say_what_it_has_may_have_any_of_them(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    silent = pod("a", "n1")
    del silent["metadata"]["annotations"][c.STATUS]
    cluster.pods.append(silent)
    answers(cluster, n1=entry("10.7.0.3", "s3") + "read\n", n2=entry("10.7.0.3", "s4") + "read\n")
    _, document = cluster.document("status", "-f", file, "--nodes")
    leaks = [leak["node"] for use in of(document)["ranges"] for leak in use["leaked"]]
    assert leaks == ["n2"]


def test_who_may_have_an_address_without_saying_so_makes_the_whole_node_unsure(
    served: Serve,
) -> None:
    """Books are shared by all networks of one name, and a status is of the last sandbox."""
    elsewhere = pod("a", "n1")
    elsewhere["metadata"]["annotations"] = {c.NETWORKS: "others/of-the-same-name"}
    again = pod("b", "n1", "10.7.0.2")
    again["status"]["conditions"] = [{**SANDBOX, "status": "False"}]
    instead = pod("c", "n1")
    instead["metadata"]["annotations"] = {DEFAULT_NETWORK: "default/lan"}
    for one in (elsewhere, again, instead):
        cluster, file = served({"lan": small()})
        cluster.pods.append(one)
        answers(
            cluster, n1=entry("10.7.0.3", "s3") + "read\n", n2=entry("10.7.0.3", "s4") + "read\n"
        )
        _, document = cluster.document("status", "-f", file, "--nodes")
        leaks = [leak["node"] for use in of(document)["ranges"] for leak in use["leaked"]]
        assert leaks == ["n2"]
        (note,) = document["notes"]
        assert f"n1 are not judged while pod apps/{one['metadata']['name']} is" in note


def test_an_address_of_a_pods_first_interface_is_somebodys(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    first = pod("a", "n1")
    status = [{"name": "default/lan", "interface": "eth0", "ips": ["10.7.0.2"], "default": True}]
    annotations = {DEFAULT_NETWORK: "default/lan", c.STATUS: json.dumps(status)}
    first["metadata"]["annotations"] = annotations
    cluster.pods.extend([first, {**pod("b", "n1"), "metadata": {"name": "b", "namespace": "x"}}])
    cluster.pods[-1]["status"]["podIPs"] = [{"ip": "10.7.0.4"}]
    said = "".join(entry(f"10.7.0.{i}", f"s{i}") for i in (2, 3, 4))
    answers(cluster, n1=said + "read\n", n2="read\n")
    _, document = cluster.document("status", "-f", file, "--nodes")
    leaks = [leak["address"] for use in of(document)["ranges"] for leak in use["leaked"]]
    assert leaks == ["10.7.0.3"]


def test_where_pods_were_not_read_nothing_is_judged(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    del cluster.lists[c.NADS]
    answers(cluster, n1=entry("10.7.0.3", "s3") + "read\n", n2="read\n")
    _, document = cluster.document("status", "-f", file, "--nodes", "--free")
    assert [leak for use in of(document)["ranges"] for leak in use["leaked"]] == []
    assert document["freed"] == []
    assert any("its pods were not read" in note for note in document["notes"])


def test_what_could_not_be_freed_is_told_and_many_are_freed_in_turns(served: Serve) -> None:
    wide = small()
    wide["config"]["ipam"] = {"type": "host-local", "subnet": "10.7.0.0/16"}
    cluster, file = served({"lan": wide})
    leaked = [f"10.7.{i}.{j}" for i in range(1, 4) for j in range(1, 201)]
    scripts: list[str] = []

    def start(made: Object) -> None:
        text, on = made["spec"]["containers"][0]["command"][2], made["spec"]["nodeName"]
        asked = re.findall(r"free_entry \S+ (\S+) (\S+) s", text)
        made["status"] = {"phase": "Succeeded"}
        if asked:
            scripts.append(text)
            assert {here for here, _ in asked} == {"/writable/0"}
            words = ["freed"] * (len(asked) - 1) + ["kept"]
            lines = [f"{w}\t{BOOKS}\t{a}" for w, (_, a) in zip(words, asked, strict=True)]
            said = "\n".join([*lines, "read"])
        else:
            said = "".join(entry(a, "s") for a in leaked) if on == "n1" else ""
            said += "read\n"
        cluster.logs[made["metadata"]["name"]] = said

    answers(cluster)
    cluster.started = start
    _, document = cluster.document("status", "-f", file, "--nodes", "--free")
    assert len(document["freed"]) == 597
    assert document["notFreed"] == ["1 on n1: its books cannot be written"] * 3
    assert max(map(len, scripts)) < 100_000, "an argument of Linux is 128 KiB at most"
    shown = cluster.run("status", "-f", file, "--nodes", "--free").stdout
    assert "not freed: 1 on n1: its books cannot be written" in shown


def test_only_nodes_that_hand_out_of_a_range_or_did_are_told_with_it(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    cluster.pods.extend([pod("a", "left", "10.9.0.2"), pod("b", "left-too", "10.7.0.3")])
    _, document = cluster.document("status", "-f", file)
    assert [use["node"] for use in of(document)["ranges"]] == ["n1", "n2", "left-too"]


def test_a_node_that_cannot_be_asked_or_does_not_say_all_is_a_note(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    answers(cluster, n1=entry("10.7.0.3", "s3"))
    code, document = cluster.document("status", "-f", file, "--nodes")
    assert code == 0
    assert [note.partition(" were not read: ")[0] for note in document["notes"]] == [
        "host-local's books of n1",
        "host-local's books of n2",
    ]
    assert "ErrImagePull" in document["notes"][1]


def test_without_the_option_and_without_such_books_no_pod_is_started(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    cluster.document("status", "-f", file)
    assert cluster.made == []
    cluster, file = served({"lan": small(kind="whereabouts")})
    cluster.document("status", "-f", file, "--nodes")
    assert cluster.made == []
    ran = cluster.run("status", "-f", file, "--nodes", "--watch")
    assert (ran.exit_code, "--nodes" in ran.output) == (2, True)


def run(text: str, host: Path) -> str:
    """What the pod's script prints, on a node whose files are below `host`."""
    text = text.replace(f"HOST={script.HOST}\n", f"HOST={host}\n")
    assert f"HOST={host}\n" in text
    ran = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True, timeout=30)
    return ran.stdout


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A node's books, with what else host-local keeps there; /var/lib/cni is a link, as some have it."""
    (tmp_path / "var/lib").mkdir(parents=True)
    (tmp_path / "var/lib/cni").symlink_to("/opt/cni-state")
    directory = tmp_path / "opt/cni-state/networks/lan"
    directory.mkdir(parents=True)
    for name, text in {"10.7.0.2": "s2\r\nnet1", "fd00::5": "s5\r\nnet1", "10.7.0.9": ""}.items():
        (directory / name).write_text(text, newline="")
        os.utime(directory / name, (0, time.time() - 100))
    (directory / "lock").touch()
    (directory / "last_reserved_ip.0").write_text("10.7.0.2")
    return tmp_path


def test_books_are_read_with_the_age_of_their_entries(books: Path) -> None:
    *lines, last = run(
        script.reads_books([BOOKS, "/var/lib/cni/networks/none"]), books
    ).splitlines()
    assert last == "read"
    found = {line.split("\t")[2]: line.split("\t")[3:] for line in lines}
    assert {address: (of, state) for address, (of, _, state) in found.items()} == {
        "10.7.0.2": ("s2", "gone"),
        "fd00::5": ("s5", "gone"),
    }
    assert all(100 <= int(age) < 130 for _, age, _ in found.values())


def test_an_entry_is_freed_only_while_it_is_that_sandboxs(books: Path) -> None:
    here = str(books / "opt/cni-state/networks/lan")
    asked = [("10.7.0.2", "s2"), ("fd00::5", "another"), ("10.7.0.7", "s7")]
    said = run(script.frees((BOOKS, here, *one) for one in asked), books)
    assert said.splitlines() == [f"freed\t{BOOKS}\t10.7.0.2", "read"]
    elsewhere = run(script.frees((BOOKS, f"{here}/none", *one) for one in asked[:2]), books)
    assert elsewhere.splitlines() == [
        f"kept\t{BOOKS}\t10.7.0.2",
        f"kept\t{BOOKS}\tfd00::5",
        "read",
    ]
    left = sorted(file.name for file in (books / "opt/cni-state/networks/lan").iterdir())
    assert left == ["10.7.0.9", "fd00::5", "last_reserved_ip.0", "lock"]
