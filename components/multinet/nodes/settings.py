"""Settings of one node: how it is reached, what it has, and what is to be made on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from multinet import versions
from multinet.cni.types import InterfaceName
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal
from multinet.findings.part import apart
from multinet.findings.ways_out import text_like
from multinet.names import HOSTNAME
from multinet.settings.types import LabelKey, LabelValue, Port, Secret

Architecture = Literal["amd64", "arm64", "arm", "ppc64le"]

_NODE_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")
_MOST_STACKED = 8  # Linux's MAX_NEST_DEV
_SYSCTL = re.compile(r"[a-z0-9_]+([./][A-Za-z0-9_-]+)+")


def _is_node_name(text: str) -> str:
    if not _NODE_NAME.fullmatch(text) or ".." in text:
        rule = "must be a Kubernetes node's name: a-z, 0-9, '-' and '.', at most 63"
        raise refusal("not-a-node-name", rule, "`kubectl get nodes` lists them")
    return text


def _is_sysctl(text: str) -> str:
    if not _SYSCTL.fullmatch(text):
        rule = "must be a sysctl's name: words with dots, a dot inside a link's name as slash"
        raise refusal("not-a-sysctl", rule, "write it like net.ipv4.conf.all.rp_filter")
    return text


NodeName = Annotated[str, AfterValidator(_is_node_name)]
"""A node's name in Kubernetes."""

SysctlName = Annotated[str, AfterValidator(_is_sysctl)]
"""A kernel setting's name, as sysctl(8) writes it."""

SysctlValue = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9_.,:-]+( [A-Za-z0-9_.,:-]+)*$",
        "must be words of letters, digits and _ . , : - with single blanks between them",
        'write it as `sysctl -n` prints it, in quotes, like "1" or "4096 131072 6291456"',
    ),
]
"""A kernel setting's value, words with single blanks between them."""

Host = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9][A-Za-z0-9.:_-]*$",
        "must be an address or a name, without user and port",
        "write it like 192.0.2.10; port and user have keys of their own",
        min_length=1,
        max_length=253,
    ),
]
"""An address or a name."""

User = Annotated[
    str,
    text_like(
        r"^[a-z_][a-z0-9_-]{0,31}$",
        "must be a login name: a-z, 0-9, '_' and '-', at most 32",
        "write the name alone, like root",
    ),
]
"""A login name."""

HostKey = Annotated[
    str,
    text_like(
        r"^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [ -~]*)?$",
        "must be a public key on one line: its type, then its text",
        "write what `ssh-keyscan HOST` prints, without the host, like ssh-ed25519 AAAA…",
    ),
]
"""A server's public key: `ssh-ed25519 AAAA…`, as `ssh-keyscan` prints it without the host."""

LocalPath = Annotated[
    str,
    text_like(
        r"^[^\x00-\x1f\"%]+$",
        "must be a path on one line, without quotes and percent signs",
        "write it like /srv/mirror/cni-plugins.tgz",
        max_length=4096,
    ),
]
"""A path on the machine that runs the program."""

LinkMtu = Annotated[int, Field(ge=68, le=65535)]
"""Bytes; IPv4 needs 68, IPv6 1280."""

Module = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,55}$",
        "must be a kernel module's name: letters, digits, '_' and '-', at most 56",
        "write the name alone, like 8021q; its options go into a file of /etc/modprobe.d",
    ),
]
Sha256 = Annotated[
    str,
    text_like(
        r"^[0-9a-f]{64}$",
        "must be a SHA-256 checksum: 64 digits of 0-9 and a-f",
        "write what `sha256sum FILE` prints",
    ),
]
BinaryName = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "must be a program's name: letters, digits, '.', '_' and '-', at most 64",
        "write the name alone, like whereabouts",
    ),
]


MirrorUrl = Annotated[
    str,
    text_like(
        r"^https?://[A-Za-z0-9._~:/@%+-]+$",
        "must be an address of http or https, without blanks, query and fragment",
        "write the directory, like https://mirror.example.org/cni",
    ),
]
PluginsVersion = Annotated[
    str, text_like(r"^v\d+\.\d+\.\d+$", "must be a release's version", "write it like v1.9.1")
]


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


class LinkSettings(CheckedModel):
    """A link of the node: one that is there, or a VLAN interface or bridge to be made."""

    kind: Literal["existing", "vlan", "bridge"] = "existing"
    """existing: it is there; vlan, bridge: it is made."""
    parent: InterfaceName | None = None
    """Of a VLAN interface: the link it is on."""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    """Of a VLAN interface: its tag."""
    ports: list[InterfaceName] = []
    """Of a bridge: links that become its ports."""
    vlan_filtering: bool = False
    """Of a bridge: whether it tells VLANs apart."""
    mtu: LinkMtu | None = None
    """Bytes; absent: the kernel's."""
    promisc: bool | None = None
    """Promiscuous mode."""
    vfs: Annotated[int, Field(ge=0, le=1024)] | None = None
    """SR-IOV virtual functions."""
    change: bool = False
    """Set mtu, promisc and vfs on a link that is there, and restore them at a destroy; otherwise
    they are facts that the preflight compares.
    """

    @property
    def made(self) -> bool:
        """Whether it is made rather than found."""
        return self.kind != "existing"

    def rules(self) -> Iterator[Finding]:
        """Each kind's own keys, and no other's."""
        yield from apart(
            lambda: self._of_vlan("parent", self.parent),
            lambda: self._of_vlan("vlan", self.vlan),
            self._of_bridge(),
            self._of_existing(),
            self._changed(),
        )

    def _of_vlan(self, key: str, value: str | int | None) -> Iterator[Finding]:
        if self.kind == "vlan" and value is None:
            rule = f"a VLAN interface needs {key!r}"
            yield Finding("link-keys", (key,), rule, "add it, or change kind")
        if self.kind != "vlan" and value is not None:
            rule = f"{key!r} is for kind vlan; this link's is {self.kind}"
            yield Finding("link-keys", (key,), rule, "set kind: vlan, or remove it", value)

    def _of_bridge(self) -> Iterator[Finding]:
        if self.kind != "bridge" and (self.ports or self.vlan_filtering):
            key = "ports" if self.ports else "vlanFiltering"
            rule = f"{key!r} is for kind bridge; this link's is {self.kind}"
            yield Finding("link-keys", (key,), rule, "set kind: bridge, or remove it")

    def _of_existing(self) -> Iterator[Finding]:
        if self.made and self.vfs is not None:
            rule = "virtual functions belong to a network card, not to a link that is made"
            yield Finding("link-keys", ("vfs",), rule, "move it to the card's link", self.vfs)

    def _changed(self) -> Iterator[Finding]:
        if self.made and self.change:
            rule = "'change' is about links that are there; one that is made is set anyway"
            yield Finding("link-keys", ("change",), rule, "remove it")


class CniPluginsSettings(CheckedModel):
    """Where the node's CNI reference plugins come from."""

    source: Literal["check", "mirror", "archive"] = "check"
    """check: they must be there; mirror: the node downloads
    `<url>/cni-plugins-linux-<architecture>-<version>.tgz`; archive: that file, uploaded.
    """
    url: MirrorUrl | None = None
    """With source mirror: the directory that holds the archives."""
    archive: LocalPath | None = None
    """With source archive: path of the archive on the machine that runs the program."""
    version: PluginsVersion = versions.CNI_PLUGINS
    """Release of the reference plugins."""
    sha256: dict[Architecture, Sha256] = {}
    """Architecture → checksum of the archive; known for the pinned version."""
    provided: list[BinaryName] = []
    """Plugins that others lay out later (a DaemonSet of SR-IOV, whereabouts …): not looked for."""

    @property
    def checksums(self) -> dict[str, str]:
        """Architecture → SHA-256 of the archive."""
        sums = dict(versions.CNI_PLUGINS_SHA256) if self.version == versions.CNI_PLUGINS else {}
        sums.update((str(architecture), value) for architecture, value in self.sha256.items())
        return sums

    def rules(self) -> Iterator[Finding]:
        """Each source has its key, and a checksum."""
        yield from apart(
            lambda: self._of_source("url", self.url, "mirror"),
            lambda: self._of_source("archive", self.archive, "archive"),
            self._unknown_checksum(),
        )

    def _of_source(self, key: str, value: str | None, source: str) -> Iterator[Finding]:
        if self.source == source and value is None:
            rule = f"with source {source}, {key!r} says where"
            yield Finding("plugins-source", (key,), rule, f"add {key}")
        if self.source != source and value is not None:
            rule = f"{key!r} has no effect with source {self.source}"
            yield Finding("plugins-source", (key,), rule, f"set source: {source}", value)

    def _unknown_checksum(self) -> Iterator[Finding]:
        if self.source != "check" and not self.checksums:
            rule = f"no checksum is known for {self.version}"
            way_out = "add sha256: {amd64: …}; each release has a .sha256 file beside the archive"
            yield Finding("plugins-checksum", ("sha256",), rule, way_out, self.version)


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
        yield from apart(*(self._link_rules(name, link) for name, link in self.links.items()))

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

    def _link_rules(self, name: str, link: LinkSettings) -> Iterator[Finding]:
        seen, above = [name], link
        while above.kind == "vlan" and above.parent in self.links:
            if above.parent in seen:
                rule = f"hangs on itself: {' on '.join([*seen, above.parent or ''])}"
                yield Finding("link-loop", ("links", name, "parent"), rule, "name the card")
                return
            seen.append(above.parent)
            if len(seen) > _MOST_STACKED:
                rule = (
                    f"the kernel stacks at most {_MOST_STACKED} links, and this one is above that"
                )
                where, way_out = ("links", name, "parent"), "hang it on a link further down"
                yield Finding("links-too-deep", where, rule, way_out)
                return
            above = self.links[above.parent]
        parent = self.links.get(link.parent or "")
        if parent and parent.mtu and link.mtu and link.mtu > parent.mtu:
            rule = f"is above that of its parent {link.parent} ({parent.mtu})"
            path = ("links", name, "mtu")
            yield Finding("mtu-above-parent", path, rule, f"use {parent.mtu} or less", link.mtu)

    def labels_as(self, name: str) -> dict[str, str]:
        """The labels of the Kubernetes node of that name, with the one that has the name."""
        return {HOSTNAME: name, **self.labels}

    def links_in_order(self) -> list[tuple[str, LinkSettings]]:
        """Links so that each comes after its parent: existing ones, bridges, then VLANs."""

        def depth(name: str) -> int:
            link = self.links.get(name)
            return 1 + depth(link.parent or "") if link and link.kind == "vlan" else 0

        rank = {"existing": 0, "bridge": 1, "vlan": 1}
        return sorted(
            self.links.items(), key=lambda item: (depth(item[0]), rank[item[1].kind], item[0])
        )
