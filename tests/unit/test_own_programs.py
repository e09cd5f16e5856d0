"""Commands on a program that makes its networks itself: they see them, or say that they cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app

STACK = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-x.conflist}
  app:master: eth7
"""
TABLE = """
import pulumi
from multinet import Environment

master = pulumi.Config("app").require("master")
ipam = {"type": "whereabouts", "range": "10.%d.0.0/24"}
made = {
    f"net-{i}": {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": master, "mode": MODE,
                            "ipam": {"type": "whereabouts", "range": f"10.{i}.0.0/24"}}}
    for i in range(3)
}
nodes = {"worker-1": {"host": "192.0.2.1", "links": {"eth7": {"mtu": 1500}}, "dialAttempts": 0}}
Environment.from_config(networks=made, nodes=nodes if NODES else ()).export()
"""
TYPED = """
import pulumi
from multinet import Bridge, HostLocal, Macvlan, Network, Networks
from pulumi_command import local

Networks("lab", {"one": Macvlan(master="eth0"), "two": Bridge(bridge="br0")})
subnet = local.Command("other", create="true").stdout
Network("three", Bridge(bridge="br1", ipam=HostLocal(subnet=subnet)))
"""


ADDED = """
from multinet import Bridge, Environment, HostLocal, Macvlan
from pulumi_command import local

other = local.Command("other", create="true").stdout
lan = Bridge(bridge="br0", ipam=HostLocal(subnet=other))
known = Macvlan(master="eth0", mode=MODE)
Environment.from_config(networks={"lan": lan, "known": known}).export()
"""


def at(directory: Path, program: str, stack: str = STACK) -> list[str]:
    """A project of an author's own; the options that name it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "Pulumi.yaml").write_text("name: plant\nruntime: python\n")
    (directory / "Pulumi.dev.yaml").write_text(stack)
    (directory / "__main__.py").write_text(program)
    return ["-C", str(directory)]


def table(mode: str = "bridge", *, nodes: bool = False) -> str:
    return TABLE.replace("MODE", repr(mode)).replace("NODES", repr(nodes))


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_validate_counts_and_checks_them(tmp_path: Path) -> None:
    where = at(tmp_path, table())
    code, output = run("validate", *where, "-s", "dev")
    assert code == 0
    assert "existing and 3 networks" in output

    code, output = run("validate", *at(tmp_path, table("brige")), "-s", "dev", "--json")
    assert code == 2
    found, _ = json.JSONDecoder().raw_decode(output)
    found = found["findings"]
    assert [(f["code"], f["path"]) for f in found] == [
        ("unknown-value", f"multinet:networks.net-{i}.config.mode") for i in range(3)
    ]


def test_networks_of_single_components_are_seen_too_and_what_waits_is_told(tmp_path: Path) -> None:
    where = at(tmp_path, TYPED)
    code, output = run("validate", *where, "-s", "dev", "--json")
    assert code == 0
    told = [(f["code"], f["path"]) for f in json.loads(output)["findings"]]
    assert ("known-later", "multinet:networks.three") in told
    code, output = run("diagram", *where, "-s", "dev", "--json")
    assert code == 0
    assert {"one", "two"} <= {name for name in ("one", "two", "three") if f'"{name}"' in output}


SINGLE = """
from multinet import HostLocal, Macvlan, Multus, Network

def lan(name, subnet, **more):
    return Network(name, Macvlan(master="eth0", ipam=HostLocal(subnet=subnet)), **more)

lan("a", "10.0.0.0/24")
lan("b", "10.0.0.128/25", ignore={"host-local-on-shared-l2": "one node"})
Network("far", Macvlan(master="eth1", ipam=HostLocal(subnet="10.0.0.0/24")))
"""


def findings_of(directory: Path, program: str, expected: int) -> list[dict[str, Any]]:
    code, output = run("validate", *at(directory, program), "-s", "dev", "--json")
    assert code == expected, output
    told: list[dict[str, Any]] = json.loads(output)["findings"]
    return told


def test_a_finding_of_a_single_network_has_its_name_and_its_line(tmp_path: Path) -> None:
    found = findings_of(tmp_path, SINGLE, 0)
    (alone,) = [f for f in found if f["code"] == "host-local-on-shared-l2" and ".a." in f["path"]]
    assert alone["path"] == "multinet:networks.a.config.ipam.type"
    assert (alone["file"], alone["line"]) == (str(tmp_path / "__main__.py"), 5), "where it is made"
    assert not [f for f in found if f["code"] == alone["code"] and ".b." in f["path"]], "ignored"

    slip = '{"cniVersion": "1.0.0", "type": "macvlan", "mode": "brige"}'
    wrong = findings_of(tmp_path, f'{SINGLE}Network("c", {slip})\n', 2)
    assert [(f["code"], f["path"], f["line"]) for f in wrong] == [
        ("unknown-value", "multinet:networks.c.config.mode", 10)
    ]
    _, output = run("validate", "-C", str(tmp_path), "-s", "dev")
    assert f"--> {tmp_path / '__main__.py'}:10" in output.replace("\n", "")

    wrong = findings_of(tmp_path, SINGLE + 'Multus("m", {"mode": "thik"}, "10-x.conflist")\n', 2)
    assert [(f["path"], f["line"]) for f in wrong] == [("multinet:multus.mode", 10)]


def test_what_single_networks_share_is_told_and_refused_by_none(tmp_path: Path) -> None:
    """An `up` looks at each by itself: `validate` says what it would not."""
    found = findings_of(tmp_path, SINGLE, 0)
    overlaps = [f for f in found if f["code"] == "ranges-overlap"]
    assert [(f["path"], f["severity"]) for f in overlaps] == [
        (f"multinet:networks.{name}.config.ipam.subnet", "warning") for name in ("a", "b")
    ]
    assert all("Networks or Environment" in f["wayOut"] for f in overlaps)
    told = [(f["code"], f["path"]) for f in found]
    assert len(told) == len(set(told)), "each once"
    together = """
from multinet import HostLocal, Macvlan, Networks

def lan(subnet):
    return Macvlan(master="eth0", ipam=HostLocal(subnet=subnet))

Networks("lans", {"a": lan("10.0.0.0/24"), "b": lan("10.0.0.128/25")})
"""
    refused = findings_of(tmp_path, together, 2)
    assert [(f["code"], f["severity"], f["line"]) for f in refused] == [
        ("ranges-overlap", "error", 7)
    ] * 2


def test_diff_compares_what_two_programs_make(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    at(a, table())
    (a / "Pulumi.prod.yaml").write_text(STACK.replace("eth7", "eth8"))
    code, output = run("diff", "-C", str(a), "-s", "dev", "-s", "prod", "--json")
    assert code == 1
    changed = {d["path"] for d in json.loads(output)["differences"]}
    assert changed == {f"net-{i}.config.master" for i in range(3)}
    assert not b.exists()


def test_preflight_asks_the_nodes_that_it_declares(tmp_path: Path) -> None:
    where = at(tmp_path, table(nodes=True))
    code, output = run("preflight", *where, "-s", "dev", "--json")
    assert code == 1
    assert list(json.loads(output[output.index("{") :])["nodes"]) == ["worker-1"]


@pytest.mark.parametrize("command", ["validate", "verify", "preflight", "diagram", "images"])
def test_a_program_that_cannot_run_says_so(tmp_path: Path, command: str) -> None:
    broken = "import pulumi\n\nraise ValueError('no table')\n"
    code, output = run(command, *at(tmp_path, broken), "-s", "dev")
    assert code == 2
    assert "__main__.py, line 3 cannot be run: ValueError: no table" in " ".join(output.split())


def test_a_rendered_network_of_another_resource_says_that_it_is_known_later(tmp_path: Path) -> None:
    where = at(tmp_path, TYPED)
    code, output = run("render", *where, "-s", "dev", "-o", str(tmp_path / "out"))
    assert code == 0, output
    files = {
        f.name.split("-", 2)[2]: f.read_text()
        for f in (tmp_path / "out/manifests").iterdir()
        if f.name[0].isdigit()
    }
    (later,) = [text for name, text in files.items() if name.endswith("three.yaml")]
    assert "name: three" in later
    assert "(known after up)" in later


def test_an_environment_s_network_of_another_resource_is_rendered_and_told_of(
    tmp_path: Path,
) -> None:
    where = at(tmp_path, ADDED.replace("MODE", "'bridge'"))
    code, output = run("validate", *where, "-s", "dev", "--json")
    assert code == 0, output
    (told,) = [f for f in json.loads(output)["findings"] if f["code"] == "known-later"]
    assert told["path"] == "multinet:networks.lan"
    code, output = run("render", *where, "-s", "dev", "-o", str(tmp_path / "out"))
    assert code == 0, output
    manifests = tmp_path / "out" / "manifests"
    (lan,) = manifests.glob("*networkattachmentdefinition-*lan.yaml")
    (known,) = manifests.glob("*networkattachmentdefinition-*known.yaml")
    assert "name: lan" in lan.read_text()
    assert "(known after up)" in lan.read_text()
    assert "macvlan" in known.read_text()
    assert "known after up" not in known.read_text()


def test_an_environment_s_known_mistake_is_told_beside_another_resource(tmp_path: Path) -> None:
    where = at(tmp_path, ADDED.replace("MODE", "'brige'"))
    for command in (("validate",), ("render", "-o", str(tmp_path / "out"))):
        code, output = run(command[0], *where, "-s", "dev", *command[1:])
        assert code == 2
        assert "multinet:networks.known.config.mode" in output
        assert "did you mean 'bridge'" in output
    assert not (tmp_path / "out").exists()


def test_the_owner_is_the_project_that_the_program_is_of(tmp_path: Path) -> None:
    run("render", *at(tmp_path, table()), "-s", "dev", "-o", str(tmp_path / "out"))
    texts = [f.read_text() for f in (tmp_path / "out" / "manifests").iterdir()]
    assert any("multinet.dev/owner: plant/dev" in text for text in texts)


def test_the_project_s_own_program_need_not_be_run(project: Path) -> None:
    from multinet.stack.plain import is_plain

    assert is_plain(project / "__main__.py")
    for other in ("large", "components", "attach"):
        assert not is_plain(project / "examples" / other / "__main__.py")
