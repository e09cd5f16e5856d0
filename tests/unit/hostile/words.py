"""Values that break programs, and configurations in which they are put."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.unit.cni.arbitrary import JSON

PAYLOADS = (
    "$(touch /pwned)",
    "`touch /pwned`",
    "';touch /pwned;'",
    '";touch /pwned;"',
    "\ntouch /pwned\n",
    "a\\\ntouch /pwned",
    "|touch /pwned",
    "&touch /pwned&",
    "$IFS;touch${IFS}/pwned",
    "-e --help",
    "%s%n",
    "*",
    "~root",
    "{a,b}",
    "!!",
    "# x",
)
"""What a shell could be made to run by: each makes /pwned where it can."""

PATHS = ("..", ".", "../../etc/passwd", "/etc/passwd", "a/../../b", "a\0b", "~/x", "con", "x" * 300)
TERMINAL = (
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\x9b2J",
    "\x07",
    "\r",
    "\u202e",
    "\u2028",
    "\u200b",
    "\x7f",
)
ADDRESSES = (
    "10.0.0.0/33",
    "fe80::1%eth0",
    "1.2.3.4/0000000024",
    "::ffff:1.2.3.4",
    "0/0",
    "010.1.1.1",
)
MARKUP = ("<script>alert(1)</script>", "a|b", "[x](http://y)", "`", "[red]x[/]", "{{ x }}", "%h$x")
BROKEN = ("\ud800", "a\udfffb", "\ufeff", "\0", "")
WORDS = (*PAYLOADS, *PATHS, *TERMINAL, *ADDRESSES, *MARKUP, *BROKEN)

NUMBERS: tuple[Any, ...] = (0, -1, 2**31, 2**63, 2**64, 10**399, 1e308, -0.0, float("inf"))

HOSTILE = st.sampled_from(WORDS) | st.text(max_size=30) | st.sampled_from(NUMBERS) | JSON

ENVIRONMENT: dict[str, Any] = {
    "kubeconfig": "/root/.kube/config",
    "context": "dev",
    "primaryCni": {
        "plugin": "calico",
        "podCidrs": ["10.233.64.0/18"],
        "serviceCidrs": ["10.233.0.0/18"],
        "mtu": 1400,
        "registry": "mirror.example.org/x",
        "calico": {
            "encapsulation": "VXLAN",
            "blockSize": 26,
            "nodeAddressAutodetection": {"a": "b"},
        },
        "values": {"installation": {"flexVolumePath": "None"}, "a": [1, {"b": "c"}]},
        "chart": {"repository": "https://charts.example.org"},
    },
    "multus": {
        "mode": "thin",
        "namespace": "multus",
        "image": "ghcr.io/x/y:v4.3.0",
        "globalNamespaces": ["default", "shared"],
        "cniConfDir": "/etc/cni/net.d",
        "apiServer": {"host": "192.0.2.1", "port": 6443},
        "resources": {"limits": {"memory": "512Mi"}},
    },
    "networks": {
        "macvlan-conf": {
            "namespace": "default",
            "labels": {"team": "a"},
            "annotations": {"example.org/x": "y"},
            "nodeSelector": {"rack": "a"},
            "ignore": {"default-route": "known"},
            "config": {
                "cniVersion": "0.4.0",
                "type": "macvlan",
                "master": "eth0",
                "mode": "bridge",
                "ipam": {
                    "type": "host-local",
                    "subnet": "192.168.1.0/24",
                    "rangeStart": "192.168.1.200",
                    "rangeEnd": "192.168.1.216",
                    "routes": [{"dst": "0.0.0.0/0"}],
                    "gateway": "192.168.1.1",
                },
            },
        },
        "text": {"config": '{"cniVersion": "1.0.0", "type": "bridge", "bridge": "br7"}'},
        "listed": {
            "config": {
                "cniVersion": "1.0.0",
                "plugins": [
                    {"type": "ipvlan", "master": "eth1", "ipam": {"type": "dhcp"}},
                    {"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}},
                ],
            }
        },
        "own": {"config": {"cniVersion": "1.0.0", "type": "own-plugin", "anything": ["goes"]}},
    },
    "nodes": {
        "w1": {
            "host": "192.0.2.10",
            "user": "admin",
            "labels": {"rack": "a"},
            "links": {
                "br7": {"kind": "bridge", "ports": ["eth2"], "vlanFiltering": True},
                "eth0.7": {"kind": "vlan", "parent": "eth0", "vlan": 7, "mtu": 1400},
                "eth1": {"mtu": 1500, "promisc": True, "change": True},
            },
            "sysctls": {"net.ipv4.ip_forward": "1"},
            "modules": ["8021q"],
            "cniPlugins": {"source": "mirror", "url": "https://mirror.example.org/cni"},
        },
        "w2": {"local": True, "cniPlugins": {"source": "archive", "archive": "/x/{arch}.tgz"}},
    },
}
"""An environment that is valid and says something in nearly every section."""


_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


def as_yaml(value: Any) -> str:
    """The same as YAML: JSON's escapes, but for pairs of halves, which YAML takes for two."""

    def whole(pair: re.Match[str]) -> str:
        high, low = (int(half, 16) for half in pair.groups())
        return f"\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"

    return _PAIR.sub(whole, json.dumps(value))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside."""
    if not isinstance(value, dict | list):
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        yield from places(item, (*path, key))


_PLACES = [*places(ENVIRONMENT)]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A valid environment in which a few values, keys or branches are hostile."""
    document = copy.deepcopy(ENVIRONMENT)
    for path in draw(st.lists(st.sampled_from(_PLACES), min_size=1, max_size=4)):
        parent: Any = document
        for step in path[:-1]:
            fits = isinstance(parent, dict) and step in parent
            fits = fits or (
                isinstance(parent, list) and isinstance(step, int) and step < len(parent)
            )
            parent = parent[step] if fits else None
        last, how = path[-1], draw(st.sampled_from(("value", "value", "value", "key", "gone")))
        if isinstance(parent, dict) and last in parent:
            if how == "value":
                parent[last] = draw(HOSTILE)
            elif how == "key":
                parent[draw(st.sampled_from(WORDS) | st.text(max_size=12))] = parent.pop(last)
            else:
                del parent[last]
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            parent[last] = draw(HOSTILE)
    return document
