"""What authors write of multus. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiServerArgs(Typed):
    """How Multus reaches the API server where service addresses do not work yet."""

    host: Input[str]
    """Address or name."""

    port: Input[int] | None = None
    """TCP port."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceAmountsArgs(Typed):
    """Amounts for a container."""

    cpu: Input[str] | None = None
    """Such as 100m; absent: none."""

    memory: Input[str] | None = None
    """Such as 64Mi; absent: none."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceArgs(Typed):
    """Requests and limits of Multus's container."""

    requests: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None
    """What is kept for it."""

    limits: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None
    """What it may take."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class MultusArgs(Typed):
    """How Multus runs."""

    enabled: Input[bool] | None = None
    """false: the cluster has a Multus that others manage."""

    mode: Input[Literal["thick", "thin"]] | None = None
    """thick: a daemon on each node and a shim; thin: one binary, no daemon."""

    namespace: Input[str] | None = None
    """Where Multus runs."""

    image: Input[str] | None = None
    """A whole reference, by tag or better by digest; absent: the pinned release. One for thick
    needs a POSIX shell with cat, grep, mv, rm, sed, sleep, stat, tail and test, as upstream's.
    """

    registry: Input[str] | None = None
    """A mirror's prefix for the pinned release, e.g. `registry.example.org/mirror`."""

    namespace_isolation: Input[bool] | None = None
    """A pod may only use networks of its own namespace and of globalNamespaces."""

    global_namespaces: Input[Sequence[Input[str]]] | None = None
    """Namespaces whose networks every pod may use."""

    distribution: Input[Literal["kubeadm", "k3s", "rke2", "microk8s", "k0s", "talos"]] | None = None
    """Which CNI directories the nodes have."""

    cni_conf_dir: Input[str] | None = None
    """Directory of CNI configurations on the nodes; absent: the distribution's."""

    cni_bin_dir: Input[str] | None = None
    """Directory of CNI plugins on the nodes; absent: the distribution's."""

    api_server: ApiServerArgs | Input[Mapping[str, Any]] | None = None
    """How Multus reaches the API server where services do not work yet."""

    log_level: Input[Literal["debug", "verbose", "error", "panic"]] | None = None
    """How much Multus logs."""

    resources: ResourceArgs | Input[Mapping[str, Any]] | None = None
    """Requests and limits of Multus's container."""

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""
