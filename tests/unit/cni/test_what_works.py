"""What works is not refused, and what cannot work is: by `multinet validate`, as users call it.

Each was tried with the real plugins, or read in their source.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cni.cases import STATIC, chain, main
from tests.unit.validating import network, validate

ON_LINK = {"dst": "10.9.0.0/16", "gw": "0.0.0.0"}
LOCAL = {"type": "host-local", "subnet": "10.0.0.0/24"}

WORKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "static for pods that ask": (main("macvlan", ipam={"type": "static"}), {}),
    "static for pods that ask, with the capability": (
        main("macvlan", capabilities={"ips": True}, ipam={"type": "static"}),
        {},
    ),
    "a resource name without a slash, as of a DRA claim": (
        main("host-device"),
        {"resourceName": "single-nic"},
    ),
    "a resource name": (main("sriov"), {"resourceName": "intel.com/sriov_netdevice"}),
    "keys beside an IPAM that is not known": (
        main(
            "macvlan",
            datastore_type="kubernetes",
            kubernetes={"kubeconfig": "/etc/cni/net.d/calico-kubeconfig"},
            ipam={"type": "calico-ipam"},
        ),
        {},
    ),
    "the same in a chain": (
        chain({"type": "bridge", "nodename": "n", "ipam": {"type": "own"}}, {"type": "tuning"}),
        {},
    ),
    "a route without gateway, said as 0.0.0.0": (
        main("macvlan", ipam={**LOCAL, "routes": [ON_LINK]}),
        {},
    ),
    "the same with static": (main("bridge", ipam={**STATIC, "routes": [ON_LINK]}), {}),
    "the same, and a scope that only such a route has": (
        main("macvlan", ipam={**LOCAL, "routes": [{**ON_LINK, "scope": 253}]}),
        {},
    ),
    "the same with route-override": (
        chain(
            {"type": "bridge", "ipam": LOCAL},
            {"type": "route-override", "addroutes": [ON_LINK]},
        ),
        {},
    ),
    "a bare route of a network whose gateway is 0.0.0.0": (
        main("macvlan", ipam={**LOCAL, "gateway": "0.0.0.0", "routes": [{"dst": "10.9.0.0/16"}]}),
        {},
    ),
    "host-device that is handed its device": (
        main("host-device", capabilities={"deviceID": True}),
        {},
    ),
    "host-device with the device written out": (
        main("host-device", runtimeConfig={"deviceID": "0000:3d:00.1"}),
        {},
    ),
    "a chain that begins with Cilium": (
        chain({"type": "cilium-cni"}, {"type": "coordinator"}),
        {},
    ),
    "sbr with the gateway that the bridge makes up": (
        chain({"type": "bridge", "isGateway": True, "ipam": STATIC}, {"type": "sbr"}),
        {},
    ),
    "sbr with a default route of the IPAM's": (
        chain(
            {
                "type": "bridge",
                "ipam": {**STATIC, "routes": [{"dst": "0.0.0.0/0", "gw": "10.0.0.1"}]},
            },
            {"type": "sbr"},
        ),
        {},
    ),
    "sbr with a table of somebody else's": (
        chain({"type": "bridge", "ipam": STATIC}, {"type": "sbr", "table": 7}),
        {},
    ),
    "sbr through 0.0.0.0": (
        chain({"type": "bridge", "ipam": {**LOCAL, "gateway": "0.0.0.0"}}, {"type": "sbr"}),
        {},
    ),
    "Cilium at the end of a chain, as Kube-OVN documents it": (
        chain(
            {"type": "kube-ovn", "server_socket": "/run/kube-ovn.sock"},
            {"type": "cilium-cni", "chaining-mode": "generic-veth"},
        ),
        {},
    ),
    "Cilium amid a chain, as Spiderpool documents it": (
        chain({"type": "ipvlan", "ipam": STATIC}, {"type": "cilium-cni"}, {"type": "coordinator"}),
        {},
    ),
    "args that are written out": (
        main("macvlan", args={"cni": {"ips": ["10.0.0.5/24"]}}, ipam={"type": "static"}),
        {},
    ),
    "other args": (main("bridge", args={"cni": {"labels": [{"key": "a", "value": "b"}]}}), {}),
    "runtimeConfig that is written out": (
        chain(
            {"type": "bridge", "ipam": LOCAL},
            {"type": "portmap", "runtimeConfig": {"portMappings": [{"hostPort": 80}]}},
        ),
        {},
    ),
    "what the runtime adds for a garbage collection": (
        main("macvlan", **{"cni.dev/valid-attachments": []}),
        {},
    ),
    "the same at the top of a list": ({**chain({"type": "bridge"}), "cni.dev/attachments": []}, {}),
    "args of a plugin that is not known": (main("own", args={"any": [1]}, runtimeConfig={}), {}),
}


@pytest.mark.parametrize("name", WORKS)
def test_what_works_is_accepted(name: str) -> None:
    written, keys = WORKS[name]
    assert network(written, **keys).errors == {}


FAILS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a resource name with a blank": (main("sriov"), "resourceName", "not-a-resource-name"),
    "an IPAM program as the plugin": (main("host-local", ipam=LOCAL), "type", "plugin-and-ipam"),
    "static as the plugin": (main("static", ipam=STATIC), "type", "plugin-and-ipam"),
    "the same in a chain": (
        chain({"type": "bridge"}, {"type": "whereabouts"}),
        "plugins[1].type",
        "plugin-and-ipam",
    ),
    "a public IPAM as the plugin": (main("nv-ipam"), "type", "plugin-and-ipam"),
    "a plugin as the IPAM": (
        main("macvlan", ipam={"type": "bridge"}),
        "ipam.type",
        "plugin-and-ipam",
    ),
    "Cilium alone": (main("cilium-cni"), "type", "type-refused"),
    "Cilium alone in a list": (chain({"type": "cilium-cni"}), "plugins[0].type", "type-refused"),
    "Multus first": (chain({"type": "multus"}, {"type": "sbr"}), "plugins[0].type", "type-refused"),
    "a route through ::": (
        main(
            "macvlan",
            ipam={**LOCAL, "subnet": "fd00::/64", "routes": [{"dst": "fd09::/64", "gw": "::"}]},
        ),
        "ipam.routes[0].gw",
        "route-gateway-unreachable",
    ),
    "an IPv6 route through 0.0.0.0": (
        main("macvlan", ipam={**LOCAL, "routes": [{**ON_LINK, "dst": "fd09::/64"}]}),
        "ipam.routes[0].gw",
        "route-gateway-family",
    ),
    "prevResult": (main("macvlan", prevResult={}), "prevResult", "reserved-key"),
    "args at the top of a list": (
        {**chain({"type": "bridge"}), "args": {"cni": {}}},
        "args",
        "misplaced-key",
    ),
    "args that are no mapping": (main("macvlan", args="x"), "args", "wrong-type"),
    "args with one address for a list": (
        main("macvlan", args={"cni": {"ips": "10.0.0.5/24"}}),
        "args.cni.ips",
        "wrong-type",
    ),
    "args with an address that static cannot read": (
        main("macvlan", args={"cni": {"ips": ["10.0.0.5"]}}, ipam={"type": "static"}),
        "args.cni.ips[0]",
        "ip-without-prefix",
    ),
    "runtimeConfig with an address that host-local does not have": (
        main("macvlan", runtimeConfig={"ips": ["10.9.0.5"]}, ipam=LOCAL),
        "runtimeConfig.ips[0]",
        "ip-outside-ranges",
    ),
    "args that crash route-override": (
        chain({"type": "bridge"}, {"type": "route-override", "flushroutes": True, "args": {}}),
        "plugins[1].args.cni",
        "missing-key",
    ),
    "a key that nobody reads beside a known IPAM": (
        main("macvlan", datastore_type="kubernetes", ipam=LOCAL),
        "datastore_type",
        "unknown-key",
    ),
    "a key that nobody reads beside no IPAM": (
        main("macvlan", datastore_type="kubernetes"),
        "datastore_type",
        "unknown-key",
    ),
    "keys of args inside an IPAM": (
        main("macvlan", ipam={**LOCAL, "args": {}}),
        "ipam.args",
        "unknown-key",
    ),
}


LINK_NAMES: dict[str, dict[str, Any]] = {
    "bridge": main("bridge", bridge="{}"),
    "master": main("macvlan", master="{}"),
    "master ": main("ipvlan", master="{}", ipam=LOCAL),
    "master  ": main("vlan", master="{}", ipam=LOCAL),
    "device": main("host-device", device="{}"),
    "bridge ": main("tap", bridge="{}"),
    "bridge  ": main("ovs", bridge="{}"),
    "plugins[1].vrfname": chain({"type": "bridge"}, {"type": "vrf", "vrfname": "{}"}),
    "plugins[1].bridge": chain(
        {"type": "ovs", "bridge": "br1"},
        {
            "type": "ovs-mirror-producer",
            "bridge": "{}",
            "mirrors": [{"name": "m", "ingress": True}],
        },
    ),
}


@pytest.mark.parametrize(
    "name", ["br1 ", " br1", "b r1", "br1\t", "br\u00a01", "br\x7f", "b" * 16, "a/b"]
)
@pytest.mark.parametrize("path", LINK_NAMES)
def test_a_name_that_no_link_can_have_is_refused_wherever_it_stands(path: str, name: str) -> None:
    written = json.loads(json.dumps(LINK_NAMES[path]).replace("{}", json.dumps(name)[1:-1]))
    assert network(written).errors == {path.strip(): "not-an-interface-name"}


@pytest.mark.parametrize(
    "node",
    [
        {"links": {"br1 ": {}}},
        {"links": {"v1": {"kind": "vlan", "parent": "et h0", "vlan": 5}}},
        {"links": {"br1": {"kind": "bridge", "ports": ["eth1 "]}}},
    ],
)
def test_a_nodes_links_have_names_that_links_can_have(node: dict[str, Any]) -> None:
    found = validate(nodes={"w1": {"host": "192.0.2.10", **node}})
    assert "not-an-interface-name" in found.errors.values()


@pytest.mark.parametrize("name", ["a" * 29, "MY CHAIN", "-A"])
@pytest.mark.parametrize(
    "plugin",
    [
        {"type": "firewall", "iptablesAdminChainName": ""},
        {"type": "portmap", "externalSetMarkChain": ""},
    ],
)
def test_a_name_that_no_chain_can_have_is_refused(plugin: dict[str, str], name: str) -> None:
    written = {key: value or name for key, value in plugin.items()}
    assert "not-a-chain-name" in network(chain({"type": "bridge"}, written)).errors.values()


@pytest.mark.parametrize("name", FAILS)
def test_what_cannot_work_is_refused(name: str) -> None:
    written, path, code = FAILS[name]
    keys = {"resourceName": "intel.com/my nic"} if path == "resourceName" else {}

    found = network(written, **keys)

    assert found.code == 2
    assert found.errors.get(path) == code, found.findings
