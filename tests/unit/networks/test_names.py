"""Networks that go by names: of their NAD, or of the cluster's one network of a name."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings import Severity
from tests.unit.networks.views import check, macvlan, told

_SOCKET = "/run/openvswitch/kube-ovn-daemon.sock"


def _ovn(nad: str, **keys: Any) -> dict[str, Any]:
    conf = {"type": "ovn-k8s-cni-overlay", "topology": "layer2", "netAttachDefName": nad}
    return {**conf, "subnets": "10.100.0.0/24", **keys}


def _kube_ovn(**keys: Any) -> dict[str, Any]:
    return {"type": "kube-ovn", "server_socket": _SOCKET, **keys}


def test_an_ovn_network_names_the_nad_that_it_stands_in() -> None:
    found = check(one=_ovn("default/one"), two=_ovn("other/two"), three=_ovn("default/one"))

    assert told(found, "nad-name-mismatch") == {
        "two": "config.netAttachDefName",
        "three": "config.netAttachDefName",
    }
    assert {f.way_out for f in found if f.code == "nad-name-mismatch"} == {
        "write default/two",
        "write default/three",
    }


def test_in_a_list_the_path_leads_to_the_plugin() -> None:
    found = check(one={"plugins": [_ovn("default/other")]})

    assert told(found, "nad-name-mismatch") == {"one": "config.plugins[0].netAttachDefName"}


def test_kube_ovns_provider_is_the_nads_name_and_the_ipams_has_no_ending() -> None:
    def addresses(provider: str) -> dict[str, Any]:
        return macvlan({"type": "kube-ovn", "server_socket": _SOCKET, "provider": provider})

    found = check(
        right=_kube_ovn(provider="right.default.ovn"),
        wrong=_kube_ovn(provider="wrong.default"),
        mine=addresses("mine.default"),
        theirs=addresses("theirs.default.ovn"),
    )

    assert told(found, "nad-name-mismatch") == {
        "wrong": "config.provider",
        "theirs": "config.ipam.provider",
    }


@pytest.mark.parametrize("keys", [{}, {"provider": ""}, {"provider": "ovn"}])
def test_kube_ovn_without_a_provider_is_the_primary_network_again(keys: dict[str, str]) -> None:
    (finding,) = (f for f in check(one=_kube_ovn(**keys)) if f.code == "nad-name-mismatch")

    assert finding.severity is Severity.WARNING, "as the default network it works"


def test_two_ovn_networks_of_one_name_have_to_say_the_same() -> None:
    same = check(one=_ovn("default/one", name="n"), two=_ovn("default/two", name="n"))
    other = check(
        one=_ovn("default/one", name="n"), two=_ovn("default/two", name="n", mtu=1300, subnets="")
    )

    assert told(same, "ovn-network-twice") == {}
    assert told(other, "ovn-network-twice") == {"two": "config.name"}
    (finding,) = (f for f in other if f.code == "ovn-network-twice")
    assert "'one'" in finding.rule
    assert "'mtu', 'subnets'" in finding.rule
