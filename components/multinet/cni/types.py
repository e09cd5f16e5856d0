"""Value types of CNI configurations, as strict as the Go types that the plugins decode into.

Each is a plain `str` or `int` in Python and in the rendered JSON; the type only refuses what
the plugin would refuse. A name that starts with `Optional` also takes an empty string, which
Go's decoding treats as absent. Sources: containernetworking/cni v1.3 pkg/types, Go's net.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

from multinet.findings.model import refusal

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network
Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface

_MAC = re.compile(
    r"[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\1[0-9a-fA-F]{2}){4}"
    r"|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}"
)
_NETWORK_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
_LEADING_ZEROS = re.compile(r"(?<![0-9a-fA-F:])0+(?=[0-9])")
_LONGEST_PREFIX = 7  # Go stops counting there; leading zeros are allowed
_MAX_CHAIN_NAME = 28  # iptables' XT_EXTENSION_MAXNAMELEN is 29, the closing NUL included
_MAX_INTERFACE_NAME = 15  # Linux's IFNAMSIZ is 16, the closing NUL included


@functools.lru_cache(maxsize=2048)
def address(text: str) -> Address:
    """Parse an address without prefix. Raises ValueError where Go's net.ParseIP refuses.

    IPv4 in IPv6's clothing (`::ffff:192.0.2.1`) is IPv4, as everywhere in Go.
    """
    if "%" in text:
        raise ValueError("a zone is not allowed")
    parsed = ipaddress.ip_address(text)
    return (isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped) or parsed


@functools.lru_cache(maxsize=2048)
def cidr(text: str) -> Interface:
    """Parse address/prefix, host bits allowed. Raises ValueError like Go's net.ParseCIDR."""
    head, slash, bits = text.partition("/")
    if not slash or not (bits.isascii() and bits.isdigit()) or len(bits) > _LONGEST_PREFIX:
        raise ValueError("write address/prefix length")
    if ":" in head and address(head).version == 4:
        raise ValueError("an IPv4 address is written as IPv6")
    address(head)
    return ipaddress.ip_interface(f"{head}/{int(bits)}")


def reaches(subnet: Subnet, gateway: Address) -> bool:
    """Whether an interface in that subnet can have the gateway: its broadcast address is none."""
    if gateway.version != subnet.version or gateway not in subnet:
        return False
    broadcast = subnet.version == 4 and subnet.prefixlen < 31
    return not (broadcast and gateway == subnet.broadcast_address)


def no_gateway(gateway: Address) -> bool:
    """Whether the kernel takes it for no gateway at all: 0.0.0.0 is, `::` it refuses."""
    return gateway.version == 4 and gateway.is_unspecified


def without_leading_zeros(text: str) -> str:
    """`192.168.002.001` → `192.168.2.1`, as whereabouts' forgiving parser reads it."""
    return _LEADING_ZEROS.sub("", text) if "." in text else text


def mac_octets(text: str) -> bytes:
    """The octets of a MAC address in any of its three notations."""
    return bytes.fromhex(re.sub(r"[:.-]", "", text))


def is_mac(text: str) -> bool:
    """Whether it is a MAC address in one of its three notations."""
    return bool(_MAC.fullmatch(text))


def _is_address(text: str) -> str:
    try:
        address(text)
    except ValueError:
        way_out = "write it like 192.0.2.1 or 2001:db8::1"
        if "/" in text:
            way_out = "leave the prefix length out: " + text.partition("/")[0]
        rule = "must be an IP address without prefix length"
        raise refusal("not-an-address", rule, way_out) from None
    return text


def _is_cidr(text: str) -> str:
    try:
        cidr(text)
    except ValueError:
        way_out = "write address/prefix length, like 192.0.2.0/24 or 2001:db8::/64"
        rule = "must be an address with a prefix length (CIDR)"
        raise refusal("not-a-cidr", rule, way_out) from None
    return text


def _is_mac(text: str) -> str:
    if not is_mac(text):
        way_out = "write six octets, like 02:00:5e:00:53:01"
        raise refusal("not-a-mac", "must be a MAC address", way_out)
    octets = mac_octets(text)
    if octets[0] & 1 or not any(octets):
        kind = "a multicast address" if octets[0] & 1 else "all zeros"
        rule = f"is {kind}: no interface can have it as its own"
        raise refusal("not-a-mac", rule, "clear the lowest bit of the first octet, as in 02:…")
    return text


def interface_name_problem(text: str) -> str:
    """Why the kernel takes no interface of that name; empty: it does."""
    bad = text in ("", ".", "..") or len(text.encode()) > _MAX_INTERFACE_NAME
    if bad or any(c in "/:%" or c.isspace() or not c.isprintable() for c in text):
        return (
            f"is not an interface name: 1 to {_MAX_INTERFACE_NAME} bytes, no '/', ':', '%' or space"
        )
    return ""


def _is_interface_name(text: str) -> str:
    if rule := interface_name_problem(text):
        way_out = "`ip -br link` lists a node's interfaces"
        link, alias, _ = text.partition(":")
        if link and alias:
            way_out = f"name the link, {link}: {text!r} is only a label of one of its addresses"
        raise refusal("not-an-interface-name", rule, way_out)
    return text


def _is_chain_name(text: str) -> str:
    if len(text.encode()) > _MAX_CHAIN_NAME or not re.fullmatch(r"([^\s!-]\S*)?", text):
        rule = f"is not an iptables chain: at most {_MAX_CHAIN_NAME} bytes, no blank, no '-' or '!' first"
        raise refusal("not-a-chain-name", rule, "`iptables -S` lists a node's chains")
    return text


def _is_printable(text: str) -> str:
    if not text.isprintable():
        raise refusal("wrong-value", "holds a character that cannot be printed", "correct it")
    return text


def _is_network_name(text: str) -> str:
    if not _NETWORK_NAME.fullmatch(text):
        rule = "a network's name starts with a letter or digit; then also '_', '.' and '-'"
        raise refusal("not-a-network-name", rule, "leave it out: the NAD's name is used")
    return text


def _is_mtu(value: int) -> int:
    if 0 < value < 68:
        rule = "is below 68 bytes, the least that carries IPv4: the kernel refuses it"
        raise refusal("mtu-out-of-range", rule, "leave it out to take the default")
    return value


def _or_empty(check: Callable[[str], str]) -> Callable[[str], str]:
    def optional(text: str) -> str:
        return check(text) if text else text

    return optional


IpAddress = Annotated[str, AfterValidator(_is_address)]
"""An IPv4 or IPv6 address, e.g. `192.168.1.1`."""

OptionalIpAddress = Annotated[str, AfterValidator(_or_empty(_is_address))]
"""An IPv4 or IPv6 address; empty: absent."""

Cidr = Annotated[str, AfterValidator(_is_cidr)]
"""An address with prefix length; host bits allowed, e.g. `192.168.1.10/24`."""

Mac = Annotated[str, AfterValidator(_is_mac)]
"""A 48-bit unicast MAC address, e.g. `02:00:5e:00:53:01`."""

OptionalMac = Annotated[str, AfterValidator(_or_empty(_is_mac))]
"""A 48-bit unicast MAC address; empty: one is made up."""

InterfaceName = Annotated[str, AfterValidator(_is_interface_name)]
"""A Linux interface name: at most 15 bytes, no `/`, `:`, `%` or white space."""

OptionalInterfaceName = Annotated[str, AfterValidator(_or_empty(_is_interface_name))]
"""A Linux interface name; empty: absent."""

ChainName = Annotated[str, AfterValidator(_is_chain_name)]
"""A chain of iptables; empty: absent."""

NodePath = Annotated[str, AfterValidator(_is_printable)]
"""A path on a node, without control characters: it stands in units and scripts."""

NetworkName = Annotated[str, AfterValidator(_or_empty(_is_network_name))]
"""A CNI network's name; empty: the NAD's."""

EthernetMtu = Annotated[int, Field(ge=0, le=65535), AfterValidator(_is_mtu)]
"""Bytes, 68 to 65535; 0: the kernel's default. For links that the kernel checks on creation."""

VlanId = Annotated[int, Field(ge=0, le=4094)]
"""IEEE 802.1Q VLAN identifier; 0: untagged."""

Uint32 = Annotated[int, Field(ge=0, le=2**32 - 1)]
"""A Go uint32."""

Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""A Go int."""
