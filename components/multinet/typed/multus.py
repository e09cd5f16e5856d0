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
    port: Input[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceAmountsArgs(Typed):
    """Amounts for a container; absent: none."""

    cpu: Input[str] | None = None
    memory: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResourceArgs(Typed):
    """Requests and limits of Multus's container."""

    requests: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None
    limits: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MultusArgs(Typed):
    """How Multus runs."""

    enabled: Input[bool] | None = None
    mode: Input[Literal["thick", "thin"]] | None = None
    namespace: Input[str] | None = None
    image: Input[str] | None = None
    registry: Input[str] | None = None
    namespace_isolation: Input[bool] | None = None
    global_namespaces: Input[Sequence[Input[str]]] | None = None
    distribution: Input[Literal["kubeadm", "k3s", "rke2", "microk8s", "k0s", "talos"]] | None = None
    cni_conf_dir: Input[str] | None = None
    cni_bin_dir: Input[str] | None = None
    api_server: ApiServerArgs | Input[Mapping[str, Any]] | None = None
    log_level: Input[Literal["debug", "verbose", "error", "panic"]] | None = None
    resources: ResourceArgs | Input[Mapping[str, Any]] | None = None
    rollout_timeout: Input[str] | None = None
