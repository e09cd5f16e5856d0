"""All problems are told at once: one wrong key hides nothing that does not depend on it."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.findings import format_path
from tests.unit.cni import broken_ipam, broken_plugins, doubtful
from tests.unit.validating import Verdict, network, validate

CASES = {**broken_plugins.PLUGINS, **broken_ipam.IPAM, **doubtful.WARNINGS}
MORE_WRONG = {"an unknown key": {"zzz": 1}, "a known key of a wrong type": {"dns": 5}}


def told(verdict: Verdict) -> set[tuple[str, str]]:
    return {(f["code"], f["path"]) for f in verdict.findings}


def _with(config: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The configuration with these keys in each plugin object."""
    if "plugins" not in config:
        return {**config, **more}
    plugins = [{**p, **more} if isinstance(p, dict) else p for p in config["plugins"]]
    return {**config, "plugins": plugins}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("also", MORE_WRONG)
def test_a_further_mistake_hides_none_of_a_plugin_or_ipam(name: str, also: str) -> None:
    config, code, path = CASES[name]

    found = parse(_with(config, MORE_WRONG[also]))[1]

    assert (code, path) in {(f.code, format_path(f.path) or "(file)") for f in found}


BRIDGE = {"cniVersion": "1.0.0", "type": "bridge"}
RATES = {"min_tx_rate": 200, "max_tx_rate": 100}


def _pool(kind: str, **keys: Any) -> dict[str, Any]:
    return {**BRIDGE, "ipam": {"type": kind, **keys}}


def _chained(**keys: Any) -> dict[str, Any]:
    pool = {"type": "host-local", "subnet": "10.0.0.0/24"}
    return {"cniVersion": "1.0.0", "plugins": [{"type": "bridge", "ipam": pool}, keys]}


INDEPENDENT: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "a start, with a wrong gateway": (
        _pool("host-local", subnet="10.0.0.0/24", rangeStart="10.1.0.5", gateway=5),
        {("wrong-type", "ipam.gateway"), ("address-outside-subnet", "ipam.rangeStart")},
    ),
    "start and end, each outside": (
        _pool("whereabouts", range="10.0.0.0/24", range_start="10.1.0.5", range_end="10.2.0.5"),
        {
            ("address-outside-subnet", "ipam.range_start"),
            ("address-outside-subnet", "ipam.range_end"),
        },
    ),
    "a gateway that is far, with a wrong exclusion": (
        _pool("whereabouts", range="10.0.0.0/24", gateway="10.1.0.1", exclude=["x"]),
        {("not-a-cidr", "ipam.exclude[0]"), ("gateway-outside-subnet", "ipam.gateway")},
    ),
    "a route's host bits, with a wrong end": (
        _pool("host-local", subnet="10.0.0.0/24", rangeEnd="x", routes=[{"dst": "10.1.0.1/16"}]),
        {("not-an-address", "ipam.rangeEnd"), ("route-host-bits", "ipam.routes[0].dst")},
    ),
    "a route's host bits, after a wrong route": (
        _pool("host-local", subnet="10.0.0.0/24", routes=[{"dst": "x"}, {"dst": "10.1.0.1/16"}]),
        {("not-a-cidr", "ipam.routes[0].dst"), ("route-host-bits", "ipam.routes[1].dst")},
    ),
    "a range of a list, after a wrong one": (
        _pool("host-local", ranges=[[{"subnet": "x"}], [{"subnet": "10.0.0.1/24"}]]),
        {
            ("not-a-cidr", "ipam.ranges[0][0].subnet"),
            ("subnet-host-bits", "ipam.ranges[1][0].subnet"),
        },
    ),
    "bridge's modes and lease, with a wrong name": (
        {**_pool("dhcp"), "bridge": "a b", "hairpinMode": True, "promiscMode": True},
        {
            ("not-an-interface-name", "bridge"),
            ("options-exclude-each-other", "promiscMode"),
            ("lease-kept", "ipam.type"),
        },
    ),
    "sriov's rates, with a wrong VLAN": (
        {"cniVersion": "1.0.0", "type": "sriov", "deviceID": "0000:3b:00.1", "vlan": 5000, **RATES},
        {("wrong-value", "vlan"), ("rate-order", "min_tx_rate")},
    ),
    "one way of bandwidth, with the other wrong": (
        _chained(type="bandwidth", ingressRate="fast", egressRate=1000),
        {
            ("wrong-type", "plugins[1].ingressRate"),
            ("rate-without-burst", "plugins[1].egressRate"),
        },
    ),
    "portmap's marks, with wrong conditions": (
        _chained(
            type="portmap", markMasqBit=5, externalSetMarkChain="KUBE-MARK", conditionsV4="-d x"
        ),
        {
            ("wrong-type", "plugins[1].conditionsV4"),
            ("options-exclude-each-other", "plugins[1].externalSetMarkChain"),
        },
    ),
}


@pytest.mark.parametrize("what", INDEPENDENT)
def test_what_does_not_depend_on_each_other_is_told_together(what: str) -> None:
    config, expected = INDEPENDENT[what]
    assert told(network(config)) >= expected


LAN = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}
POOL = {"type": "host-local", "subnet": "10.9.0.0/24"}


def test_a_changed_subnet_is_corrected_in_one_round() -> None:
    ipam = {
        "type": "host-local",
        "subnet": "10.7.0.0/24",
        "rangeStart": "192.168.1.200",
        "rangeEnd": "192.168.1.216",
        "gateway": "192.168.1.1",
        "routes": [{"dst": "10.0.0.0/8"}],
    }

    verdict = network({**LAN, "ipam": ipam})

    assert told(verdict) >= {
        ("address-outside-subnet", "ipam.rangeStart"),
        ("address-outside-subnet", "ipam.rangeEnd"),
        ("gateway-outside-subnet", "ipam.gateway"),
        ("route-gateway-unreachable", "ipam.routes[0].dst"),
    }


def test_a_refused_network_still_meets_others() -> None:
    wrong = {**LAN, "mode": "brige", "ipam": POOL}
    networks = {"a": {"config": wrong}, "b": {"config": {**LAN, "ipam": POOL}}}

    verdict = validate(networks=networks)

    assert told(verdict) >= {
        ("unknown-value", "multinet:networks.a.config.mode"),
        ("ranges-overlap", "multinet:networks.a.config.ipam.subnet"),
        ("ranges-overlap", "multinet:networks.b.config.ipam.subnet"),
    }


def test_where_a_network_is_cannot_be_told_from_a_mistyped_key() -> None:
    wrong = {**LAN, "mastr": "eth1", "ipam": POOL}
    del wrong["master"]
    networks = {"a": {"config": wrong}, "b": {"config": {**LAN, "ipam": POOL}}}

    assert told(validate(networks=networks)) >= {
        ("unknown-key", "multinet:networks.a.config.mastr"),
    }
    assert "ranges-overlap" not in {code for code, _ in told(validate(networks=networks))}


@pytest.mark.parametrize("key", ["subnett", "range"])
def test_what_a_mistyped_key_may_stand_for_is_not_said_to_be_missing(key: str) -> None:
    verdict = network({**LAN, "ipam": {"type": "host-local", key: "10.9.0.0/24"}})
    assert told(verdict) == {("unknown-key", f"ipam.{key}")}
    assert "subnet" in verdict.text("unknown-key")


def test_a_list_is_looked_at_as_a_whole_whatever_is_wrong_in_its_entries() -> None:
    plugins = [
        {"type": "macvlan", "mod": "bridge"},
        {"type": "bandwidth", "ingressRate": "fast", "egressRate": 1000},
        {"type": "macvlan"},
        {"typ": "tuning"},
        5,
    ]
    verdict = network({"cniVersion": "0.2.0", "plugins": plugins})

    assert told(verdict) >= {
        ("unknown-key", "plugins[0].mod"),
        ("wrong-type", "plugins[1].ingressRate"),
        ("cni-version-too-old", "plugins[1].type"),
        ("second-interface", "plugins[2].type"),
        ("missing-type", "plugins[3].type"),
        ("wrong-type", "plugins[4]"),
        ("old-cni-version", "cniVersion"),
    }


def test_a_network_without_type_is_looked_at_all_the_same() -> None:
    verdict = network({"cniVersion": "0.0.9", "ipam": {"type": "host-local"}, "dns": 5})
    assert told(verdict) >= {
        ("missing-type", "type"),
        ("unknown-cni-version", "cniVersion"),
        ("no-ranges", "ipam.subnet"),
        ("wrong-type", "dns"),
    }


def test_every_section_is_told_of_at_once() -> None:
    verdict = validate(
        primaryCni={
            "plugin": "calico",
            "podCidrs": ["10.0.0.0/16"],
            "serviceCidrs": ["10.0.4.0/22"],
            "version": 5,
            "mtu": "large",
            "calico": {"encapsulation": "IPIP"},
        },
        multus={"mode": "thik", "image": "x:latest", "registry": "r.example.org"},
        nodes={
            "n1": {
                "sysctls": {"net.x": "1", "bad": "1"},
                "links": {
                    "eth0": {"mtu": 1500},
                    "eth0.5": {"kind": "vlan", "parent": "eth0", "vlan": 5, "mtu": 9000},
                    "eth0.6": {"kind": "vlan", "parent": "eth0"},
                    "br0": {"kind": "brige"},
                },
                "cniPlugins": {"source": "mirror", "version": "v1.0.0"},
            }
        },
        networks={"lan": {"config": {**LAN, "ipam": POOL}, "labels": {"-x": "y"}}},
    )
    assert told(verdict) >= {
        ("cidrs-overlap", "multinet:primaryCni.serviceCidrs[0]"),
        ("wrong-type", "multinet:primaryCni.version"),
        ("wrong-type", "multinet:primaryCni.mtu"),
        ("ipip-without-bgp", "multinet:primaryCni.calico.encapsulation"),
        ("unknown-value", "multinet:multus.mode"),
        ("registry-and-image", "multinet:multus.registry"),
        ("moving-tag", "multinet:multus.image"),
        ("not-a-sysctl", "multinet:nodes.n1.sysctls.bad"),
        ("mtu-above-parent", 'multinet:nodes.n1.links["eth0.5"].mtu'),
        ("link-keys", 'multinet:nodes.n1.links["eth0.6"].vlan'),
        ("unknown-value", "multinet:nodes.n1.links.br0.kind"),
        ("plugins-source", "multinet:nodes.n1.cniPlugins.url"),
        ("plugins-checksum", "multinet:nodes.n1.cniPlugins.sha256"),
        ("not-a-label", 'multinet:networks.lan.labels["-x"]'),
    }
