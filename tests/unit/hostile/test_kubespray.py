"""No inventory makes the import raise; what it writes validates and holds nothing dangerous."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.kubespray import NotKubespray, convert, read
from multinet.kubespray.parity import ROWS
from multinet.kubespray.stackfile import stack_file
from multinet.stack import load
from tests.unit.cni.arbitrary import JSON
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.checked import check_verdict, is_clean
from tests.unit.hostile.words import HOSTILE, WORDS

_NAMES = [row.name for row in ROWS] + ["calico_unheard_of", "ansible_user", "x"]
_USUAL = st.sampled_from(
    [True, False, "calico", "cilium", "flannel", "10.0.0.0/16", "v3.31.7", 1400, "{{ x }}", "yes"]
)
_PIECES = [
    *(f"{name}: " for name in ("kube_network_plugin", "kube_pods_subnet", "calico_mtu", "x")),
    *(
        "calico",
        "cilium",
        "\n",
        "  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "!vault |\n",
        "!unsafe ",
        "&a ",
        "*a",
    ),
    *(
        "<<: ",
        '"{{ y }}"',
        "'",
        "#",
        "? ",
        "\t",
        "---\n",
        "$ANSIBLE_VAULT;1.1\n",
        "\0",
        "\\ud800",
        "10",
    ),
]


def imported(path: Path) -> None:
    """Converted to a file that validates, or refused in one line."""
    try:
        converted = convert(read(path))
    except NotKubespray:
        return
    text = stack_file(converted, path.name)
    text.encode()
    assert all(is_clean(line) for line in text.splitlines() if line.startswith("#"))
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(text.encode())
        file.flush()
        environment = load(Path(file.name))
    check_verdict(environment.settings, environment.findings)
    assert environment.settings is not None, text
    for lost in converted.lost:
        assert is_clean(lost.value)
        json.dumps(lost.as_dict()).encode()


def imported_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "k8s-cluster.yml"
        file.write_bytes(content)
        imported(file)


@cases(150)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_files_of_anything(content: bytes | str) -> None:
    count("Kubespray: files of anything")
    imported_bytes(content if isinstance(content, bytes) else content.encode())


@cases(150)
@given(st.dictionaries(st.sampled_from(_NAMES) | st.sampled_from(WORDS), _USUAL | HOSTILE | JSON))
def test_hostile_values_of_kubesprays_variables(variables: dict[str, Any]) -> None:
    count("Kubespray: hostile values")
    imported_bytes(json.dumps(variables).encode())


_INI = [
    *("[all:vars]\n", "[kube_node]\n", "[k8s_cluster:children]\n", "[a:children]\nb\n", "[b]\n"),
    *("[b:children]\na\n", "n[1:3]\n", "n[1:99999999]\n", "n[b:a]\n", "[x\n", "[:]\n", "[a:b:c]\n"),
    *("calico_mtu=", "cilium_mtu = ", "kube_network_plugin=cilium\n", "ansible_group_priority="),
    *("'", '"', "{{ x }}", "{'a': ", "(" * 300, "9" * 5000, "\\", "#", ";", "=", "\n", " ", "\0"),
]
_GROUP = st.recursive(
    st.none() | HOSTILE,
    lambda below: st.dictionaries(
        st.sampled_from(["hosts", "vars", "children", "x"]),
        st.dictionaries(st.sampled_from([*_NAMES, "all", "kube_node", "n[1:2]"]), below, max_size=3)
        | below,
        max_size=3,
    ),
    max_leaves=12,
)


def imported_inventory(name: str, text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / name
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        imported(file)
        imported(file.parent)


@cases(100)
@given(st.lists(st.sampled_from(_INI) | st.sampled_from(WORDS), max_size=30).map("".join))
def test_ini_inventories_of_anything(text: str) -> None:
    count("Kubespray: INI inventories")
    imported_inventory("inventory.ini", text)


@cases(100)
@given(st.dictionaries(st.sampled_from(["all", "kube_node", "k8s_cluster", "a"]), _GROUP))
def test_yaml_inventories_of_anything(groups: dict[str, Any]) -> None:
    count("Kubespray: YAML inventories")
    imported_inventory("hosts.yml", json.dumps(groups))


_TEMPLATE = [
    *("{{", "}}", "{{-", "-}}", "{%", "%}", " x ", "x.y", "[0]", "['", "']", "|", "default(", ")"),
    *("d(", ",", "true", "omit", "bool", "'", '"', "5", "\n", "cilium_mtu", "\\", "lookup("),
]


@cases(150)
@given(
    st.lists(st.sampled_from(_TEMPLATE), max_size=15).map("".join),
    st.lists(st.sampled_from(_TEMPLATE), max_size=15).map("".join),
)
def test_templates_of_anything(one: str, other: str) -> None:
    count("Kubespray: templates")
    variables = {"kube_network_plugin": "cilium", "cilium_mtu": one, "x": {"y": other}}
    imported_bytes(json.dumps(variables | {"cilium_extra_values": {"a": one}}).encode())


@cases(60)
@given(st.lists(st.text(max_size=20) | st.sampled_from(["@/nowhere", "@", "{", "a=b c", "="])))
def test_extra_variables_of_anything(extra: list[str]) -> None:
    count("Kubespray: extra variables")
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "all.yml"
        file.write_text("kube_network_plugin: cilium\n")
        with contextlib.suppress(NotKubespray):
            convert(read(file, extra))


@cases(60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["all", "k8s_cluster", "etcd", "all/a.yml", "k8s_cluster/x.yml", "../y"]
            ),
            st.dictionaries(st.sampled_from(_NAMES), _USUAL | HOSTILE, max_size=4),
        ),
        max_size=5,
    )
)
def test_directories_of_files(files: list[tuple[str, dict[str, Any]]]) -> None:
    count("Kubespray: directories")
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory) / "inventory" / "group_vars"
        base.mkdir(parents=True)
        for name, variables in files:
            file = base / name
            if file.parent.is_file() or file.is_dir():
                continue
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(variables), encoding="utf-8")
        imported(base.parent)


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


BEYOND = {
    "aliases that multiply": BOMB + "calico_mtu: *a11\n",
    "an alias that leads into itself": "calico_mtu: &a [*a]\n",
    "deep nesting": "calico_mtu: " + "[" * 100_000,
    "50 MB": "calico_mtu: " + "1" * 50_000_000,
    "a vault with nothing in it": "$ANSIBLE_VAULT;1.1;AES256\n",
    "UTF-16": "calico_mtu: 1400\n".encode("utf-16"),
    "a NUL": "calico_mtu: \0\n",
    "a list": "- calico_mtu\n",
    "nothing": "",
}
ODD = {
    "a number of 100,000 digits": "calico_mtu: " + "9" * 100_000,
    "a key that is a mapping": "calico_mtu: 1400\n? {b: c}\n: 1\n",
    "a value with a key that is a list": "calico_mtu: {? [a, b] : c}\n",
    "one anchor twice": "calico_mtu: &a 1400\ncalico_x: &a 1500\ncalico_y: *a\n",
}


@pytest.mark.parametrize("what", BEYOND)
def test_beyond_a_limit_it_is_refused(what: str, tmp_path: Path) -> None:
    count("Kubespray: beyond a limit")
    content = BEYOND[what]
    file = tmp_path / "all.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(NotKubespray):
        convert(read(file))


@pytest.mark.parametrize("what", ODD)
def test_what_is_only_odd_is_converted(what: str) -> None:
    count("Kubespray: beyond a limit")
    imported_bytes(ODD[what].encode())


def test_thousands_of_variables_do_not_multiply(tmp_path: Path) -> None:
    count("Kubespray: beyond a limit")
    file = tmp_path / "all.yml"
    file.write_text("".join(f"calico_x{i}: {i}\n" for i in range(20_000)))
    converted = convert(read(file))
    assert len(converted.lost) == 20_000
    assert [lost.name for lost in converted.lost][:2] == ["calico_x0", "calico_x1"]


@pytest.mark.parametrize("kind", ["fifo", "device", "link to nowhere", "link to itself", "no such"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path, monkeypatch: Any) -> None:
    count("Kubespray: beyond a limit")
    monkeypatch.setattr("multinet.untrusted.bounded_yaml.PIPE_SECONDS", 0.2)
    path = tmp_path / "all.yml"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind.startswith("link"):
        path.symlink_to(path if "itself" in kind else tmp_path / "nowhere")
    with pytest.raises(NotKubespray):
        read(path)


def test_secrets_of_an_inventory_are_not_written(tmp_path: Path) -> None:
    file = tmp_path / "k8s-cluster.yml"
    file.write_text(
        "kube_network_plugin: cilium\ncilium_ipsec_key: hunter2-key\n"
        "calico_etcd_password: hunter2-password\ncilium_x: '-----BEGIN RSA PRIVATE KEY-----hunter2'\n"
        "calico_bgp_peers: [{as: 1, password: hunter2-peer}]\n"
    )
    converted = convert(read(file))
    told = stack_file(converted, "x") + json.dumps([lost.as_dict() for lost in converted.lost])
    assert "hunter2" not in told
    assert "[secret]" in told
