"""Settings of the add-on that attaches running pods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import AfterValidator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.findings import Finding
from multinet.findings.model import refusal
from multinet.paths import Distribution
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText

CRI_SOCKETS: Final[dict[Distribution, str]] = {
    "kubeadm": "/run/containerd/containerd.sock",
    "k3s": "/run/k3s/containerd/containerd.sock",
    "rke2": "/run/k3s/containerd/containerd.sock",
    "microk8s": "/var/snap/microk8s/common/run/containerd.sock",
    "k0s": "/run/k0s/containerd.sock",
    "talos": "/run/containerd/containerd.sock",
}
"""Where each distribution's runtime listens, by its documentation."""


_SOCKET: Final = re.compile(r"(/[A-Za-z0-9._@+-]+){2,}")


def _is_socket(text: str) -> str:
    # A socket right below / would have the whole node as its directory.
    if not _SOCKET.fullmatch(text) or ".." in text.split("/"):
        rule = "must be the path of a socket in a directory of its own"
        raise refusal("not-a-socket", rule, "write it like /run/crio/crio.sock")
    return text


SocketPath = Annotated[str, AfterValidator(_is_socket)]
"""An absolute path of plain characters."""


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
