"""What authors write of firewall. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Firewall(Plugin):
    """firewall of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "firewall"

    backend: Input[Literal["", "iptables", "firewalld"]] | None = None
    """iptables or firewalld (firewalld where it runs)."""

    iptables_admin_chain_name: Input[str] | None = None
    """Chain with the administrator's rules (CNI-ADMIN)."""

    firewalld_zone: Input[str] | None = None
    """Zone of the pods' addresses (trusted)."""

    ingress_policy: Input[Literal["", "open", "same-bridge", "isolated"]] | None = None
    """open (default), same-bridge or isolated; the latter two after bridge."""
