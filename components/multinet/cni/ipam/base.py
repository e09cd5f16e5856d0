"""What every `ipam` object is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import ConfigDict

from multinet.cni.model import CNI_VERSIONS, CniModel
from multinet.cni.place import Place
from multinet.cni.ranges import AddressRange
from multinet.cni.route import Route
from multinet.cni.types import Address, Subnet
from multinet.findings import Finding


class IpamConf(CniModel):
    """An `ipam` object. Subclasses know one IPAM plugin's keys.

    An empty type means to the reference plugins that there is no IPAM. READS_ARGS: whether it
    takes addresses of the configuration's own `args` and `runtimeConfig`. MIN_CNI_VERSION and
    MAX_CNI_VERSION: the oldest and the newest cniVersion it speaks.
    """

    MIN_CNI_VERSION: ClassVar[str] = CNI_VERSIONS[0]
    MAX_CNI_VERSION: ClassVar[str] = CNI_VERSIONS[-1]
    READS_ARGS: ClassVar[bool] = False
    GIVES_ALL: ClassVar[bool] = False
    """Whether a pod gets all of its addresses, not one of each range."""
    ASKED_WITHOUT_GATEWAY: ClassVar[bool] = False
    """Whether an address that is asked for has no gateway, whatever the others have."""
    SLOW_TO_FAIL: ClassVar[bool] = False
    """Whether a pod waits long before it is told that it gets no address."""

    type: str = ""

    def of_nad(self, namespace: str, name: str) -> Iterator[Finding]:
        """What holds between it and the NAD that it stands in. Paths start at this object."""
        del namespace, name
        yield from ()

    def in_place(self, place: Place) -> Iterator[Finding]:
        """What holds between it and where it stands. Paths start at this object."""
        del place
        yield from ()

    def agreement(self) -> tuple[str, str] | None:
        """Whose networks have to agree, and in what this one has to; None: with none."""
        return None

    def disagreement(self, network: str) -> Iterator[Finding]:
        """What comes of it that another network, which it has to agree with, says otherwise."""
        del network
        yield from ()

    def address_ranges(self) -> list[AddressRange]:
        """What it can hand out, one entry per run; empty where others decide (dhcp)."""
        return []

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """For each address that a pod gets: the subnets it can be in, each with its gateway."""
        return []

    def given(self) -> list[tuple[Subnet, Address | None]]:
        """The subnets that a pod's own addresses can be in, each with its gateway."""
        return [given for choice in self.choices() for given in choice]

    def on_link(self) -> list[Subnet]:
        """The subnets that a pod's own addresses can be in."""
        return [subnet for subnet, _ in self.given()]

    def gateways(self) -> list[Address]:
        """Gateways it hands out, in order; of each family the first serves bare routes."""
        return [gateway for _, gateway in self.given() if gateway is not None]

    @property
    def waits_for_request(self) -> bool:
        """Whether a pod gets an address only if it asks for one."""
        return False

    @property
    def gives_unasked(self) -> bool:
        """Whether a pod that does not ask gets an address, or fails; else it has none."""
        return True

    def asked(self, text: str) -> Iterator[Finding]:
        """Why it cannot give that address to a pod that asks; `text`: with or without prefix."""
        del text
        yield from ()

    def asked_together(self, number: int, *, declared: bool) -> Iterator[Finding]:
        """Why it cannot give a pod that many addresses; `declared`: the capability `ips` is."""
        del number, declared
        yield from ()

    def addresses_per_family(self) -> int:
        """How many addresses of one family a pod gets at most."""
        return 1

    def route_list(self) -> list[Route]:
        """The routes it hands out."""
        return []

    def subnets(self) -> list[str]:
        """The subnets as text, in order, without repetition."""
        return list(dict.fromkeys(str(s) for s in self.on_link()))

    def allocator(self, network: str, of: AddressRange) -> str:
        """Who keeps a range's books: of two ranges with the same ones no address comes twice.

        `network`: the CNI network's name.
        """
        del of
        return f"{self.type}:{network}"

    def excluded(self) -> set[Address]:
        """Addresses in its ranges that it never hands out."""
        return set()

    def socket(self) -> str:
        """The socket of a daemon on the node that it asks; empty: it asks none."""
        return ""

    def allocations_dir(self, network: str) -> str:
        """The node's directory in which it keeps what it gave out; empty: it is not on the node.

        `network`: the CNI network's name.
        """
        del network
        return ""

    @property
    def per_node(self) -> bool:
        """Whether each node hands out addresses without knowing of the others.

        Then each can be given a part of them: see `narrowed`.
        """
        return False

    def narrowed(
        self, raw: Mapping[str, Any], ends: Sequence[tuple[str, str]]
    ) -> Mapping[str, Any]:
        """The object as it is where it hands out only from one address to another of each range.

        Args:
            raw: it, as it was written.
            ends: first and last address of each range, in their order.
        """
        del ends
        return raw


class OpaqueIpam(IpamConf):
    """An IPAM plugin that is not known here: any keys, sent as they are."""

    model_config = ConfigDict(extra="allow")
