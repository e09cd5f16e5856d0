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
class LinkArgs(Typed):
    """A link of the node: one that is there, or a VLAN interface or bridge to be made."""

    kind: Input[Literal["existing", "vlan", "bridge"]] | None = None
    """existing: it is there; vlan, bridge: it is made."""

    parent: Input[str] | None = None
    """Of a VLAN interface: the link it is on."""

    vlan: Input[int] | None = None
    """Of a VLAN interface: its tag."""

    ports: Input[Sequence[Input[str]]] | None = None
    """Of a bridge: links that become its ports."""

    vlan_filtering: Input[bool] | None = None
    """Of a bridge: whether it tells VLANs apart."""

    mtu: Input[int] | None = None
    """Bytes; absent: the kernel's."""

    promisc: Input[bool] | None = None
    """Promiscuous mode."""

    vfs: Input[int] | None = None
    """SR-IOV virtual functions."""

    change: Input[bool] | None = None
    """Set mtu, promisc and vfs on a link that is there, and restore them at a destroy; otherwise
    they are facts that the preflight compares.
    """


@dataclasses.dataclass(frozen=True, kw_only=True)
class CniPluginsArgs(Typed):
    """Where the node's CNI reference plugins come from."""

    source: Input[Literal["check", "mirror", "archive"]] | None = None
    """check: they must be there; mirror: the node downloads
    `<url>/cni-plugins-linux-<architecture>-<version>.tgz`; archive: that file, uploaded.
    """

    url: Input[str] | None = None
    """With source mirror: the directory that holds the archives."""

    archive: Input[str] | None = None
    """With source archive: path of the archive on the machine that runs the program."""

    version: Input[str] | None = None
    """Release of the reference plugins."""

    sha256: Input[Mapping[str, Input[str]]] | None = None
    """Architecture → checksum of the archive; known for the pinned version."""

    provided: Input[Sequence[Input[str]]] | None = None
    """Plugins that others lay out later (a DaemonSet of SR-IOV, whereabouts …): not looked for."""


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
