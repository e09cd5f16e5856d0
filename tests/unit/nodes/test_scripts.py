"""The scripts as text: what a shell makes of hostile values, and what shellcheck says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.addons import removal as addons_removal
from multinet.addons.cni_plugins import objects as cni_plugins
from multinet.blocks import removal as blocks_removal
from multinet.multus import pods, removal
from multinet.nodes import script, wanted
from multinet.nodes.connection import change_command
from multinet.nodes.shell import call, quoted
from multinet.preflight import report
from multinet.primary_cni import departure
from multinet.stack import StackSettings
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs

HOSTILE = "';touch /tmp/pwned;'$(id)`id`\n\"\\ %s"

LINKS: dict[str, dict[str, Any]] = {
    "br7": {"kind": "bridge", "ports": ["eth2"], "vlanFiltering": True},
    "eth0.7": {"kind": "vlan", "parent": "eth0", "vlan": 7, "mtu": 1400},
    "eth1": {"mtu": 9000, "promisc": False, "vfs": 4, "change": True},
    "eth3": {"mtu": 9000, "promisc": True},
    "$(id)`x`": {"kind": "bridge"},
}

VARIED: dict[str, dict[str, Any]] = {
    "plain": {},
    "local": {"local": True},
    "links": {
        "links": LINKS,
        "sysctls": {"net.ipv4.conf.eth0/7.rp_filter": "0", "net.ipv4.ping_group_range": "0 99"},
        "modules": ["8021q"],
    },
    "mirror": {"cniPlugins": {"source": "mirror", "url": "https://mirror.example/cni/"}},
    "archive": {"cniPlugins": {"source": "archive", "archive": "/x/{arch} $(id).tgz"}},
    "dhcp": {"dhcpDaemon": "check"},
}


def stack(nodes: dict[str, Any], word: str = HOSTILE) -> StackSettings:
    word = word.replace("\n", "")  # refused in names and paths; the rest is not
    dhcp = {"type": "dhcp", "daemonSocketPath": f"/run/{word}.sock"}
    networks = {
        "a": {"config": {"type": "macvlan", "master": "eth0.7", "ipam": dhcp}},
        "b": {"config": {"type": word.replace("/", ""), "x": 1}},
        "c": {"config": {"type": "bridge", "bridge": "br7", "vlan": 7, "ipam": dhcp}},
        "d": {
            "config": {
                "type": "bridge",
                "bridge": "br7",
                "vlanTrunk": [{"minID": 20, "maxID": 29}],
                "ipam": dhcp,
            }
        },
    }
    settings, found = check_config({"nodes": nodes, "networks": networks})
    assert settings is not None, [str(f) for f in found]
    return settings


def scripts(nodes: dict[str, Any], word: str = HOSTILE) -> Iterator[tuple[str, str]]:
    settings = stack(nodes, word)
    for name, node in settings.nodes.items():
        needs = node_needs(name, node, settings)
        yield f"{name}-preflight.sh", script.preflight(name, node, needs)
        yield f"{name}-apply.sh", script.apply(name, node, needs, "multinet/test")
        yield f"{name}-look.sh", script.look(name, node, needs, "multinet/test")
        yield f"{name}-pod.sh", script.pod_preflight(name, node, needs, "ours")


def _shellcheck() -> str | None:
    beside = Path(sys.executable).with_name("shellcheck")
    return str(beside) if beside.exists() else shutil.which("shellcheck")


@pytest.mark.skipif(_shellcheck() is None, reason="shellcheck is not there")
@pytest.mark.parametrize(
    ("word", "excluded"),
    # That a `$` in quotes stays what it is (SC2016) is what hostile values are to show.
    # What only looks has both scripts within it, whole, each in a shell of its own.
    [
        ("plain", ["--exclude=SC2030,SC2031,SC2329"]),
        (HOSTILE, ["--exclude=SC2016,SC2030,SC2031,SC2329"]),
    ],
    ids=["plain values", "hostile values"],
)
def test_shellcheck_finds_nothing(tmp_path: Path, word: str, excluded: list[str]) -> None:
    varied = {n: v for n, v in VARIED.items() if n != "links" or word == HOSTILE}
    varied["plain-links"] = {"links": {k: v for k, v in LINKS.items() if "$" not in k}}
    for name, text in scripts(varied, word):
        (tmp_path / name).write_text(text)
    for name, node in stack(varied, word).nodes.items():
        if boot := wanted.boot_script(node, node_needs(name, node, stack(varied, word))):
            (tmp_path / f"{name}-boot.sh").write_text(boot)
    (tmp_path / "remove-crd.sh").write_text(removal.script())
    (tmp_path / "remove-book.sh").write_text(blocks_removal.script())
    (tmp_path / "departure.sh").write_text(departure.script())
    (tmp_path / "daemon.sh").write_text(pods.daemon_script())
    (tmp_path / "lay-out.sh").write_text(cni_plugins.script())
    (tmp_path / "take-away.sh").write_text(addons_removal.script())
    files = [str(file) for file in sorted(tmp_path.glob("*.sh"))]
    command = [str(_shellcheck()), "--shell=sh", *excluded, *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[:4000]


def test_the_shell_reads_every_script_and_cut_off_it_does_nothing() -> None:
    for name, text in scripts(VARIED):
        whole = subprocess.run(
            ["sh", "-n"], input=text, capture_output=True, text=True, check=False
        )
        assert whole.returncode == 0, (name, whole.stderr)
        last = text.rstrip().rsplit("\n", 1)
        assert last[1] == 'main "$@" </dev/null', "nothing may run before the last line"
        cut = subprocess.run(["sh"], input=last[0], capture_output=True, text=True, check=False)
        assert (cut.returncode, cut.stdout, cut.stderr) == (0, "", "")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
def test_any_value_reaches_a_command_as_one_word(value: str) -> None:
    ran = subprocess.run(
        ["sh", "-s"],
        input=f"one() {{ printf '%s' \"$#:$1\"; }}\n{call('one', value)}\n".encode(),
        capture_output=True,
        check=True,
    )
    assert ran.stdout == f"1:{value}".encode()


def test_numbers_and_empty_values_are_words_too() -> None:
    assert (quoted(7), quoted("")) == ("7", "''")


def test_the_same_node_gives_the_same_bytes() -> None:
    backwards = {name: dict(reversed(node.items())) for name, node in VARIED.items()}
    assert list(scripts(VARIED)) == list(scripts(backwards))


def test_no_key_of_a_connection_is_in_a_script() -> None:
    secret = {"privateKey": "S3CRET", "privateKeyPassword": "S3CRET", "user": "admin"}
    proxy = {"host": "jump", "privateKey": "S3CRET"}
    for _, text in scripts({"n1": {**secret, "proxy": proxy}}):
        assert "S3CRET" not in text


def test_a_user_who_is_not_root_becomes_root_without_a_password() -> None:
    nodes = stack({"n1": {"user": "admin"}, "n2": {}}).nodes
    expected = 'sudo -n sh -s -- undo --ssh "$SSH_CONNECTION"'
    assert change_command(nodes["n1"], "undo") == expected
    assert change_command(nodes["n2"], "undo") == expected.removeprefix("sudo -n ")


def test_reports_become_one_message_about_all_nodes() -> None:
    problem = (
        '{"severity":"error","code":"node-link-missing","subject":"eth1","rule":"r","wayOut":"w"}'
    )
    end = f"{script.PLAN_ENDS} 0 - -"
    found = {
        "n1": report.of("n1", f'{{"problems":[{problem}]}}\n{end}', "x"),
        "n2": report.of("n2", f'{{"problems":[]}}\n{end}', "x"),
        "n3": report.of("n3", "Welcome to n3!", "x"),
        "n4": report.Report([report.unreachable("n4", "Connection refused")]),
    }
    text = report.refusal_text([], found)
    assert text.startswith("3 problems, 3 on 3 of 4 nodes: nothing was changed")
    for part in ("eth1", "Welcome to n3!", "Connection refused"):
        assert part in text
    assert report.refusal_text([], {"n2": found["n2"]}) == ""
