"""nv-ipam: addresses of a pool that NVIDIA's controller has split among the nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import no_effect
from multinet.cni.types import NodePath
from multinet.findings import Finding, Severity
from multinet.findings.model import refusal

_POOL_TYPES = ("ippool", "cidrpool")
_LEVELS = ("panic", "error", "warning", "info", "debug", "verbose")


def _is_pool_type(text: str) -> str:
    if text and text.lower() not in _POOL_TYPES:
        raise refusal("unknown-value", f"must be one of {', '.join(_POOL_TYPES)}", "correct it")
    return text


class NvIpam(IpamConf):
    """nv-ipam of nvidia-k8s-ipam v0.4.0.

    Its controller and its node daemon hand the addresses out of IPPool and CIDRPool objects, which
    hold subnet, gateway and routes: none of them is known here.
    """

    SOURCE: ClassVar[str] = "Mellanox/nvidia-k8s-ipam v0.4.0 pkg/cni, pkg/ipam-node/handlers"
    BROUGHT_BY: ClassVar[str] = "nvidia-k8s-ipam's DaemonSet or NVIDIA's network operator"

    type: Literal["nv-ipam"] = "nv-ipam"
    pool_name: str | None = None
    """The pool, or two with a comma between them: a pod gets an address of each (the network's
    name)."""
    pool_type: Annotated[str, AfterValidator(_is_pool_type)] | None = None
    """`ippool` (default): a part of one subnet for each node; `cidrpool`: a subnet for each."""
    force_pool_name: bool | None = None
    """Whether a missing `poolName` is an error (false)."""
    daemon_socket: str | None = None
    """Of the node daemon (unix:///var/lib/cni/nv-ipam/daemon.sock)."""
    daemon_call_timeout_seconds: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    """How long to wait for the daemon; 0: as without it (5)."""
    conf_dir: NodePath | None = None
    """Directory of `nv-ipam.conf`, for what is not said here (/etc/cni/net.d/nv-ipam.d)."""
    log_file: NodePath | None = None
    """On the node (/var/log/nv-ipam-cni.log)."""
    log_level: str | None = None
    """How much it logs: panic, error, warning, info, debug or verbose (info)."""

    @property
    def pools(self) -> list[str]:
        """The pools that are named."""
        return self.pool_name.split(",") if self.pool_name else []

    def rules(self) -> Iterator[Finding]:
        """One pool, or two that differ."""
        path = ("poolName",)
        if len(self.pools) > 2:
            rule = f"names {len(self.pools)} pools; a pod gets addresses of two at most"
            yield Finding("pool-name", path, rule, "name one for each IP family", self.pool_name)
        elif any(not pool or pool != pool.strip() for pool in self.pools):
            rule = "has an empty name or a blank: nv-ipam takes what is between commas as it is"
            way_out = "write pool4,pool6 without blanks"
            yield Finding("pool-name", path, rule, way_out, self.pool_name)
        elif len(set(self.pools)) < len(self.pools):
            rule = "names a pool twice; a pod gets one address of each"
            yield Finding("pool-name", path, rule, "remove one", self.pool_name)
        if self.log_level and self.log_level.lower() not in _LEVELS:
            rule = f"is none of {', '.join(_LEVELS)}, so it logs as before"
            yield no_effect(("logLevel",), rule, "correct it")
        if self.force_pool_name and not self.pools:
            rule = "with forcePoolName, pods start only if they name a pool themselves"
            way_out, warning = "add poolName", Severity.WARNING
            yield Finding("pool-name", path, rule, way_out, None, warning)

    def asked_together(self, number: int, *, declared: bool) -> Iterator[Finding]:
        """One of each pool; several it reads by the capability only."""
        if number > 1 and not declared:
            rule = "nv-ipam takes several addresses only where the network has the capability ips"
            way_out = 'add "capabilities": {"ips": true} to the plugin that has the ipam'
            yield Finding("too-many-ips", (), rule, way_out)
        elif number > max(len(self.pools), 1):
            rule = f"the network has {max(len(self.pools), 1)} pool: each gives one address"
            yield Finding("too-many-ips", (), rule, "ask for one of each pool")
