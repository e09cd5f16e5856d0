"""What is to be on a node, as calls of the functions in scripts/. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from multinet import paths
from multinet.cni.ipam.dhcp import DEFAULT_SOCKET
from multinet.cni.reference import REFERENCE_PLUGINS
from multinet.nodes.links import LinkSettings
from multinet.nodes.requirements import NodeNeeds
from multinet.nodes.settings import NodeSettings
from multinet.nodes.shell import call, quoted

Keep = tuple[str, str]
"""Kind and key of a journal entry that the declaration wants."""


def changes(node: NodeSettings, needs: NodeNeeds) -> list[str]:
    """The calls that bring a node to what is declared, in order."""
    left = needs.leavings
    return [
        *([call("expect_sysctls", *sorted(node.sysctls))] if node.sysctls else []),
        call("make_directory", needs.conf_dir),
        call("make_directory", needs.bin_dir),
        *([call("expect_primary", left.agent, *left.what)] if left.what else []),
        *([call("expect_multus", *multus_leavings(needs))] if needs.multus else []),
        *_modules(node),
        *_links(node, needs),
        *_sysctls(node),
        *_plugins(node, needs),
        *_dhcp(node, needs),
    ]


def kept(node: NodeSettings, needs: NodeNeeds) -> list[Keep]:
    """Journal entries that belong to the declaration; all others are undone."""
    keep: list[Keep] = []
    if node.modules:
        keep.append(("file", paths.MODULES_FILE))
        keep += [("module", module) for module in node.modules]
    if node.sysctls:
        keep.append(("file", paths.SYSCTL_FILE))
        keep += [("sysctl", name) for name in node.sysctls]
    for name, link in node.links_in_order():
        if link.made:
            keep.append(("link", name))
        keep += [("attribute", f"{name} {attribute}") for attribute, _ in _attributes(link)]
        for port in link.ports:
            keep += [("attribute", f"{port} master"), ("attribute", f"{port} up")]
    keep += [("vlans", port) for port, _ in port_vlans(node, needs)]
    if boot_script(node, needs):
        unit = paths.LINKS_UNIT
        keep += [("file", f"{paths.SYSTEMD_DIR}/{unit}"), ("unit", unit)]
        keep.append(("file", f"{paths.NODE_STATE}/links.sh"))
    for socket in _own_sockets(node, needs):
        keep += [("file", f"{paths.SYSTEMD_DIR}/{_dhcp_unit(socket)}")]
        keep += [("unit", _dhcp_unit(socket))]
    return keep


def multus_leavings(needs: NodeNeeds) -> list[str]:
    """What Multus puts on a node and leaves there. Undone backwards: its configuration first."""
    conf, binary = needs.conf_dir, needs.bin_dir
    binaries = ("multus", "multus-shim", "passthru")
    state = ("/etc/cni/multus", "/var/lib/cni/multus", "/run/multus")
    files = (paths.MULTUS_CONFLIST, paths.MULTUS_CONF)
    return [
        f"{conf}/{paths.MULTUS_DIR}",
        *(f"{binary}/{name}" for name in binaries),
        *state,
        *(f"{conf}/{name}" for name in files),
    ]


def upload_path(node: NodeSettings) -> str:
    """Where the plugins' archive lies on the node; empty where none is uploaded."""
    plugins = node.cni_plugins
    if plugins.source != "archive":
        return ""
    if node.local:
        return local_archive(node)
    return f"{paths.NODE_UPLOADS}/multinet-{plugins.checksums[node.architecture][:16]}.tgz"


def local_archive(node: NodeSettings) -> str:
    """The archive on the machine that runs the program; `{arch}` in it is the node's."""
    return (node.cni_plugins.archive or "").replace("{arch}", node.architecture)


def port_vlans(node: NodeSettings, needs: NodeNeeds) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Ports of bridges that tell VLANs apart, each with the VLANs that networks use there."""
    for name, link in node.links_in_order():
        if link.vlan_filtering and (runs := needs.vlans.get(name)):
            yield from ((port, runs) for port in link.ports)


def boot_script(node: NodeSettings, needs: NodeNeeds) -> str:
    """What makes the links again after a boot; empty where there is none to make."""
    lines: list[str] = []
    for name, link in node.links_in_order():
        word = quoted(name)
        if link.made:
            look = f"ip link show dev {word} >/dev/null 2>&1"
            lines.append(f"{look} || {call('ip', 'link', 'add', *_creation(name, link))}")
        for attribute, value in _attributes(link):
            lines.append(_boot_line(word, attribute, value))
    for name, link in node.links_in_order():
        for port in link.ports:
            lines.append(call("ip", "link", "set", "dev", port, "master", name, "up"))
    for port, runs in port_vlans(node, needs):
        lines += [call("bridge", "vlan", "add", "dev", port, "vid", run) for run in runs]
    if not lines:
        return ""
    return "\n".join(["#!/bin/sh", "# Written by multinet: the node's links, at boot.", *lines])


def _boot_line(word: str, attribute: str, value: str) -> str:
    if attribute == "vfs":
        return f"echo {quoted(value)} >/sys/class/net/{word}/device/sriov_numvfs"
    if attribute == "up":
        return f"ip link set dev {word} up"
    return f"ip link set dev {word} {attribute} {quoted(value)}"


def _modules(node: NodeSettings) -> Iterator[str]:
    if node.modules:
        yield call("put_file", paths.MODULES_FILE, 644, _listed(node.modules))
    for module in node.modules:
        yield call("load_module", module)


def _sysctls(node: NodeSettings) -> Iterator[str]:
    if node.sysctls:
        settings = [f"{name} = {value}" for name, value in sorted(node.sysctls.items())]
        yield call("put_file", paths.SYSCTL_FILE, 644, _listed(settings))
    for name, value in sorted(node.sysctls.items()):
        yield call("set_sysctl", name, value)


def _listed(lines: list[str]) -> str:
    return "\n".join(["# Written by multinet.", *lines])


def _links(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    for name, link in node.links_in_order():
        if link.made:
            yield call("make_link", name, link_kind(link), *_creation(name, link))
        setter = "set_made_link" if link.made else "set_link"
        for attribute, value in _attributes(link):
            yield call(setter, name, attribute, value)
    # Ports come last: one of them may be a link that is made here.
    for name, link in node.links_in_order():
        for port in link.ports:
            yield call("set_link", port, "master", name)
            yield call("set_link", port, "up", "on")
    for port, runs in port_vlans(node, needs):
        yield call("carry_vlans", port, *runs)
    if script := boot_script(node, needs):
        yield call("put_file", f"{paths.NODE_STATE}/links.sh", 644, script)
        yield call("put_file", f"{paths.SYSTEMD_DIR}/{paths.LINKS_UNIT}", 644, _LINKS_UNIT)
        yield call("enable_unit", paths.LINKS_UNIT, "no")


def link_kind(link: LinkSettings) -> str:
    """A link's kind as the scripts' link_kind tells it."""
    return f"vlan {link.vlan} {link.parent}" if link.kind == "vlan" else link.kind


def _creation(name: str, link: LinkSettings) -> list[str]:
    if link.kind == "vlan":
        return ["link", link.parent or "", "name", name, "type", "vlan", "id", str(link.vlan)]
    filtering = ["vlan_filtering", "1"] if link.vlan_filtering else []
    return ["name", name, "type", "bridge", *filtering]


def _attributes(link: LinkSettings) -> Iterator[tuple[str, str]]:
    """What is set on a link; on one that is there, only with `change`."""
    if not (link.made or link.change):
        return
    if link.vfs is not None:
        yield "vfs", str(link.vfs)
    if link.mtu is not None:
        yield "mtu", str(link.mtu)
    if link.promisc is not None:
        yield "promisc", "on" if link.promisc else "off"
    yield "up", "on"


def _plugins(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    plugins = node.cni_plugins
    if plugins.source == "check":
        return
    place = upload_path(node) or (plugins.url or "").rstrip("/")
    names = " ".join(name for name in needs.binaries if name in REFERENCE_PLUGINS)
    sums = [f"{arch}={value}" for arch, value in sorted(plugins.checksums.items())]
    yield call("install_plugins", plugins.version, plugins.source, place, names, *sums)


def _own_sockets(node: NodeSettings, needs: NodeNeeds) -> list[str]:
    return list(needs.dhcp_sockets) if node.dhcp_daemon == "systemd" else []


def _dhcp(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    for socket in _own_sockets(node, needs):
        unit = _DHCP_UNIT.format(binary=f"{needs.bin_dir}/dhcp", socket=_unit_word(socket))
        yield call("run_dhcp_daemon", socket, _dhcp_unit(socket), unit)


def _dhcp_unit(socket: str) -> str:
    """The unit's name: another socket than the usual one gets a unit of its own."""
    if socket == DEFAULT_SOCKET:
        return f"{paths.DHCP_UNIT}.service"
    return f"{paths.DHCP_UNIT}-{hashlib.sha256(socket.encode()).hexdigest()[:8]}.service"


def _unit_word(text: str) -> str:
    """A word of a unit's command line: systemd expands % and $, and splits at blanks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return '"' + "".join(c for c in escaped if c.isprintable()) + '"'


_LINKS_UNIT = f"""\
# Written by multinet.
[Unit]
Description=Links that pods' networks hang on
Wants=network-online.target
After=network-online.target
Before=kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh {paths.NODE_STATE}/links.sh

[Install]
WantedBy=multi-user.target"""

_DHCP_UNIT = """\
# Written by multinet.
[Unit]
Description=DHCP leases of pods' networks (CNI dhcp daemon)
Wants=network-online.target
After=network-online.target

[Service]
ExecStartPre=/bin/rm -f {socket}
ExecStart={binary} daemon -socketpath {socket}
Restart=on-failure
RestartSec=2

[Install]
WantedBy=multi-user.target"""
