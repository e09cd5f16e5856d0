"""What a node's settings refuse, and what they keep to themselves."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.stack import StackSettings
from multinet.stack.load import check_config

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"


def codes(**node: Any) -> list[tuple[str, str]]:
    """Code and path (below the node) of everything that is wrong with it."""
    _, found = check_config({"nodes": {"n1": node}})
    return [(f.code, ".".join(str(step) for step in f.path[2:])) for f in found]


def stack(**node: Any) -> StackSettings:
    settings, found = check_config({"nodes": {"n1": node}})
    assert settings is not None, found
    return settings


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"links": {"v": {"kind": "vlan", "parent": "eth0"}}}, ("link-keys", "links.v.vlan")),
        ({"links": {"v": {"kind": "vlan", "vlan": 5}}}, ("link-keys", "links.v.parent")),
        ({"links": {"e": {"ports": ["a"]}}}, ("link-keys", "links.e.ports")),
        ({"links": {"b": {"kind": "bridge", "vfs": 4}}}, ("link-keys", "links.b.vfs")),
        ({"links": {"b": {"kind": "bridge", "change": True}}}, ("link-keys", "links.b.change")),
        ({"links": {"a b": {}}}, ("not-an-interface-name", "links.a b")),
        ({"sysctls": {"net.$(id)": "1"}}, ("not-a-sysctl", "sysctls.net.$(id)")),
        (
            {"sysctls": {"net.ipv4.ip_forward": "1; id"}},
            ("wrong-value", "sysctls.net.ipv4.ip_forward"),
        ),
        ({"modules": ["a b"]}, ("wrong-value", "modules.0")),
        ({"host": "-oProxyCommand=id"}, ("wrong-value", "host")),
        ({"user": "root\nProxyCommand id"}, ("wrong-value", "user")),
        ({"cniPlugins": {"source": "mirror"}}, ("plugins-source", "cniPlugins.url")),
        ({"cniPlugins": {"url": "http://m"}}, ("plugins-source", "cniPlugins.url")),
        (
            {"cniPlugins": {"source": "mirror", "url": "http://m", "version": "v9.9.9"}},
            ("plugins-checksum", "cniPlugins.sha256"),
        ),
        ({"local": True, "host": "h"}, ("local-node-dialled", "host")),
    ],
)
def test_what_cannot_work_is_refused(node: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in codes(**node)


def test_vlans_in_a_circle_are_refused() -> None:
    links = {
        "a": {"kind": "vlan", "parent": "b", "vlan": 1},
        "b": {"kind": "vlan", "parent": "a", "vlan": 2},
    }
    assert ("link-loop", "links.a.parent") in codes(links=links)


def test_a_vlan_above_its_parents_mtu_is_refused() -> None:
    links = {"e": {"mtu": 1500}, "e.7": {"kind": "vlan", "parent": "e", "vlan": 7, "mtu": 9000}}
    assert ("mtu-above-parent", "links.e.7.mtu") in codes(links=links)


def test_links_come_after_what_they_hang_on() -> None:
    links = {
        "a": {"kind": "vlan", "parent": "b", "vlan": 1},
        "b": {"kind": "vlan", "parent": "c", "vlan": 2},
        "c": {"kind": "bridge"},
        "d": {},
    }
    ordered = [name for name, _ in stack(links=links).nodes["n1"].links_in_order()]
    assert ordered == ["d", "c", "b", "a"]


def test_a_private_key_is_masked_wherever_settings_are_shown() -> None:
    node = stack(privateKey=KEY, proxy={"host": "jump", "privateKey": KEY}).nodes["n1"]
    assert "c2VjcmV0" not in f"{node!r}{node}{node.model_dump_json()}"


def test_a_refused_node_does_not_show_its_key() -> None:
    _, found = check_config({"nodes": {"n1": {"privateKey": [KEY], "prot": 1}}})
    assert "c2VjcmV0" not in " ".join(str(f) for f in found)
