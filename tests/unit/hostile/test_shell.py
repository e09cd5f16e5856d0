"""Nothing of a name or a value gets out of a node's script: each reaches its command as one word."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.nodes import inspection, script, wanted
from multinet.nodes import shell as shell_text
from multinet.stack import StackSettings
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs
from tests.unit.hostile import budget, cage
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.words import PAYLOADS

# What a link may be called: no blank, slash or colon, fifteen bytes.
LINKS = (
    *("$(id>p)", "`id>p`", "';id>p;'", '";id>p;"', "&id>p&", "|id>p", "a;id>p", "$IFS", "${HOME}"),
    *(
        "*",
        "?",
        "[a]",
        "~",
        "#x",
        "-x",
        "--",
        "a\\",
        "'",
        '"',
        "!!",
        "{a,b}",
        "(id)",
        "<p",
        ">p",
        "é",
    ),
)
WORD = st.sampled_from([p.replace("\n", "").replace("/", "") for p in PAYLOADS]) | st.text(
    st.characters(exclude_characters="/\0", exclude_categories=("C", "Z")), min_size=1, max_size=40
)
LINK = st.sampled_from(LINKS) | st.text(
    st.characters(exclude_characters="/:%", exclude_categories=("C", "Z")), min_size=1, max_size=3
).filter(lambda text: text not in (".", ".."))
OWNED = ("/etc/", "/opt/", "/var/lib/multinet", "/run/")


def environment(link: str, word: str, port: str = "eth2") -> dict[str, Any]:
    """Hostile text at every place that takes it and that a node's script has to do with."""
    dhcp = {"type": "dhcp", "daemonSocketPath": f"/run/{word}.sock"}
    local = {"type": "host-local", "subnet": "10.9.0.0/24", "dataDir": f"/var/lib/{word}"}
    archive = "/x/" + re.sub('["%]', "", word) + ".tgz"
    typed = f"{word}x"  # of no plugin that is known
    return {
        "networks": {
            "a": {
                "config": {"cniVersion": "1.0.0", "type": "macvlan", "master": link, "ipam": dhcp}
            },
            "b": {"config": {"cniVersion": "1.0.0", "type": typed, "x": word}},
            "c": {
                "config": {"cniVersion": "1.0.0", "type": "macvlan", "master": link, "ipam": local}
            },
        },
        "nodes": {
            "n1": {
                "links": {
                    link: {"kind": "bridge", "ports": [port], "mtu": 1400},
                    "vlan7": {"kind": "vlan", "parent": link, "vlan": 7},
                },
                "modules": ["8021q"],
                "cniPlugins": {"source": "archive", "archive": archive},
            },
            "n2": {"local": True, "cniPlugins": {"source": "archive", "archive": archive}},
        },
    }


def settings_of(link: str, word: str) -> StackSettings:
    settings, found = check_config(environment(link, word))
    assert settings is not None, [str(f) for f in found]
    return settings


def node_scripts(settings: StackSettings, owner: str) -> dict[str, str]:
    """File name → text, as render writes them."""
    found: dict[str, str] = {}
    for name, node in settings.nodes.items():
        needs = node_needs(name, node, settings)
        found[f"{name}-preflight"] = script.preflight(name, node, needs)
        found[f"{name}-look"] = script.look(name, node, needs, owner)
        found[f"{name}-apply"] = script.apply(name, node, needs, owner)
        if boot := wanted.boot_script(node, needs):
            found[f"{name}-boot"] = boot
    return found


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The calls that the scripts' makers write, as data: what the shell has to arrive at."""
    made: list[tuple[str, ...]] = []
    write = shell_text.call

    def call(name: str, *arguments: str | int) -> str:
        made.append((name, *(str(a) for a in arguments)))
        return write(name, *arguments)

    for module in (wanted, inspection, script):
        monkeypatch.setattr(module, "call", call)
    return made


_RECORDER = """
{name}() {{ printf '%s\\0' {name} "$@"; printf '\\1\\0'; }}"""


def heard(text: str, functions: tuple[str, ...], names: set[str]) -> list[tuple[str, ...]]:
    """What a shell calls when it runs a script's own functions, each command a recorder."""
    own = text.split("\n\nLC_ALL=C\n", 1)[0]  # facts and functions; the library comes after them
    recorders = "".join(_RECORDER.format(name=name) for name in sorted(names))
    program = f"{own}\n{recorders}\nPATH=/nowhere\n" + "\n".join(functions) + "\n"
    ran = subprocess.run(["sh"], input=program.encode(), capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == b""
    groups = ran.stdout.decode().split("\1\0")
    assert groups.pop() == ""
    return [tuple(group.split("\0")[:-1]) for group in groups]


@cases(40)
@given(LINK, WORD)
def test_a_shell_hears_exactly_what_was_meant(link: str, word: str) -> None:
    count("node scripts: hostile values, called")
    settings = settings_of(link, word)
    for name, node in settings.nodes.items():
        needs = node_needs(name, node, settings)
        for functions, make in (
            (("needs",), lambda: script.preflight(name, node, needs)),  # noqa: B023
            (("make", "kept", "after_undo"), lambda: script.apply(name, node, needs, word)),  # noqa: B023
        ):
            with pytest.MonkeyPatch.context() as patch:
                made = recorded(patch)
                text = make()
            nested = {"ip"}  # inside a file's content
            meant = [call for call in made if call[0] not in nested]
            names = {call[0] for call in meant}
            assert sorted(heard(text, functions, names)) == sorted(meant)


@cases(40)
@given(LINK, WORD)
def test_a_shell_reads_every_script(link: str, word: str) -> None:
    for text in node_scripts(settings_of(link, word), f"multinet/{word}").values():
        count("node scripts: hostile values, read")
        read = subprocess.run(["sh", "-n"], input=text.encode(), capture_output=True, check=False)
        assert (read.returncode, read.stderr) == (0, b""), text


@pytest.mark.skipif(bool(cage.unavailable()), reason=cage.unavailable())
@pytest.mark.parametrize("link", LINKS if budget.LONG else LINKS[::5])
def test_run_as_a_whole_it_writes_only_where_it_may(link: str, tmp_path: Path) -> None:
    """The real scripts, from checking to undoing, in a root of their own."""
    count("node scripts: run in a cage")
    word = PAYLOADS[LINKS.index(link) % len(PAYLOADS)].replace("\n", "").replace("/", "")
    root = tmp_path / "root"
    cage.build(root)
    written = node_scripts(settings_of(link, word), f"multinet/{word}")
    for name, text in written.items():
        steps = {"preflight": [["--report"]], "apply": [["apply", "--dry-run"], ["apply"]]}
        for arguments in steps.get(name.partition("-")[2], [[]]):
            ran = cage.run(root, text, *arguments)
            assert b"not found" not in ran.stderr, ran.stderr
    strays = {path for path in cage.files(root) if not path.startswith(OWNED)}
    assert strays == set(), "a value became a command or a path"
    called = cage.calls(root)
    assert ("ip", "link", "add", "name", link, "type", "bridge") in called
    cage.run(root, written["n1-apply"], "undo")
    left = {p for p in cage.files(root) if not p.startswith(OWNED)}
    assert left == set()


def test_the_cage_notices_what_gets_out(tmp_path: Path) -> None:
    if cage.unavailable():
        pytest.skip(cage.unavailable())
    root = tmp_path / "root"
    cage.build(root)
    cage.run(root, "ip link set dev $(id>p) 'a b'\ntouch /pwned /etc/mine\n")
    assert cage.calls(root) == [("ip", "link", "set", "dev", "a b")]
    assert {"/pwned", "/work/p", "/etc/mine"} <= cage.files(root)
