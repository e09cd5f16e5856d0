"""What authors write of nv ipam. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Ipam


@dataclasses.dataclass(frozen=True, kw_only=True)
class NvIpam(Ipam):
    """nv-ipam of nvidia-k8s-ipam v0.4.0."""

    TYPE: ClassVar[str] = "nv-ipam"

    pool_name: Input[str] | None = None
    """The pool, or two with a comma between them: a pod gets an address of each (the network's
    name).
    """

    pool_type: Input[str] | None = None
    """`ippool` (default): a part of one subnet for each node; `cidrpool`: a subnet for each."""

    force_pool_name: Input[bool] | None = None
    """Whether a missing `poolName` is an error (false)."""

    daemon_socket: Input[str] | None = None
    """Of the node daemon (unix:///var/lib/cni/nv-ipam/daemon.sock)."""

    daemon_call_timeout_seconds: Input[int] | None = None
    """How long to wait for the daemon; 0: as without it (5)."""

    conf_dir: Input[str] | None = None
    """Directory of `nv-ipam.conf`, for what is not said here (/etc/cni/net.d/nv-ipam.d)."""

    log_file: Input[str] | None = None
    """On the node (/var/log/nv-ipam-cni.log)."""

    log_level: Input[str] | None = None
    """How much it logs: panic, error, warning, info, debug or verbose (info)."""
