"""What authors write of nodes. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Typed
from multinet.typed.links import LinkArgs
from multinet.typed.plugins_source import CniPluginsArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProxyArgs(Typed):
    """A jump host: the connection to the node goes through it. It needs its own key settings."""

    port: Input[int] | None = None
    """Of the SSH server."""

    user: Input[str] | None = None
    """root, or one who may run `sudo -n`."""

    private_key: Input[str] | None = None
    """An OpenSSH private key, best as a secret; absent: the agent's keys."""

    private_key_password: Input[str] | None = None
    """Of the private key, where it has one."""

    agent_socket_path: Input[str] | None = None
    """Of the SSH agent; absent: the environment's SSH_AUTH_SOCK."""

    host_key: Input[str] | None = None
    """The server's public key, as `ssh-keyscan` prints it without the host; absent: the preflight
    looks into known_hosts, and Pulumi's command provider, which cannot, trusts whoever answers.
    """

    host: Input[str]
    """Address or name."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class NodeArgs(Typed):
    """One node: how it is reached, what it has, and what is made on it."""

    port: Input[int] | None = None
    """Of the SSH server."""

    user: Input[str] | None = None
    """root, or one who may run `sudo -n`."""

    private_key: Input[str] | None = None
    """An OpenSSH private key, best as a secret; absent: the agent's keys."""

    private_key_password: Input[str] | None = None
    """Of the private key, where it has one."""

    agent_socket_path: Input[str] | None = None
    """Of the SSH agent; absent: the environment's SSH_AUTH_SOCK."""

    host_key: Input[str] | None = None
    """The server's public key, as `ssh-keyscan` prints it without the host; absent: the preflight
    looks into known_hosts, and Pulumi's command provider, which cannot, trusts whoever answers.
    """

    host: Input[str] | None = None
    """Address or name; absent: the node's name."""

    proxy: ProxyArgs | Input[Mapping[str, Any]] | None = None
    """A jump host that the connection goes through."""

    local: Input[bool] | None = None
    """It is the machine that runs the program."""

    dial_attempts: Input[int] | None = None
    """Tries after a first failed connection, with growing pauses (8: some 5 s where nobody
    listens).
    """

    dial_timeout: Input[int] | None = None
    """Seconds for each try."""

    lost: Input[bool] | None = None
    """It is gone for good: nothing is run on it any more, also not to undo."""

    labels: Input[Mapping[str, Input[str]]] | None = None
    """Of the Kubernetes node, for networks' nodeSelector."""

    architecture: Input[Literal["amd64", "arm64", "arm", "ppc64le"]] | None = None
    """Of the machine."""

    links: Input[Mapping[str, LinkArgs | Input[Mapping[str, Any]]]] | None = None
    """Link's name → what is known of it, or made."""

    sysctls: Input[Mapping[str, Input[str]]] | None = None
    """Kernel settings: name → value, set now and at every boot."""

    modules: Input[Sequence[Input[str]]] | None = None
    """Kernel modules, loaded now and at every boot."""

    cni_plugins: CniPluginsArgs | Input[Mapping[str, Any]] | None = None
    """Where the CNI reference plugins come from."""

    dhcp_daemon: Input[Literal["systemd", "check"]] | None = None
    """systemd: one is run where a network uses dhcp; check: others run it."""
