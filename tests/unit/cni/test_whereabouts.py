"""whereabouts beyond its own object: node slices, names, and where it looks for its file."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.unit.cni.cases import chain, main
from tests.unit.validating import Verdict, validate

NAMED = {"network_name": "lan"}


def _ipam(**keys: Any) -> dict[str, Any]:
    return {"type": "whereabouts", "range": "10.0.0.0/24", "node_slice_size": "/26", **keys}


def _one(written: dict[str, Any], nodes: int = 0, **multus: Any) -> Verdict:
    """A network in whereabouts' usual namespace, with that many declared nodes."""
    network = {"namespace": "kube-system", "config": written}
    found = validate(
        networks={"n": network},
        nodes={f"w{i}": {"host": f"192.0.2.{i + 1}"} for i in range(nodes)},
        multus=multus,
        addons={"whereabouts": False},
    )
    cut = "multinet:networks.n.config."
    return Verdict(found.code, [{**f, "path": f["path"].removeprefix(cut)} for f in found.findings])


def _lan(**keys: Any) -> dict[str, Any]:
    return main("macvlan", master="eth0", ipam=_ipam(**keys))


def test_slices_of_an_ipv4_range_with_a_name_are_fine() -> None:
    found = _one(_lan(**NAMED), nodes=4)
    assert (found.errors, found.warnings) == ({}, {})


UNSUPPORTED: dict[str, tuple[dict[str, Any], str]] = {
    "IPv6": (_lan(range="fd00::/64", node_slice_size="/80", **NAMED), "ipam.range"),
    "IPv6 in ipRanges": (
        main("macvlan", ipam={"type": "whereabouts", "node_slice_size": "/80", **NAMED,
                              "ipRanges": [{"range": "fd00::/64"}]}),
        "ipam.ipRanges[0].range",
    ),
    "exclude": (_lan(exclude=["10.0.0.1/32"], **NAMED), "ipam.exclude"),
    "start": (_lan(range_start="10.0.0.9", **NAMED), "ipam.range_start"),
    "end": (_lan(range_end="10.0.0.99", **NAMED), "ipam.range_end"),
    "start and end in the text": (_lan(range="10.0.0.9-10.0.0.99/24", **NAMED), "ipam.range"),
    "exclude within ipRanges": (
        main("macvlan", ipam={"type": "whereabouts", "node_slice_size": "/26", **NAMED,
                              "ipRanges": [{"range": "10.0.0.0/24", "exclude": ["10.0.0.1/32"]}]}),
        "ipam.ipRanges[0].exclude",
    ),
    "a further range": (_lan(ipRanges=[{"range": "10.1.0.0/24"}], **NAMED), "ipam.ipRanges[0]"),
    "slices of two addresses": (_lan(node_slice_size="/31", **NAMED), "ipam.node_slice_size"),
    "a list without network_name": (
        {"name": "lan", **chain({"type": "macvlan", "ipam": _ipam()}, {"type": "tuning"})},
        "plugins[0].ipam.node_slice_size",
    ),
    "a list in which it comes second": (
        chain({"type": "someone-elses"}, {"type": "macvlan", "ipam": _ipam(**NAMED)}),
        "plugins[1].ipam.node_slice_size",
    ),
    "a name that no object can have": (
        {**_lan(), "name": "My_Lan"},
        "ipam.node_slice_size",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_slices_cannot_be_or_leave_out_is_refused(name: str) -> None:
    written, path = UNSUPPORTED[name]
    assert _one(written).errors == {path: "slices-unsupported"}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_the_same_without_slices_is_fine(name: str) -> None:
    text = json.dumps(UNSUPPORTED[name][0])
    plain = re.sub(r'"node_slice_size": "/\d+"(, )?', "", text).replace(", }", "}")
    assert _one(json.loads(plain)).errors == {}


@pytest.mark.parametrize(("nodes", "code"), [(4, None), (5, "too-few-slices")])
def test_there_is_a_slice_for_each_declared_node(nodes: int, code: str | None) -> None:
    found = _one(_lan(**NAMED), nodes=nodes).errors
    assert found == ({"ipam.node_slice_size": code} if code else {})


def test_slices_without_a_network_name_are_told() -> None:
    found = _one(_lan())
    assert (found.errors, found.warnings) == ({}, {"ipam.node_slice_size": "slices-unnamed"})


def test_slices_in_another_namespace_than_whereabouts_are_told() -> None:
    found = validate(networks={"n": {"config": _lan(**NAMED)}}, addons={"whereabouts": False})
    path = "multinet:networks.n.config.ipam.node_slice_size"
    assert found.warnings == {path: "slices-elsewhere"}


OTHERS: dict[str, tuple[dict[str, Any], bool]] = {
    "the same name, another range": (_ipam(range="10.1.0.0/24", **NAMED), True),
    "the same name, another size": (_ipam(node_slice_size="/27", **NAMED), True),
    "the same name, no slices": (
        {"type": "whereabouts", "range": "10.0.0.0/24", **NAMED},
        True,
    ),
    "the same in all": (_ipam(**NAMED), False),
    "another name": (_ipam(range="10.1.0.0/24", network_name="dmz"), False),
    "no name": ({"type": "whereabouts", "range": "10.1.0.0/24"}, False),
    "another IPAM": ({"type": "host-local", "subnet": "10.1.0.0/24"}, False),
}


@pytest.mark.parametrize("name", OTHERS)
def test_two_networks_of_one_network_name_agree(name: str) -> None:
    ipam, blocked = OTHERS[name]
    other = main("macvlan", master="eth1", ipam=ipam)
    space = {"namespace": "kube-system"}

    found = validate(
        networks={"a": {**space, "config": _lan(**NAMED)}, "b": {**space, "config": other}}
    )

    path = "multinet:networks.a.config.ipam.node_slice_size"
    assert (found.errors.get(path) == "slices-blocked") is blocked, found.findings


def test_a_plain_network_without_a_name_blocks_slices_without_one() -> None:
    plain = main("macvlan", master="eth1", ipam={"type": "whereabouts", "range": "10.1.0.0/24"})
    found = validate(networks={"a": {"config": _lan()}, "b": {"config": plain}})
    assert found.errors == {"multinet:networks.a.config.ipam.node_slice_size": "slices-blocked"}, (
        "the plain one works all the same"
    )


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("10.0.0.0/24", "10.0.0.0/24", False),
        ("10.0.0.0/24", "10.0.0.5-10.0.0.9/24", False),
        ("10.0.0.0/24", "10.0.0.0/25", True),
        ("10.0.0.0/16", "10.0.1.0/24", True),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_overlapping_ranges_of_one_network_name_are_no_safe_books(
    one: str, other: str, overlap: bool, named: bool
) -> None:
    def lan(text: str) -> dict[str, Any]:
        ipam = {"type": "whereabouts", "range": text, **(NAMED if named else {})}
        return {"config": main("macvlan", master="eth0", ipam=ipam)}

    found = validate(networks={"a": lan(one), "b": lan(other)})

    assert ("ranges-overlap" in found.errors.values()) is (overlap and named)


@pytest.mark.parametrize("name", ["My_Lan", "lan 1", "-lan", "lan_1", "a" * 201])
def test_a_network_name_is_one_that_objects_can_have(name: str) -> None:
    ipam = {"type": "whereabouts", "range": "10.0.0.0/24", "network_name": name}
    assert _one(main("macvlan", ipam=ipam)).errors == {"ipam.network_name": "not-a-pool-name"}


PLAIN = main("macvlan", ipam={"type": "whereabouts", "range": "10.0.0.0/24"})


@pytest.mark.parametrize(
    ("multus", "told"),
    [
        ({"distribution": "k3s"}, True),
        ({"distribution": "microk8s"}, True),
        ({"cniConfDir": "/opt/cni/net.d"}, True),
        ({"distribution": "rke2"}, False),
        ({"distribution": "k0s"}, False),
        ({"distribution": "talos"}, False),
        ({"distribution": "k3s", "cniConfDir": "/etc/kubernetes/cni/net.d"}, False),
        ({}, False),
    ],
)
def test_whereabouts_finds_its_file_on_the_distributions_nodes(
    multus: dict[str, str], told: bool
) -> None:
    found = _one(PLAIN, **multus)
    path = "ipam.type"
    assert found.warnings == ({path: "whereabouts-file-elsewhere"} if told else {})
    if told:
        assert "configuration_path" in found.text("whereabouts-file-elsewhere")


def test_with_configuration_path_it_finds_it_anywhere() -> None:
    path = "/var/lib/rancher/k3s/agent/etc/cni/net.d/whereabouts.d/whereabouts.conf"
    ipam = {**PLAIN["ipam"], "configuration_path": path}
    assert _one({**PLAIN, "ipam": ipam}, distribution="k3s").warnings == {}


@pytest.mark.parametrize("path", ["/etc/cni/net.d/whereabouts.d", "/etc/cni/net.d/whereabouts.d/"])
def test_configuration_path_is_a_file(path: str) -> None:
    ipam = {**PLAIN["ipam"], "configuration_path": path}
    assert _one({**PLAIN, "ipam": ipam}).errors == {"ipam.configuration_path": "not-a-file"}
