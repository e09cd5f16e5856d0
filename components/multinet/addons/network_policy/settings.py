"""Settings of the add-on that enforces policies on networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.addons.cri import SocketPath
from multinet.findings import Finding
from multinet.findings.ways_out import text_like
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText

PluginType = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        "must be the type of a CNI plugin",
        "write it as a network's configuration has it, e.g. macvlan",
        max_length=100,
    ),
]
"""A plugin's `type`, of plain characters: the enforcer is given a list with commas."""


class NetworkPolicyAddonSettings(AddonSettings):
    """Enforce policies on networks: MultiNetworkPolicy, in the pods' own network namespaces.

    multi-networkpolicy-nftables on every node, and the kind of the policies.
    """

    image: ImageText | None = None
    """A whole reference of an image with /multi-networkpolicy-nftables, `nft` and a POSIX shell;
    absent: the pinned one.
    """
    plugins: Annotated[list[PluginType], Field(min_length=1)] | None = None
    """Types of networks that policies are enforced on: of their first plugin, one that leaves an
    interface of the kernel in the pod. Absent: those of the declared networks, as far as they are
    known to do so; where there is none, all of these.
    """
    icmp: bool = False
    """Whether all of ICMP passes, such as ping, whatever policies say. What IPv6 cannot do without,
    neighbour discovery, always does.
    """
    cri_socket: SocketPath | None = None
    """Where the nodes' container runtime listens, such as /run/crio/crio.sock; absent: as the
    distribution's containerd does.
    """
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.NETWORK_POLICY_IMAGE.at(versions.NETWORK_POLICY, registry)

    def rules(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))
