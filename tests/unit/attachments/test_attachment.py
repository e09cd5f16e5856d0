"""Attaching a pod: the annotation, and what is refused before Multus would."""

from __future__ import annotations

import json
from typing import Any

import pytest

import multinet
from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment, BandwidthLimit, Isolation, PortMapping
from multinet.names import NETWORKS
from tests.unit.attachments.asking import lan_view, refusals, view_of

LOCAL = {"type": "host-local", "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.10"}
ALL = {"ips": True, "mac": True, "portMappings": True, "bandwidth": True, "infinibandGUID": True}
LIMIT = BandwidthLimit(ingress_rate=1000, ingress_burst=1000)


def test_names_alone_give_the_short_form() -> None:
    made = attach("macvlan-conf", "other/net@eth9", lan_view("third", "lab"))
    assert made == {NETWORKS: "macvlan-conf,other/net@eth9,lab/third"}


def test_of_two_networks_of_one_name_neither_is_taken_for_the_one_that_is_meant() -> None:
    here, there = (
        lan_view(ipam=LOCAL),
        lan_view(
            namespace="lab", ipam={**LOCAL, "subnet": "10.2.0.0/24", "rangeStart": "10.2.0.10"}
        ),
    )
    outside = Attachment("net", ips=["10.9.0.7"])
    assert refusals(outside, declared=[here]), "the only one of that name"
    assert attach(outside, declared=[here, there])
    assert refusals(outside, declared=[here, there], pod_namespace="lab")


def test_asking_for_more_gives_the_json_form_with_what_is_asked_only() -> None:
    network = lan_view(ipam=LOCAL, capabilities=ALL)
    asked = Attachment(
        "net",
        "default",
        interface="lan",
        ips=["10.1.0.20"],
        mac="02:00:00:00:00:01",
        port_mappings=[PortMapping(host_port=8080, container_port=80)],
        bandwidth=LIMIT,
        default_route=["10.1.0.1"],
        cni_args={"k": "v"},
    )

    made = attach(asked, "second", declared=[network])

    assert json.loads(made[NETWORKS]) == [
        {
            "name": "net",
            "namespace": "default",
            "interface": "lan",
            "ips": ["10.1.0.20"],
            "mac": "02:00:00:00:00:01",
            "portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "TCP"}],
            "bandwidth": {
                "ingressRate": 1000,
                "ingressBurst": 1000,
                "egressRate": 0,
                "egressBurst": 0,
            },
            "default-route": ["10.1.0.1"],
            "cni-args": {"k": "v"},
        },
        {"name": "second"},
    ]


def test_a_name_with_a_dot_needs_the_json_form() -> None:
    assert json.loads(attach("lab/a.b")[NETWORKS]) == [{"name": "a.b", "namespace": "lab"}]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"infiniband_guid": "24:8a:07:03:00:8d:ae:2e"}, "infiniband-guid"),
        ({"port_mappings": [PortMapping(host_port=1, container_port=1)]}, "portMappings"),
        ({"bandwidth": LIMIT}, "bandwidth"),
    ],
)
def test_what_a_network_does_not_declare_is_refused(asked: dict[str, Any], path: str) -> None:
    silent = lan_view(ipam=LOCAL)
    declaring = lan_view(ipam=LOCAL, capabilities=ALL)
    attachment = Attachment("net", "default", **asked)

    told = refusals(attachment, declared=[silent])
    assert told == {("capability-undeclared", f"networks[0].{path}")}
    assert attach(attachment, declared=[declaring])


@pytest.mark.parametrize(
    ("ipam", "ips", "code"),
    [
        (LOCAL, ["10.1.0.5"], "ip-outside-ranges"),
        (LOCAL, ["10.2.0.5/24"], "ip-outside-ranges"),
        ({**LOCAL, "gateway": "10.1.0.77"}, ["10.1.0.77"], "ip-outside-ranges"),
        (LOCAL, ["10.1.0.20", "10.1.0.21"], "too-many-ips"),
        (LOCAL, ["10.1.0"], "not-an-address"),
        ({"type": "static"}, [], "no-addresses"),
        ({"type": "static"}, ["10.1.0.5"], "ip-without-prefix"),
        ({"type": "whereabouts", "range": "10.1.0.0/24"}, ["10.1.0.5"], "ip-without-prefix"),
        ({"type": "dhcp"}, ["10.1.0.5/24"], "ips-without-effect"),
        ({}, ["10.1.0.5/24"], "ips-without-effect"),
    ],
)
def test_addresses_that_the_network_cannot_give_are_refused(
    ipam: dict[str, Any], ips: list[str], code: str
) -> None:
    network = lan_view(ipam=ipam, capabilities=ALL)
    told = refusals(Attachment("net", "default", ips=ips), declared=[network])
    assert code in {c for c, _ in told}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ({"type": "macvlan", "ipam": {"type": "static"}}, {"ips": ["10.1.0.5/24"]}),
        ({"type": "macvlan", "ipam": LOCAL}, {"ips": ["10.1.0.20"]}),
        (
            {"type": "macvlan", "ipam": {"type": "whereabouts", "range": "10.1.0.0/24"}},
            {"ips": ["10.1.0.5/24"]},
        ),
        ({"type": "macvlan", "ipam": {"type": "calico-ipam"}}, {"ips": ["10.1.0.5"]}),
        ({"type": "someone-elses"}, {"ips": ["10.1.0.5/24"]}),
        ({"type": "macvlan"}, {"mac": "02:00:00:00:00:01"}),
        ({"type": "bridge"}, {"mac": "02:00:00:00:00:01"}),
        ({"type": "someone-elses"}, {"mac": "02:00:00:00:00:01"}),
        (
            {"type": "macvlan", "ipam": {"type": "static"}},
            {"cni_args": {"ips": ["10.1.0.5/24"]}},
        ),
    ],
)
def test_addresses_and_mac_need_no_capability(
    written: dict[str, Any], asked: dict[str, Any]
) -> None:
    # Multus hands them over as CNI arguments as well, whatever the network declares.
    assert attach(Attachment("net", "default", **asked), declared=[view_of(written)])


@pytest.mark.parametrize("kind", ["ipvlan", "vlan", "ptp", "dummy", "host-device"])
def test_a_mac_address_that_nobody_sets_is_refused_and_tuning_sets_it(kind: str) -> None:
    written = {
        "ipvlan": {"type": "ipvlan", "master": "eth0", "ipam": LOCAL},
        "vlan": {"type": "vlan", "master": "eth0", "ipam": LOCAL},
        "ptp": {"type": "ptp", "ipam": LOCAL},
        "dummy": {"type": "dummy", "ipam": LOCAL},
        "host-device": {"type": "host-device", "device": "eth1", "ipam": LOCAL},
    }[kind]
    asked = Attachment("net", "default", mac="02:00:00:00:00:01")

    told = refusals(asked, declared=[view_of({**written, "capabilities": {"mac": True}})])

    assert told == {("mac-without-effect", "networks[0].mac")}
    tuned = {"cniVersion": "1.0.0", "plugins": [written, {"type": "tuning"}]}
    assert attach(asked, declared=[view_of(tuned)])


def test_static_takes_several_addresses_with_prefix_length() -> None:
    network = lan_view(ipam={"type": "static"}, capabilities=ALL)
    asked = Attachment("net", "default", ips=["10.1.0.5/24", "fd00::5/64"])
    assert json.loads(attach(asked, declared=[network])[NETWORKS])[0]["ips"] == list(asked.ips)


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        (["a@eth0"], ("interface-taken", "networks[0].interface")),
        (["a@lo"], ("interface-taken", "networks[0].interface")),
        (["a@lan", "b@lan"], ("interface-taken", "networks[1].interface")),
        (["a@net2", "b"], ("interface-taken", "networks[1].interface")),
        (["a@0123456789abcdef"], ("not-an-interface-name", "networks[0].interface")),
        (["a@b c"], ("not-an-interface-name", "networks[0].interface")),
        (["A"], ("not-a-reference", "networks[0].name")),
        (["x_y/a"], ("not-a-reference", "networks[0].namespace")),
        (["a/b/c"], ("not-a-reference", "networks[0].namespace")),
        ([], ("nothing-to-attach", "networks")),
        ([Attachment("a", mac="02")], ("not-a-mac", "networks[0].mac")),
        ([Attachment("a", infiniband_guid="02")], ("not-a-guid", "networks[0].infiniband-guid")),
        (
            [Attachment("a", ips=["10.0.0.1"], ipam_claim_reference="c")],
            ("ips-and-claim", "networks[0].ipam-claim-reference"),
        ),
        (
            [Attachment("a", port_mappings=[PortMapping(host_port=0, container_port=80)])],
            ("not-a-port", "networks[0].portMappings[0].hostPort"),
        ),
        (
            [
                Attachment(
                    "a",
                    port_mappings=[PortMapping(host_port=1, container_port=2, protocol="ICMP")],
                )
            ],
            ("unknown-value", "networks[0].portMappings[0].protocol"),
        ),
        (
            [Attachment("a", bandwidth=BandwidthLimit(egress_rate=5))],
            ("rate-without-burst", "networks[0].bandwidth.egressRate"),
        ),
        (
            [Attachment("a", cni_args={"x": {1, 2}})],
            ("not-a-json-value", 'networks[0]["cni-args"]'),
        ),
        (
            [
                Attachment("a", default_route=["10.0.0.1"]),
                Attachment("b", default_route=["10.1.0.1"]),
            ],
            ("default-route-twice", "networks[1].default-route"),
        ),
        (
            [Attachment("a", default_route=["10.0.0.1", "10.0.0.2"])],
            ("default-route-twice", "networks[0].default-route"),
        ),
        (
            [Attachment("a", default_route=["10.0.0.0/8"])],
            ("not-an-address", "networks[0].default-route[0]"),
        ),
    ],
)
def test_what_multus_would_refuse_is_refused(networks: list[Any], told: tuple[str, str]) -> None:
    code, path = told
    assert (code, path.replace('["cni-args"]', ".cni-args")) in refusals(*networks)


def test_a_default_route_of_each_family_is_allowed() -> None:
    assert attach(Attachment("a", default_route=["10.0.0.1", "fd00::1"]), "b")


def test_a_default_routes_gateway_must_be_on_the_network() -> None:
    network = lan_view(ipam=LOCAL)
    told = refusals(Attachment("net", "default", default_route=["10.9.0.1"]), declared=[network])
    assert told == {("route-gateway-unreachable", "networks[0].default-route")}


def test_isolation_allows_the_pods_namespace_and_the_global_ones() -> None:
    isolation = Isolation(global_namespaces=("kube-system",))

    told = refusals("default/a", pod_namespace="lab", isolation=isolation)

    assert told == {("namespace-isolated", "networks[0].namespace")}
    assert attach("a", "lab/b", "kube-system/c", pod_namespace="lab", isolation=isolation)
    assert attach("default/a", pod_namespace="lab", isolation=Isolation())
    assert attach("default/a", pod_namespace="lab"), "without isolation any namespace will do"


def test_a_network_of_another_namespace_is_named() -> None:
    told = refusals("net", pod_namespace="lab", declared=[lan_view()])
    assert told == {("wrong-namespace", "networks[0].namespace")}


def test_every_problem_is_told_at_once() -> None:
    told = refusals("A@eth0", Attachment("b", mac="x"), "c@lan", "d@lan")
    assert len(told) == 4


def test_one_attachments_problems_are_told_at_once() -> None:
    asked = Attachment(
        "a",
        mac="x",
        ips="10.0.0.1",  # type: ignore[arg-type]  # as it is written by mistake
        port_mappings=[{"hostPort": 0, "containerPort": 80, "prototcol": "TCP"}],
        bandwidth={"ingressRate": 1_000_000, "ingressBurst": 2**40},
        default_route=["10.0.0.1", "10.0.0.0/8"],
    )
    assert refusals(asked) == {
        ("not-a-mac", "networks[0].mac"),
        ("wrong-type", "networks[0].ips"),
        ("not-a-port", "networks[0].portMappings[0].hostPort"),
        ("unknown-key", "networks[0].portMappings[0].prototcol"),
        ("burst-too-large", "networks[0].bandwidth.ingressBurst"),
        ("not-an-address", "networks[0].default-route[1]"),
    }


def test_ports_and_limits_are_taken_with_the_annotations_keys_as_well() -> None:
    network = lan_view(capabilities=ALL)
    typed = Attachment(
        "net",
        "default",
        port_mappings=[multinet.PortMapping(host_port=8080, container_port=80)],
        bandwidth=multinet.BandwidthLimit(ingress_rate=1_000_000, ingress_burst=8_000_000),
    )
    written = Attachment(
        "net",
        "default",
        port_mappings=[{"hostPort": 8080, "containerPort": 80, "protocol": "TCP"}],
        bandwidth={
            "ingressRate": 1_000_000,
            "ingressBurst": 8_000_000,
            "egressRate": 0,
            "egressBurst": 0,
        },
    )
    assert attach(written, declared=[network]) == attach(typed, declared=[network])
