"""Networks that each node has a configuration of its own of: what is refused, and what is made."""

from __future__ import annotations

import ipaddress
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.blocks import objects
from multinet.cli.app import app
from multinet.findings.model import check
from multinet.multus.settings import MultusSettings
from multinet.networks.blocks import MOST
from multinet.networks.settings import NetworkSettings
from multinet.nodes.requirements import requirements
from multinet.nodes.settings import NodeSettings
from tests.unit.validating import validate

MACVLAN: dict[str, Any] = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}
LAN = {**MACVLAN, "ipam": {"type": "host-local", "subnet": "10.50.0.0/16"}}


def network(per_node: Any, config: dict[str, Any] = LAN, **more: Any) -> dict[str, Any]:
    return {"config": config, "perNode": per_node, **more}


def made(given: dict[str, Any]) -> NetworkSettings:
    settings, found = check(NetworkSettings, given)
    assert settings is not None, found
    return settings


def local(*ranges: dict[str, Any]) -> dict[str, Any]:
    return {**MACVLAN, "ipam": {"type": "host-local", "ranges": [[r] for r in ranges]}}


def test_blocks_take_away_what_host_local_on_a_shared_segment_is_warned_of() -> None:
    assert validate(networks={"lan": network({"blockSize": 26})}).findings == []
    warned = validate(networks={"lan": {"config": LAN}}).warnings
    assert set(warned.values()) == {"host-local-on-shared-l2"}


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        (network({}), "perNode.blockSize", "missing-key"),
        ({"perNode": {"blockSize": 26}}, "config", "missing-key"),
        (network({"blocksize": 26}), "perNode.blocksize", "unknown-key"),
        (network({"blockSize": "26"}), "perNode.blockSize", "wrong-type"),
        (network({"blockSize": 8}), "perNode.blockSize", "block-size"),
        (network({"blockSize": 31}), "perNode.blockSize", "block-size"),
        (network({"blockSize": 40}), "perNode.blockSize", "block-size"),
        (network({"blockSize": -1}), "perNode.blockSize", "block-size"),
        (
            network({"blockSize": 26, "blockSizeIpv6": 64}),
            "perNode.blockSizeIpv6",
            "blocks-of-nothing",
        ),
        (network({"blockSize": 26}, MACVLAN), "perNode.blockSize", "blocks-of-nothing"),
        (
            network({"blockSize": 26}, local({"subnet": "10.5.0.0/16"}, {"subnet": "fd00::/64"})),
            "perNode.blockSizeIpv6",
            "missing-key",
        ),
        (
            network(
                {"blockSize": 28},
                local({"subnet": "10.5.0.0/24", "rangeStart": "10.5.0.9", "rangeEnd": "10.5.0.30"}),
            ),
            "perNode.blockSize",
            "block-size",
        ),
        (network({"nodes": {"A_b": {}}}), "perNode.nodes.A_b", "not-a-node-name"),
        (network({"nodes": {"a": {"mastr": "ens5"}}}), "perNode.nodes.a.mastr", "unknown-key"),
        (network({"nodes": {"a": {"master": 5}}}), "perNode.nodes.a.master", "wrong-type"),
        (network({"nodes": {"a": {"mtu": 70000}}}), "perNode.nodes.a.mtu", "wrong-value"),
        (network({"nodes": {"a": {"mode": "brige"}}}), "perNode.nodes.a.mode", "unknown-value"),
        (network({"nodes": {"a": {"ipam": {}}}}), "perNode.nodes.a.ipam", "same-on-every-node"),
        (network({"nodes": {"a": {"Type": "x"}}}), "perNode.nodes.a.Type", "same-on-every-node"),
        (network({"blockSize": 26}, {**LAN, "name": "wan"}), "config.name", "name-on-nodes"),
    ],
)
def test_what_cannot_work_is_refused_in_its_place(
    given: dict[str, Any], path: str, code: str
) -> None:
    assert validate(networks={"lan": given}).errors == {f"multinet:networks.lan.{path}": code}


def test_fewer_blocks_than_declared_nodes_are_refused() -> None:
    config = {**MACVLAN, "ipam": {"type": "host-local", "subnet": "192.168.1.0/24"}}
    nodes: dict[str, Any] = {f"w{i}": {} for i in range(5)}
    told = validate(networks={"lan": network({"blockSize": 26}, config)}, nodes=nodes)

    assert told.errors == {"multinet:networks.lan.perNode.blockSize": "blocks-too-few"}
    assert "4 /26 of 192.168.1.1-192.168.1.254/24, and 5 nodes" in told.text("blocks-too-few")
    assert validate(networks={"lan": network({"blockSize": 27}, config)}, nodes=nodes).errors == {}


def test_blocks_are_whole_disjoint_and_lack_what_no_pod_may_have() -> None:
    subnet = {"subnet": "10.5.0.0/24", "rangeStart": "10.5.0.20", "rangeEnd": "10.5.0.254"}
    blocks = made(network({"blockSize": 28}, local(subnet))).blocks
    assert blocks is not None
    assert blocks.count == 14
    every = [blocks.of(n)[0] for n in range(14)]
    assert [(str(b.first), str(b.last)) for b in every[:2]] == [
        ("10.5.0.32", "10.5.0.47"),
        ("10.5.0.48", "10.5.0.63"),
    ]
    assert str(every[-1].last) == "10.5.0.254", "the broadcast address is no pod's"
    assert all(int(a.last) < int(b.first) for a, b in itertools.pairwise(every))
    assert blocks.of(14) == []
    assert blocks.of(-1) == []


def test_a_subnet_that_grows_at_its_end_moves_no_block() -> None:
    small = made(network({"blockSize": 26}, local({"subnet": "10.50.0.0/24"}))).blocks
    large = made(network({"blockSize": 26}, local({"subnet": "10.50.0.0/16"}))).blocks
    assert small is not None
    assert large is not None
    for n in range(1, 3):
        assert small.of(n)[0].first == large.of(n)[0].first
        assert small.of(n)[0].last == large.of(n)[0].last


def test_a_huge_ipv6_range_has_as_many_blocks_as_there_can_be_nodes() -> None:
    blocks = made(network({"blockSizeIpv6": 112}, local({"subnet": "fd00::/64"}))).blocks
    assert blocks is not None
    assert blocks.count == MOST
    assert blocks.of(MOST - 1)[0].last == ipaddress.ip_address("fd00::ffff:ffff")


def test_the_configuration_is_sent_as_it_was_written_but_for_the_ends_of_its_ranges() -> None:
    config = {
        "cniVersion": "1.0.0",
        "plugins": [
            {
                "type": "macvlan",
                "Master": "eth0",
                "ipam": {
                    "type": "host-local",
                    "Subnet": "10.50.0.0/16",
                    "RANGESTART": "10.50.4.0",
                    "gateway": "10.50.0.9",
                    "routes": [{"dst": "10.0.0.0/8"}],
                    "ranges": [[{"subnet": "fd00::/64", "gateway": "fd00::9"}]],
                },
            },
            {"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.arp_notify": "1"}},
        ],
    }
    given = network(
        {"blockSize": 26, "blockSizeIpv6": 112, "nodes": {"b": {"master": "ens5"}}}, config
    )
    data = objects.config_map(MultusSettings(), {"lan": made(given)})["data"]
    first, second = data["lan.blocks"].splitlines()
    assert first == "10.50.4.0 6 1008 10.50.4.0 10.50.255.254"
    assert second.split()[1:3] == ["16", "65536"]
    here = json.loads(data["lan.conflist"])
    (macvlan, tuning) = here["plugins"]
    assert here["name"] == "lan"
    assert macvlan["Master"] == "eth0"
    assert macvlan["ipam"] == {
        "type": "host-local",
        "Subnet": "10.50.0.0/16",
        "rangeStart": "@first0@",
        "rangeEnd": "@last0@",
        "gateway": "10.50.0.9",
        "routes": [{"dst": "10.0.0.0/8"}],
        "ranges": [
            [
                {
                    "subnet": "fd00::/64",
                    "gateway": "fd00::9",
                    "rangeStart": "@first1@",
                    "rangeEnd": "@last1@",
                }
            ]
        ],
    }
    assert tuning == config["plugins"][1]  # type: ignore[index]
    there = json.loads(data["lan.conflist.b"])["plugins"][0]
    assert "Master" not in there
    assert there["master"] == "ens5"


def test_a_node_is_full_when_its_block_is() -> None:
    lan = {"lan": made(network({"blockSize": 26}))}
    needs = requirements("b", NodeSettings(), lan, MultusSettings())
    assert [(one.network, one.capacity) for one in needs.allocations] == [("lan", 64)]


def test_parents_may_differ_without_blocks_whoever_hands_out_addresses() -> None:
    config = {**MACVLAN, "ipam": {"type": "whereabouts", "range": "10.5.0.0/24"}}
    given = network({"nodes": {"b": {"master": "ens5"}}}, config)
    assert validate(networks={"lan": given}).errors == {}
    data = objects.config_map(MultusSettings(), {"lan": made(given)})["data"]
    assert data["lan.blocks"] == ""
    assert json.loads(data["lan.conf.b"])["master"] == "ens5"


@pytest.fixture
def rendered(tmp_path: Path, project: Path) -> dict[str, Any]:
    config = {
        "multinet:primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "multinet:networks": {
            "lan": network({"blockSize": 26, "nodes": {"b": {"master": "ens5"}}}),
            "wan": {"config": MACVLAN},
        },
    }
    file = tmp_path / "Pulumi.blocks.yaml"
    file.write_text(json.dumps({"config": config}))
    ran = CliRunner().invoke(
        app, ["render", "-C", str(project), "-f", str(file), "-o", str(tmp_path / "out")]
    )
    assert ran.exit_code == 0, ran.output
    found = (YAML(typ="safe").load(p) for p in (tmp_path / "out" / "manifests").glob("[0-9]*.yaml"))
    return {f"{m['kind']} {m['metadata']['name']}": m for m in found}


def test_its_nad_holds_no_configuration_and_says_what_the_nodes_have(
    rendered: dict[str, Any],
) -> None:
    nad = rendered["NetworkAttachmentDefinition lan"]
    assert nad["spec"] == {}
    said = json.loads(nad["metadata"]["annotations"]["multinet.dev/per-node"])
    assert said == {
        "config": LAN,
        "perNode": {"blockSize": 26, "nodes": {"b": {"master": "ens5"}}},
    }
    assert "config" in rendered["NetworkAttachmentDefinition wan"]["spec"]


def test_the_nodes_may_take_a_number_and_nobodys_away(rendered: dict[str, Any]) -> None:
    name = objects.NAME
    assert rendered[f"Role {name}"]["rules"] == [
        {
            "apiGroups": ["coordination.k8s.io"],
            "resources": ["leases"],
            "verbs": ["create", "get", "list"],
        }
    ]
    pod = rendered[f"DaemonSet {name}"]["spec"]["template"]["spec"]
    shell, api = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert "hostNetwork" not in pod, "what listens on its loopback is the node's then"
    assert "token" not in json.dumps(shell), "who writes on the node has no credential"
    assert shell["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]}
    assert api["securityContext"]["runAsNonRoot"] is True
    assert {v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v} == {
        "/etc/cni/multus/net.d",
        "/run/k8s.cni.cncf.io/multinet-kube-system",
    }


def test_without_such_a_network_there_is_nothing_of_it(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    CliRunner().invoke(app, ["render", "-C", str(project), "-s", "dev", "-o", str(out)])
    assert list((out / "manifests").glob("*macvlan-conf*"))
    assert not list((out / "manifests").glob("*node-blocks*"))
