"""Settings of the add-on that attaches running pods."""

from __future__ import annotations

from collections.abc import Iterator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.addons.cri import SocketPath
from multinet.findings import Finding
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText


class DynamicNetworksAddonSettings(AddonSettings):
    """Attach running pods to networks and detach them, by a change of their annotation.

    multus-dynamic-networks-controller on every node, beside Multus's daemon (thick), and a policy of
    the API server that holds the annotation to Multus's namespace isolation, which the daemon
    does not look at here.
    """

    image: ImageText | None = None
    """A whole reference of an image with the controller as /dynamic-networks-controller and a POSIX
    shell; absent: the pinned one.
    """
    cri_socket: SocketPath | None = None
    """Where the nodes' container runtime listens, such as /run/crio/crio.sock; absent: as the
    distribution's containerd does.
    """
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.DYNAMIC_NETWORKS_IMAGE.at(versions.DYNAMIC_NETWORKS, registry)

    def rules(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))
