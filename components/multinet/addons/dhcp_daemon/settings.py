"""Settings of the add-on that runs the dhcp plugin's daemon."""

from __future__ import annotations

from collections.abc import Iterator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.findings import Finding
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText


class DhcpDaemonAddonSettings(AddonSettings):
    """The dhcp plugin's daemon on every node, while a network uses dhcp.

    It keeps the leases of the node's pods in its memory alone: when it ends they are no longer
    renewed, and the pods' addresses are given to others once they run out. So a new version or
    another setting replaces no pod by itself: it comes to a node when its pod is deleted there.
    """

    image: ImageText | None = None
    """A whole reference of an image that has the plugins in /opt/cni/bin, and a POSIX shell with
    grep, mkdir, rm and sleep; absent: the pinned one of the plugins.
    """
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.CNI_PLUGINS_IMAGE.at(versions.CNI_PLUGINS_IMAGE_TAG, registry)

    def rules(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))
