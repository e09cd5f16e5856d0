"""Networks of plugins of other projects, through the commands: checked, drawn, rendered, taken over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.names import RESOURCE_NAME
from multinet.stack import schema
from tests.unit.adopt import clusters
from tests.unit.cni.others import DOCUMENTED
from tests.unit.live.recorded import NADS, Recorded, serving

FILE = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-ovn-kubernetes.conf}
  multinet:nodes:
    n1: {links: {eth1: {mtu: 1400}, eth2: {}}}
  multinet:addons: {whereabouts: false, dhcpDaemon: false}
  multinet:networks:
    pair:
      config:
        cniVersion: "1.0.0"
        type: bond
        mode: active-backup
        miimon: "100"
        failOverMac: 1
        links: [{name: eth1}, {name: eth2}]
        ipam: {type: nv-ipam, poolName: "pool4, pool6"}
    tenant:
      namespace: blue
      config:
        cniVersion: "1.0.0"
        type: ovn-k8s-cni-overlay
        topology: layer2
        subnets: 10.100.0.0/24
        netAttachDefName: default/tenant
    tap:
      resourceName: macvtap.network.kubevirt.io/dataplane
      config: {cniVersion: "1.0.0", type: macvtap, mac: "02:00:5e:00:53:01"}
    fabric:
      config: {cniVersion: "0.3.1", type: ib-sriov, ipam: {type: dhcp}}
    rail:
      config:
        cniVersion: "0.3.1"
        plugins:
          - {type: macvlan, master: eth3, ipam: {type: spiderpool}}
          - {type: coordinator, mode: overlays, detectGateway: true}
"""

MENDED = {
    "mtu: 1400": "mtu: 1500",
    "pool4, pool6": "pool4,pool6",
    "default/tenant": "blue/tenant",
    'macvtap.network.kubevirt.io/dataplane\n      config: {cniVersion: "1.0.0"': (
        'macvtap.network.kubevirt.io/dataplane\n      config: {cniVersion: "0.4.0"'
    ),
    "ipam: {type: dhcp}": "ipam: {type: whereabouts, range: 10.9.0.0/24}",
    "    fabric:\n": "    fabric:\n      resourceName: nvidia.com/ib\n",
    "mode: overlays": "mode: overlay",
}


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def _mended() -> str:
    text = FILE
    for wrong, right in MENDED.items():
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    return text


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The file, every mistake corrected."""
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(_mended())
    return file


def _told(output: str, severity: str) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for finding in json.loads(output)["findings"]:
        if finding["severity"] == severity:
            _, name, *_ = finding["path"].split(".")
            told.setdefault(name, set()).add(finding["code"])
    return told


def test_each_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(FILE)

    code, output = _run("validate", "-f", str(file), "--json")

    assert code == 2
    assert _told(output, "error") == {
        "pair": {"pool-name"},
        "tenant": {"nad-name-mismatch"},
        "tap": {"cni-version-too-new"},
        "fabric": {"ipam-refused"},
        "rail": {"unknown-value"},
    }
    assert all(finding["line"] for finding in json.loads(output)["findings"])


def test_what_networks_need_of_each_other_and_of_nodes_is_told(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    text = _mended()
    for right in ("mtu: 1500", "    fabric:\n      resourceName: nvidia.com/ib\n"):
        (wrong,) = (w for w, r in MENDED.items() if r == right)
        text = text.replace(right, wrong)
    file.write_text(text)

    code, output = _run("validate", "-f", str(file), "--json")

    assert code == 2
    assert _told(output, "error") == {
        "pair": {"mtu-above-parent"},
        "fabric": {"device-missing"},
    }


def test_ovns_network_beside_another_primary_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    brought = "multinet:primaryCni: {plugin: calico, podCidrs: [10.1.0.0/16]}"
    existing = "multinet:primaryCni: {plugin: existing, confFile: 10-ovn-kubernetes.conf}"
    file.write_text(_mended().replace(existing, brought))

    code, output = _run("validate", "-f", str(file), "--json")

    assert code == 0, output
    assert _told(output, "warning")["tenant"] == {"another-primarys-plugin"}


def test_the_mended_file_is_valid_and_documented_keys_that_nobody_reads_are_told(
    mended: Path,
) -> None:
    code, output = _run("validate", "-f", str(mended), "--json")

    assert code == 0, output
    assert _told(output, "warning") == {"tap": {"no-effect"}, "rail": {"no-effect"}}


def test_the_schema_for_editors_takes_the_mended_file_and_refuses_the_other(mended: Path) -> None:
    checked = jsonschema.Draft202012Validator(schema.stack_file_schema())

    assert list(checked.iter_errors(YAML(typ="safe").load(mended.read_text()))) == []
    assert list(checked.iter_errors(YAML(typ="safe").load(FILE)))


def test_the_picture_names_links_modes_and_addresses(mended: Path, tmp_path: Path) -> None:
    code, output = _run("diagram", "-f", str(mended), "--json")

    assert code == 0, output
    nets = {n["name"]: n for t in _trunks(output) for s in t["segments"] for n in s["nets"]}
    assert nets["pair"]["plugins"] == "bond active-backup"
    assert nets["pair"]["link"] == "eth1, eth2"
    assert nets["tenant"]["plugins"] == "ovn-k8s-cni-overlay layer2"
    assert (nets["tenant"]["ipam"], nets["tenant"]["ranges"]) == (
        "ovn-kubernetes",
        ["10.100.0.0/24"],
    )
    assert "macvtap.network.kubevirt.io/dataplane" in {t["title"] for t in _trunks(output)}


def _trunks(output: str) -> list[dict[str, Any]]:
    trunks: list[dict[str, Any]] = json.loads(output)["trunks"]
    return trunks


def test_networks_of_a_cluster_are_taken_over_as_they_are(tmp_path: Path) -> None:
    nads = [
        clusters.nad(f"n{i}", config, annotations={RESOURCE_NAME: f"a.example/r{i}"})
        | {"documented": name}
        for i, (name, config) in enumerate(DOCUMENTED.items())
        if "netAttachDefName" not in json.dumps(config) and "provider" not in json.dumps(config)
    ]
    file = tmp_path / "Pulumi.prod.yaml"

    with serving(Recorded({NADS: nads, "/api/v1/nodes": []}), tmp_path) as cluster:
        cluster.document("adopt", "-o", str(file), "--force")

    taken = YAML(typ="safe").load(file)["config"]["multinet:networks"]
    written = {name: network["config"] for name, network in taken.items()}
    assert set(written) == {nad["metadata"]["name"] for nad in nads}
    for nad in nads:
        original = json.loads(nad["spec"]["config"])
        assert {**written[nad["metadata"]["name"]]} == original, nad["documented"]
