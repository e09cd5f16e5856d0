"""The primary CNI against Multus and the nodes, by `multinet validate`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.validating import validate

SERVER = {"apiServer": {"host": "192.0.2.1"}}
BPF = {"plugin": "calico", "calico": {"dataplane": "BPF"}}


def test_calicos_ebpf_needs_the_api_servers_address() -> None:
    path = "multinet:primaryCni.calico.dataplane"

    assert validate(primaryCni=BPF).errors == {path: "api-server-unknown"}
    by_values = {"installation": {"calicoNetwork": {"linuxDataplane": "BPF"}}}
    assert validate(primaryCni={"plugin": "calico", "values": by_values}).errors == {
        path: "api-server-unknown"
    }
    assert validate(primaryCni=BPF, multus=SERVER).errors == {}


@pytest.mark.parametrize(
    "values",
    [
        {"kubernetesServiceEndpoint": {"host": "192.0.2.1", "port": "6443"}},
        {"installation": {"calicoNetwork": {"bpfNetworkBootstrap": "Enabled"}}},
    ],
)
def test_it_may_be_told_by_the_charts_own_values(values: dict[str, Any]) -> None:
    assert validate(primaryCni={**BPF, "values": values}).errors == {}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"])
def test_calico_does_not_reach_the_api_server_on_the_loopback(host: str) -> None:
    multus = {"apiServer": {"host": host}}

    found = validate(primaryCni={"plugin": "calico"}, multus=multus)

    assert found.errors == {"multinet:multus.apiServer.host": "api-server-on-loopback"}
    for plugin in ({"plugin": "cilium"}, {"plugin": "existing", "confFile": "10-x.conflist"}):
        assert validate(primaryCni=plugin, multus=multus).errors == {}, "on the host's network"


@pytest.mark.parametrize(
    ("section", "nodes"),
    [
        ({"podCidrs": ["10.0.0.0/16"]}, {"w1": {"host": "10.0.3.4"}}),
        ({"podCidrs": ["10.64.0.0/16", "10.0.0.0/16"]}, {"w1": {"host": "10.0.3.4"}}),
        ({"podCidrs": ["10.64.0.0/16", "fd00::/112"]}, {"w1": {"host": "fd00::5"}}),
        (
            {"podCidrs": ["10.64.0.0/16"], "serviceCidrs": ["10.0.0.0/16"]},
            {"w1": {"host": "10.0.3.4"}},
        ),
        ({"podCidrs": ["10.0.0.0/16"]}, {"w1": {"host": "w1.example"}, "10.0.3.4": {}}),
    ],
)
@pytest.mark.parametrize("plugin", ["calico", "cilium", "existing"])
def test_no_network_of_the_clusters_holds_a_nodes_own_address(
    plugin: str, section: dict[str, Any], nodes: dict[str, Any]
) -> None:
    conf = {"confFile": "10-x.conflist"} if plugin == "existing" else {}

    found = validate(primaryCni={"plugin": plugin, **conf, **section}, nodes=nodes)

    (path,) = (p for p, code in found.errors.items() if code == "cidr-covers-node")
    key, _, index = path.removeprefix("multinet:primaryCni.").partition("[")
    assert section[key][int(index.rstrip("]"))] in ("10.0.0.0/16", "fd00::/112")
    assert "10.0.3.4" in found.text("cidr-covers-node") or "fd00::5" in found.text(
        "cidr-covers-node"
    )


def test_nor_the_api_servers() -> None:
    found = validate(primaryCni={"podCidrs": ["192.0.2.0/24"]}, multus=SERVER)
    assert found.errors == {"multinet:primaryCni.podCidrs[0]": "cidr-covers-node"}


def test_nodes_elsewhere_and_nodes_by_name_are_fine() -> None:
    nodes = {"w1": {"host": "192.0.2.10"}, "w2": {"host": "w2.example"}, "w3": {"local": True}}
    assert validate(primaryCni={"podCidrs": ["10.0.0.0/16"]}, nodes=nodes).errors == {}


@pytest.mark.parametrize(
    "file", ["05-cilium.conflist", "05-cilium.conf", "00-cilium-cni.conflist", "10-Cilium.conf"]
)
def test_an_existing_cilium_is_told_by_any_name_of_its_file(file: str) -> None:
    existing = {"plugin": "existing", "confFile": file}

    found = validate(primaryCni=existing)

    assert found.warnings == {"multinet:primaryCni.confFile": "existing-cilium-exclusive"}
    assert validate(primaryCni={**existing, "adopt": {"plugin": "cilium"}}).warnings == {}
    assert validate(primaryCni={**existing, "confFile": "10-flannel.conflist"}).warnings == {}
