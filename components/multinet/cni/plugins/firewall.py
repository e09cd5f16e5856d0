"""firewall: lets traffic to and from a pod through the node's firewall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.plugins.bridge import Bridge
from multinet.cni.types import ChainName
from multinet.findings import Finding, Severity


class Firewall(PluginConf):
    """firewall of the CNI reference plugins v1.9.1; chained."""

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    MIN_CNI_VERSION: ClassVar[str] = "0.4.0"
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/firewall"

    type: Literal["firewall"] = "firewall"
    backend: Literal["", "iptables", "firewalld"] | None = None
    """iptables or firewalld (firewalld where it runs)."""
    iptables_admin_chain_name: ChainName | None = None
    """Chain with the administrator's rules (CNI-ADMIN)."""
    firewalld_zone: str | None = Field(None, alias="firewalldZone")
    """Zone of the pods' addresses (trusted)."""
    ingress_policy: Literal["", "open", "same-bridge", "isolated"] | None = None
    """open (default), same-bridge or isolated; the latter two after bridge."""

    def isolates(self) -> str:
        """With the policy `isolated`."""
        return "its firewall isolates pods" if self.ingress_policy == "isolated" else ""

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """Two of its policies go by the name of a bridge."""
        first = before[0] if before else None
        if first is None or first.is_opaque or isinstance(first, Bridge):
            return
        if self.ingress_policy in ("same-bridge", "isolated"):
            rule = f"this policy isolates by the bridge's name, and {first.type} makes no bridge"
            path, warning = ("ingressPolicy",), Severity.WARNING
            way_out = "use it after bridge"
            yield Finding("firewall-without-bridge", path, rule, way_out, None, warning)
