"""`multinet validate`: each mistake is named with its path, value and rule; exit 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app

NETWORK = """\
config:
  multinet:networks:
    blue:
      config:
        cniVersion: "1.0.0"
        type: macvlan
        master: eth0
        mode: {mode}
        ipam: {{type: host-local, subnet: 10.9.0.0/24, rangeStart: {start}}}
"""

REFUSED = {
    "an unknown key": (
        "config:\n  multinet:multus:\n    mod: thin\n",
        ("unknown-key", "multinet:multus.mod", "did you mean 'mode'?"),
    ),
    "an unknown top-level key": (
        "config:\n  multinet:netwroks: {}\n",
        ("unknown-key", "multinet:netwroks", "did you mean 'networks'?"),
    ),
    "a range start outside its subnet": (
        NETWORK.format(mode="bridge", start="10.8.0.5"),
        (
            "address-outside-subnet",
            "multinet:networks.blue.config.ipam.rangeStart",
            "10.8.0.5",
            "10.9.0.0/24",
        ),
    ),
    "a macvlan mode that does not exist": (
        NETWORK.format(mode="brige", start="10.9.0.5"),
        ("unknown-value", "multinet:networks.blue.config.mode", "brige", "did you mean 'bridge'?"),
    ),
    "cilium with exclusive true": (
        "config:\n  multinet:primaryCni:\n    plugin: cilium\n    cilium: {exclusive: true}\n",
        ("cilium-exclusive", "multinet:primaryCni.cilium.exclusive", "true", "Multus"),
    ),
    "cilium made exclusive through raw values": (
        "config:\n  multinet:primaryCni:\n    plugin: cilium\n"
        "    values: {cni: {exclusive: true}}\n",
        ("cilium-exclusive", "multinet:primaryCni.values.cni.exclusive"),
    ),
    "calico's options with cilium": (
        "config:\n  multinet:primaryCni:\n    plugin: cilium\n    calico: {}\n",
        ("other-plugins-options", "multinet:primaryCni.calico"),
    ),
    "an existing primary without its file": (
        "config:\n  multinet:primaryCni: {plugin: existing}\n",
        ("conf-file-missing", "multinet:primaryCni.confFile", "/etc/cni/net.d"),
    ),
    "pods and services that overlap": (
        "config:\n  multinet:primaryCni:\n    podCidrs: [10.0.0.0/16]\n"
        "    serviceCidrs: [10.0.4.0/22]\n",
        ("cidrs-overlap", "multinet:primaryCni.serviceCidrs[0]", "10.0.4.0/22", "10.0.0.0/16"),
    ),
    "two networks with one name": (
        "config:\n  multinet:networks:\n    a: {config: {type: bridge, cniVersion: 1.0.0}}\n"
        "    a: {config: {type: bridge, cniVersion: 1.0.0}}\n",
        ("duplicate-key", "multinet:networks.a", "line 3"),
    ),
    "a name that the short annotation cannot hold": (
        "config:\n  multinet:networks:\n    a.b: {config: {type: bridge, cniVersion: 1.0.0}}\n",
        ("not-a-dns-label", 'multinet:networks["a.b"]'),
    ),
    "a file that is not YAML": ("config: [oops\n", ("file-not-yaml", "broken.yaml:2")),
    "an empty file": ("", ("file-empty", "broken.yaml")),
    "a list instead of a stack file": ("- 1\n", ("file-not-a-stack", "mapping")),
    "a file whose configuration is elsewhere": ("environment: [net]\n", ("file-not-a-stack",)),
    "text instead of a section": (
        "config:\n  multinet:multus: thick\n",
        ("wrong-type", "multinet:multus", "must be a mapping"),
    ),
}


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("what", REFUSED)
def test_a_mistake_is_refused_with_path_value_and_rule(what: str, tmp_path: Path) -> None:
    text, expected = REFUSED[what]
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    code, output = run("validate", "-f", str(file))
    assert code == 2, output
    assert "Traceback" not in output
    for part in expected:
        assert part in output, f"{part!r} is missing in:\n{output}"


def test_a_stack_without_configuration_has_the_defaults_and_none_at_all_says_what_to_write(
    tmp_path: Path,
) -> None:
    """`pulumi stack init` writes the salt alone, or, where a service keeps the keys, no file."""
    file = tmp_path / "Pulumi.new.yaml"
    file.write_text("encryptionsalt: v1:abc\n")
    assert run("validate", "-f", str(file))[0] == 0
    file.unlink()
    code, output = run("validate", "-f", str(file))
    assert code == 2
    assert "config: {}" in output


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_the_shipped_environments_are_valid(stack: str, project: Path) -> None:
    code, output = run("validate", "-s", stack, "-C", str(project))
    assert code == 0, output
    assert "0 errors" in output


def test_all_problems_are_listed_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(
        "config:\n"
        "  multinet:primaryCni: {plugin: cilium, podCidr: [10.0.0.0/16], cilium: {exclusive: true}}\n"
        "  multinet:multus: {mode: thik}\n"
        "  multinet:networks:\n"
        "    blue: {config: {type: macvlan, mode: brige, mtu: big, cniVersion: 1.0.0}}\n"
        "    red: {confg: {}}\n"
        "    green: {}\n"
    )
    code, output = run("validate", "-f", str(file), "--json")
    assert code == 2
    document = json.loads(output)
    assert document["valid"] is False
    found = {(f["code"], f["path"], f["line"]) for f in document["findings"]}
    assert found >= {
        ("unknown-key", "multinet:primaryCni.podCidr", 2),
        ("cilium-exclusive", "multinet:primaryCni.cilium.exclusive", 2),
        ("unknown-value", "multinet:multus.mode", 3),
        ("unknown-value", "multinet:networks.blue.config.mode", 5),
        ("wrong-type", "multinet:networks.blue.config.mtu", 5),
        ("unknown-key", "multinet:networks.red.confg", 6),
        ("missing-key", "multinet:networks.green.config", 7),
    }
    # One mistake is told once: `confg` says that `config` is meant, so that this is not missing.
    assert [f["code"] for f in document["findings"] if f["line"] == 6] == ["unknown-key"]
    lines = [f["line"] for f in document["findings"]]
    assert lines == sorted(lines)


def test_a_stack_that_does_not_exist_names_those_that_do(project: Path) -> None:
    code, output = run("validate", "-s", "nope", "-C", str(project))
    assert code == 2
    assert "Pulumi.dev.yaml" in output


@pytest.mark.parametrize("stack", ["../dev", "", "a/b"])
def test_a_stack_name_cannot_leave_the_project(stack: str, project: Path) -> None:
    code, output = run("validate", "-s", stack, "-C", str(project))
    assert code == 2
    assert "not a stack's name" in output


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(
        "config:\n  multinet:kubeconfig: [hunter2]\n"
        "  multinet:nodes: {w1: {privateKey: 7654321, prot: 22}}\n"
    )
    for arguments in ([], ["--json"]):
        code, output = run("validate", "-f", str(file), *arguments)
        assert code == 2
        assert "hunter2" not in output
        assert "7654321" not in output
        assert "multinet:nodes.w1.privateKey" in output


def test_an_encrypted_value_is_accepted_unseen(tmp_path: Path) -> None:
    file = tmp_path / "ok.yaml"
    file.write_text(
        "encryptionsalt: v1:abc\nconfig:\n  multinet:kubeconfig: {secure: v1:xyz}\n"
        "  multinet:nodes: {w1: {host: 192.0.2.10, privateKey: {secure: v1:xyz}}}\n"
    )
    code, output = run("validate", "-f", str(file))
    assert code == 0, output


IN_LISTS = """\
config:
  multinet:networks:
    one:
      config: {cniVersion: "1.0.0", type: %s, ipam: {type: dhcp}}
    two:
      config:
        cniVersion: "1.0.0"
        plugins:
          - type: tuning-of-ours
          - type: %s
            ipam: {type: dhcp}
"""


@pytest.mark.parametrize(
    ("code", "one", "two", "key"),
    [
        (
            "vlan-taken",
            "vlan, master: eth0, vlanId: 7",
            "vlan\n            master: eth0\n            vlanId: 7",
            "vlanId",
        ),
        (
            "link-used-twice",
            "macvlan, master: eth0",
            "ipvlan\n            master: eth0",
            "type",
        ),
    ],
)
def test_two_networks_on_one_link_are_told_with_the_line_of_the_plugin_in_its_list(
    tmp_path: Path, code: str, one: str, two: str, key: str
) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(IN_LISTS % (one, two))
    answer = CliRunner().invoke(app, ["validate", "--json", "-f", str(file)])
    found = [f for f in json.loads(answer.output)["findings"] if f["code"] == code]
    assert [f["path"] for f in found] == [f"multinet:networks.two.config.plugins[1].{key}"]
    line = file.read_text().splitlines()[found[0]["line"] - 1]
    assert f"{key}:" in line
