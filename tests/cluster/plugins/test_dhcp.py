"""dhcp for real: its daemon in pods' namespaces, and a DHCP server on their L2."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.typed import Bridge, Dhcp, Macvlan, Plugin, ProvideOption, RequestOption
from tests.cluster.plugins import dhcp_server
from tests.cluster.plugins.dhcp_server import DHCPD, Server, SocketServer
from tests.cluster.plugins.node import Node
from tests.cluster.plugins.typed import link_of, text_of

pytestmark = pytest.mark.cluster

CLASSLESS = "121"
SUBNET_MASK = "subnet-mask"
ON_LINK = f"{dhcp_server.SUBNET} via <nil>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("dhcp"))


@pytest.fixture(scope="module")
def lan(server: Server) -> Iterator[Node]:
    """A node with a DHCP server on its LAN, and the daemon."""
    if lacking := DHCPD.missing():
        pytest.skip("; ".join(lacking))
    with Node(server.services()) as started:
        yield started


def macvlan(**keys: Any) -> str:
    return text_of(Macvlan(cni_version="1.0.0", master="eth0", ipam=Dhcp(**keys)))


def address_of(link: dict[str, Any]) -> str:
    (address,) = link["addresses"]
    return str(address).partition("/")[0]


@pytest.mark.parametrize(
    "typed",
    [
        Macvlan(cni_version="1.0.0", master="eth0", ipam=Dhcp()),
        Bridge(cni_version="1.0.0", bridge=dhcp_server.BRIDGE, ipam=Dhcp()),
    ],
    ids=lambda typed: typed.TYPE,
)
def test_a_pod_has_what_the_server_leases(lan: Node, server: Server, typed: Plugin) -> None:
    link = link_of(lan.attach(text_of(typed), check=True))

    (address,) = map(ipaddress.ip_interface, link["addresses"])
    assert ipaddress.ip_address(dhcp_server.FIRST) <= address.ip
    assert address.ip <= ipaddress.ip_address(dhcp_server.LAST)
    assert set(link["routes"]) == {f"0.0.0.0/0 via {dhcp_server.GATEWAY}", ON_LINK}
    assert str(address.network) == dhcp_server.SUBNET
    assert f"DHCPACK on {address.ip} to {link['mac']}" in server.said


def test_del_gives_the_lease_back(lan: Node, server: Server) -> None:
    link = link_of(lan.attach(macvlan()))

    assert server.hears(
        f"DHCPRELEASE of {address_of(link)} from {link['mac']} via {dhcp_server.BRIDGE} (found)"
    )


def test_a_server_that_reads_from_a_socket_never_hears_of_it(tmp_path: Path) -> None:
    server = SocketServer(tmp_path)

    with Node(server.services()) as lan:
        link = link_of(lan.attach(macvlan()))
        server.seconds_left()
        # At the second writing it would have heard. Linux drops a packet without source address
        # before any socket.
        assert server.seconds_left()[address_of(link)] > 3000
    assert "releasing lease" in server.daemon_said()
    assert "failed to release" not in server.daemon_said()


def test_bridge_takes_the_interface_away_before_the_lease_can_be_given_back(
    lan: Node, server: Server
) -> None:
    typed = Bridge(cni_version="1.0.0", bridge=dhcp_server.BRIDGE, ipam=Dhcp())

    link = link_of(lan.attach(text_of(typed)))

    # DEL ends after the daemon has tried.
    assert "failed to release DHCP lease" in server.daemon_said()
    assert f"DHCPRELEASE of {address_of(link)}" not in server.said


def test_a_pods_name_and_class_reach_the_server(lan: Node, server: Server) -> None:
    name = ProvideOption(option="host-name", from_arg="K8S_POD_NAME")
    kind = ProvideOption(option="vendor-class-identifier", value="of-this-test")

    link_of(lan.attach(macvlan(provide=[name, kind])))

    assert "name pod, class of-this-test\n" in server.said


def test_classless_routes_are_there_for_the_asking_and_replace_the_router(lan: Node) -> None:
    asked = [RequestOption(option=CLASSLESS)]

    link = link_of(lan.attach(macvlan(request=asked, priority=77), check=True))

    destination, router = dhcp_server.ROUTE
    assert link["routes"] == [ON_LINK, f"{destination} via {router} metric 77"]


def test_without_the_default_options_a_pod_has_no_routes(lan: Node) -> None:
    asked = [RequestOption(skip_default=True), RequestOption(option=SUBNET_MASK)]

    link = link_of(lan.attach(macvlan(request=asked), check=True))

    assert link["routes"] == [ON_LINK]


def test_without_its_daemon_it_fails_with_the_words_that_verify_knows(node: Node) -> None:
    answer = node.attach(macvlan())

    assert answer.stage == "add"
    assert "error dialing DHCP daemon: dial unix /run/cni/dhcp.sock" in answer.error
