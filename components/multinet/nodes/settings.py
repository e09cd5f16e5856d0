"""Settings of one node: how it is reached, what it has, and what is to be made on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from multinet.cni.types import InterfaceName
from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.names import HOSTNAME
from multinet.nodes.links import LinkSettings, above_others, in_order
from multinet.nodes.plugins_source import CniPluginsSettings
from multinet.nodes.values import (
    Architecture,
    Host,
    HostKey,
    LocalPath,
    Module,
    SysctlName,
    SysctlValue,
    User,
)
from multinet.settings.types import LabelKey, LabelValue, Port, Secret


class SshSettings(CheckedModel):
    """How a machine is reached over SSH."""

    port: Port = 22
    """Of the SSH server."""
    user: User = "root"
    """root, or one who may run `sudo -n`."""
    private_key: Secret | None = None
    """An OpenSSH private key, best as a secret; absent: the agent's keys."""
    private_key_password: Secret | None = None
    """Of the private key, where it has one."""
    agent_socket_path: LocalPath | None = None
    """Of the SSH agent; absent: the environment's SSH_AUTH_SOCK."""
    host_key: HostKey | None = None
    """The server's public key, as `ssh-keyscan` prints it without the host; absent: the preflight
    looks into known_hosts, and Pulumi's command provider, which cannot, trusts whoever answers.
    """


class ProxySettings(SshSettings):
    """A jump host: the connection to the node goes through it. It needs its own key settings."""

    host: Host
    """Address or name."""


class NodeSettings(SshSettings):
    """One node: how it is reached, what it has, and what is made on it."""

    host: Host | None = None
    """Address or name; absent: the node's name."""
    proxy: ProxySettings | None = None
    """A jump host that the connection goes through."""
    local: bool = False
    """It is the machine that runs the program."""
    dial_attempts: Annotated[int, Field(ge=0, le=1000)] = 8
    """Tries after a first failed connection, with growing pauses (8: some 5 s where nobody
    listens).
    """
    dial_timeout: Annotated[int, Field(ge=1, le=600)] = 8
    """Seconds for each try."""
    lost: bool = False
    """It is gone for good: nothing is run on it any more, also not to undo."""
    labels: dict[LabelKey, LabelValue] = {}
    """Of the Kubernetes node, for networks' nodeSelector."""
    architecture: Architecture = "amd64"
    """Of the machine."""
    links: dict[InterfaceName, LinkSettings] = {}
    """Link's name → what is known of it, or made."""
    sysctls: dict[SysctlName, SysctlValue] = {}
    """Kernel settings: name → value, set now and at every boot."""
    modules: list[Module] = []
    """Kernel modules, loaded now and at every boot."""
    cni_plugins: CniPluginsSettings = CniPluginsSettings()
    """Where the CNI reference plugins come from."""
    dhcp_daemon: Literal["systemd", "check"] = "systemd"
    """systemd: one is run where a network uses dhcp; check: others run it."""

    def rules(self) -> Iterator[Finding]:
        """A local node has no connection; links are made in an order that exists."""
        yield from apart(self._dialled(), self._links(), self._checksum())

    def _dialled(self) -> Iterator[Finding]:
        if self.local:
            for key, value in (("host", self.host), ("proxy", self.proxy)):
                if value is not None:
                    rule = f"{key!r} has no effect on a local node: nothing is dialled"
                    yield Finding("local-node-dialled", (key,), rule, "remove one of the two")

    def _links(self) -> Iterator[Finding]:
        yield from apart(
            *(above_others(name, link, self.links) for name, link in self.links.items())
        )

    def _checksum(self) -> Iterator[Finding]:
        plugins = self.cni_plugins
        if (
            plugins.source != "check"
            and plugins.checksums
            and self.architecture not in plugins.checksums
        ):
            rule = f"no checksum is known for {self.architecture} of {plugins.version}"
            path = ("cniPlugins", "sha256")
            yield Finding("plugins-checksum", path, rule, f"add {self.architecture}")

    def labels_as(self, name: str) -> dict[str, str]:
        """The labels of the Kubernetes node of that name, with the one that has the name."""
        return {HOSTNAME: name, **self.labels}

    def links_in_order(self) -> list[tuple[str, LinkSettings]]:
        """Links so that each comes after its parent: existing ones, bridges, then VLANs."""
        return in_order(self.links)
