"""What a primary CNI, and the nodes' own addresses, mean for secondary networks: by `validate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.stack.load import check_config

POOL = {"type": "whereabouts", "range": "10.9.0.0/24"}
ROUTED = {**POOL, "routes": [{"dst": "0.0.0.0/0"}]}
ON_LINK = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}
CALICO, CILIUM = {"plugin": "calico"}, {"plugin": "cilium"}
EXISTING = {"plugin": "existing", "confFile": "10-x.conflist"}


def validate(to: Path, networks: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    sections = {"networks": {name: {"config": c} for name, c in networks.items()}, **more}
    file = to / "Pulumi.x.yaml"
    file.write_text(json.dumps({"config": {f"multinet:{k}": v for k, v in sections.items()}}))
    said = CliRunner().invoke(app, ["validate", "--json", "-f", str(file)])
    found: list[dict[str, Any]] = json.loads(said.output)["findings"]
    return found


def of(found: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return [f for f in found if f["code"] == code]


@pytest.mark.parametrize(
    ("primary", "follows"),
    [
        (CALICO, "before Calico's"),
        (CILIUM, "before Cilium's"),
        (EXISTING, "beside Calico and Cil"),
        ({**EXISTING, "confFile": "10-calico.conflist"}, "before Calico's"),
        ({**EXISTING, "confFile": "05-cilium.conflist"}, "before Cilium's"),
    ],
)
@pytest.mark.parametrize(
    "config",
    [
        {**ON_LINK, "ipam": ROUTED},
        {"cniVersion": "1.0.0", "type": "bridge", "isDefaultGateway": True, "ipam": POOL},
        {
            "cniVersion": "1.0.0",
            "plugins": [
                {"type": "bridge", "ipam": POOL},
                {"type": "route-override", "addroutes": [{"dst": "0.0.0.0/0", "gw": "10.9.0.1"}]},
            ],
        },
    ],
    ids=["routes", "isDefaultGateway", "addroutes"],
)
def test_a_default_route_is_told_with_what_it_does_beside_that_primary(
    config: dict[str, Any], primary: dict[str, Any], follows: str, tmp_path: Path
) -> None:
    (told,) = of(validate(tmp_path, {"lan": config}, primaryCni=primary), "default-route")
    assert follows in told["rule"]
    assert "chance" not in told["rule"]
    assert "route-override" in told["wayOut"]


@pytest.mark.parametrize(
    "config",
    [
        {**ON_LINK, "ipam": POOL},
        {**ON_LINK, "type": "ipvlan", "ipam": POOL},
        {**ON_LINK, "type": "vlan", "vlanId": 7, "ipam": POOL},
        {**ON_LINK, "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.9.0.0/24"}]]}},
    ],
    ids=["macvlan", "ipvlan", "vlan", "host-local"],
)
def test_a_network_on_the_nodes_own_subnet_is_told(config: dict[str, Any], tmp_path: Path) -> None:
    nodes = {"worker-1": {"host": "10.9.0.7", "user": "root"}, "worker-2": {"host": "w2"}}
    (told,) = of(validate(tmp_path, {"lan": config}, nodes=nodes), "nodes-own-subnet")
    assert "node worker-1" in told["rule"]
    assert "probes" in told["rule"]
    assert (told["severity"], told["value"]) == ("warning", "10.9.0.0/24")
    assert told["path"].startswith("multinet:networks.lan.config.ipam")


@pytest.mark.parametrize(
    ("config", "host"),
    [
        ({**ON_LINK, "ipam": POOL}, "10.8.0.7"),
        ({"cniVersion": "1.0.0", "type": "bridge", "ipam": POOL}, "10.9.0.7"),
        ({**ON_LINK, "ipam": POOL}, "worker.example.org"),
    ],
    ids=["another subnet", "a bridge, which the node is on as well", "a name"],
)
def test_a_network_whose_pods_their_node_reaches_is_not(
    config: dict[str, Any], host: str, tmp_path: Path
) -> None:
    nodes = {"worker-1": {"host": host, "user": "root"}}
    assert of(validate(tmp_path, {"lan": config}, nodes=nodes), "nodes-own-subnet") == []


def test_of_nodes_only_those_count_that_the_network_is_for() -> None:
    nodes = {
        "a": {"host": "10.9.0.7", "labels": {"lan": "no"}},
        "b": {"host": "10.8.0.7", "labels": {"lan": "yes"}},
    }
    network = {"config": {**ON_LINK, "ipam": POOL}, "nodeSelector": {"lan": "yes"}}
    found = check_config({"networks": {"lan": network}, "nodes": nodes})[1]
    assert "nodes-own-subnet" not in {f.code for f in found}


@pytest.mark.parametrize(
    ("version", "kind", "mtu", "expected"),
    [
        ("1.19.4", "bridge", 1400, ["multinet:networks.lan.config.mtu"]),
        ("1.19.4", "ptp", 1400, ["multinet:networks.lan.config.mtu"]),
        ("1.19.4", "bridge", None, []),
        ("1.19.4", "macvlan", 1400, []),
        ("1.20.2", "bridge", 1400, []),
    ],
)
def test_an_mtu_that_cilium_sets_itself_is_told(
    version: str, kind: str, mtu: int | None, expected: list[str], tmp_path: Path
) -> None:
    pool = {"type": "host-local", "subnet": "10.9.0.0/24"}
    config = {"cniVersion": "1.0.0", "type": kind, "ipam": pool} | ({"mtu": mtu} if mtu else {})
    found = validate(tmp_path, {"lan": config}, primaryCni={**CILIUM, "version": version})
    assert [f["path"] for f in of(found, "mtu-set-by-cilium")] == expected
