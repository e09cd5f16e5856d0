"""What authors write of nodes. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProxyArgs(Typed):
    """A jump host: the connection to the node goes through it. It needs its own key settings."""

    port: Input[int] | None = None
    user: Input[str] | None = None
    private_key: Input[str] | None = None
    private_key_password: Input[str] | None = None
    agent_socket_path: Input[str] | None = None
    host_key: Input[str] | None = None
    host: Input[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LinkArgs(Typed):
    """A link of the node: one that is there, or a VLAN interface or bridge to be made."""

    kind: Input[Literal["existing", "vlan", "bridge"]] | None = None
    parent: Input[str] | None = None
    vlan: Input[int] | None = None
    ports: Input[Sequence[Input[str]]] | None = None
    vlan_filtering: Input[bool] | None = None
    mtu: Input[int] | None = None
    promisc: Input[bool] | None = None
    vfs: Input[int] | None = None
    change: Input[bool] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CniPluginsArgs(Typed):
    """Where the node's CNI reference plugins come from."""

    source: Input[Literal["check", "mirror", "archive"]] | None = None
    url: Input[str] | None = None
    archive: Input[str] | None = None
    version: Input[str] | None = None
    sha256: Input[Mapping[str, Input[str]]] | None = None
    provided: Input[Sequence[Input[str]]] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class NodeArgs(Typed):
    """One node: how it is reached, what it has, and what is made on it."""

    port: Input[int] | None = None
    user: Input[str] | None = None
    private_key: Input[str] | None = None
    private_key_password: Input[str] | None = None
    agent_socket_path: Input[str] | None = None
    host_key: Input[str] | None = None
    host: Input[str] | None = None
    proxy: ProxyArgs | Input[Mapping[str, Any]] | None = None
    local: Input[bool] | None = None
    dial_attempts: Input[int] | None = None
    dial_timeout: Input[int] | None = None
    lost: Input[bool] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    architecture: Input[Literal["amd64", "arm64", "arm", "ppc64le"]] | None = None
    links: Input[Mapping[str, LinkArgs | Input[Mapping[str, Any]]]] | None = None
    sysctls: Input[Mapping[str, Input[str]]] | None = None
    modules: Input[Sequence[Input[str]]] | None = None
    cni_plugins: CniPluginsArgs | Input[Mapping[str, Any]] | None = None
    dhcp_daemon: Input[Literal["systemd", "check"]] | None = None
