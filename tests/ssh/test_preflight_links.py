"""What the preflight says about links that pods take, or name as what they are not."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.preflight.ask import ask
from tests.ssh.conftest import Declare, macvlan
from tests.ssh.machines import Lan, Machine

pytestmark = pytest.mark.cluster

PLUGINS = {"cniPlugins": {"provided": ["host-device", "macvlan", "bridge"]}}


def _device(**keys: Any) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": "host-device", **keys}}


def _bridge(name: str) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": name}}


def _told(declare: Declare, networks: dict[str, Any], **node: Any) -> dict[str, str]:
    """Of each code, the subject; of a node `n1` with what the networks call."""
    found = ask(declare({"n1": {**PLUGINS, **node}}, networks))["n1"].findings
    return {f.code: str(f.value) for f in found}


def _address(machine: Machine, link: str) -> str:
    return machine.sh(f"cat /sys/class/net/{link}/address").strip()


def test_a_device_of_the_default_route_is_refused_however_it_is_named(
    lan: Lan, declare: Declare
) -> None:
    node = lan.add("n1", "eth1")
    node.sh(
        "ip route add default via 10.99.0.1 dev eth0; ip link property add dev eth0 altname up0"
    )
    first, second = _address(node, "eth0"), _address(node, "eth1")
    told = {"node-default-link": "eth0"}

    assert _told(declare, {"a": _device(device="eth0")}) == told
    assert _told(declare, {"a": _device(device="up0")}) == told
    assert _told(declare, {"a": _device(hwaddr=first)}) == told
    assert _told(declare, {"a": _device(hwaddr=first.upper().replace(":", "-"))}) == told
    assert _told(declare, {"a": macvlan("eth0", mode="passthru")}) == told
    assert _told(declare, {"a": macvlan("", mode="passthru")}) == told
    free = {
        "a": _device(device="eth1"),
        "b": _device(hwaddr=second),
        "c": _device(hwaddr="02:00:5e:00:53:99"),
        "d": _device(pciBusID="0000:3d:00.1"),
        "e": _device(kernelpath="/sys/devices/pci0000:00/'; reboot; '"),
        "f": macvlan("eth0"),
        "g": macvlan("eth1", mode="passthru"),
    }
    assert _told(declare, free) == {}


def test_a_device_of_a_bus_is_found_by_its_path(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1", "eth1")
    node.sh("ip route add default via 10.99.0.1 dev eth0")
    path = "/sys/devices/pci0000:00/0000:00:03.0"
    # A machine's own sysfs cannot be written: a copy of what the plugin looks at.
    node.sh(
        "mkdir /run/devices && mount -t tmpfs tmpfs /sys/devices && mount -t tmpfs tmpfs /sys/bus"
        f" && mkdir -p {path}/virtio1/net/eth0 {path}/net/eth0 /sys/bus/pci/devices"
        " && ln -s /sys/devices/pci0000:00/0000:00:03.0 /sys/bus/pci/devices/0000:00:03.0"
    )
    told = {"node-default-link": "eth0"}

    assert _told(declare, {"a": _device(kernelpath=path)}) == told
    assert _told(declare, {"a": _device(pciBusID="0000:00:03.0")}) == told
    node.sh(f"rm -r {path}/net")
    assert _told(declare, {"a": _device(pciBusID="0000:00:03.0")}) == told, "a virtio card"
    assert _told(declare, {"a": _device(kernelpath=path)}) == {}


def test_what_carries_the_default_link_is_spared_and_a_second_way_out_is_not(
    lan: Lan, declare: Declare
) -> None:
    node = lan.add("n1", "eth1", "eth2")
    node.sh(
        "ip link add br0 type bridge; ip link set eth1 master br0; ip link set br0 up;"
        "ip address add 10.98.0.2/24 dev br0; ip route add default via 10.98.0.1 dev br0"
    )
    assert _told(declare, {"a": _device(device="eth1")}) == {"node-default-link": "eth1"}
    assert _told(declare, {"a": _device(device="br0")}) == {"node-default-link": "br0"}
    node.sh(
        "ip address add 10.97.0.2/24 dev eth2;"
        "ip route add default via 10.97.0.1 dev eth2 metric 500"
    )
    assert _told(declare, {"a": _device(device="eth2")}) == {}
    node.sh(
        "ip route del default dev eth2; ip route replace default"
        " nexthop via 10.98.0.1 dev br0 nexthop via 10.97.0.1 dev eth2"
    )
    assert _told(declare, {"a": _device(device="eth2")}) == {}


def test_ipv6_has_a_default_route_of_its_own(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1", "eth1")
    node.sh("ip -6 route add default via fe80::1 dev eth1")
    assert _told(declare, {"a": _device(device="eth1")}) == {"node-default-link": "eth1"}


def test_a_bridge_that_is_a_network_card_is_refused(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1", "eth1")
    node.sh("ip link add br7 type bridge")
    assert _told(declare, {"a": _bridge("eth1")}) == {"node-not-a-bridge": "eth1"}
    assert _told(declare, {"a": _bridge("br7"), "b": _bridge("br8")}) == {}
    made = {"links": {"br9": {"kind": "bridge", "ports": ["eth1"]}}}
    assert _told(declare, {"a": _bridge("br9")}, **made) == {}


def test_a_master_that_is_a_port_is_refused(lan: Lan, declare: Declare) -> None:
    node = lan.add("n1", "eth1", "eth2")
    node.sh(
        "ip link add br7 type bridge; ip link set eth1 master br7; ip link set br7 up;"
        # What the kernel says to the plugin.
        "! ip link add m0 link eth1 type macvlan mode bridge 2>/dev/null"
    )
    assert _told(declare, {"a": macvlan("eth1")}) == {"node-master-is-a-port": "eth1"}
    assert _told(declare, {"a": macvlan("br7"), "b": macvlan("eth2")}) == {}
