"""Where the nodes' container runtime listens, for add-ons that ask it."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator

from multinet.findings.model import refusal
from multinet.multus.settings import MultusSettings
from multinet.paths import Distribution

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


def cri_socket(given: str | None, multus: MultusSettings) -> str:
    """The socket that is given, or that of the distribution's containerd."""
    return given or CRI_SOCKETS[multus.distribution]
