"""What the preflight looks at on a node, as calls of the functions in scripts/preflight.sh. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from multinet import paths
from multinet.cni.plugins.known import brought_by
from multinet.cni.reference import REFERENCE_PLUGINS
from multinet.findings.text import named
from multinet.nodes.links import LinkSettings
from multinet.nodes.requirements import LinkNeed, NodeNeeds
from multinet.nodes.settings import NodeSettings
from multinet.nodes.shell import call
from multinet.nodes.wanted import boot_script, link_kind, port_vlans

_KERNEL_MODULE = {"vlan": "8021q", "bridge": "bridge"}


def inspection(node: NodeSettings, needs: NodeNeeds) -> list[str]:
    """The checks, so that what we are about to make is not missed."""
    return [
        *_tools(node, needs),
        call("need_directory", needs.conf_dir),
        call("need_directory", needs.bin_dir),
        *_plugins(node, needs),
        *(call("need_configuration", name, paths.NETWORKS_DIR) for name in needs.files),
        *_links(node, needs),
        *_kernel(node),
        *_dhcp(node, needs),
        *(
            call("need_free", r.network, r.first, r.last, r.link, " ".join(r.gateways))
            for r in needs.ranges
        ),
        *(call("need_allocations", a.network, a.directory, a.capacity) for a in needs.allocations),
        *([call("need_primary", needs.primary_conf)] if needs.primary_there else []),
        call("need_clean", needs.primary_conf),
    ]


def _tools(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    if node.cni_plugins.source != "check":
        yield call("need_tool", "tar", "tar")
    if node.cni_plugins.source == "mirror":
        yield call("need_download_tool")
    if node.cni_plugins.source == "archive":
        yield call("need_architecture", node.architecture)
    if any(link.change or link.ports for link in node.links.values()):
        yield call("need_tool", "ss", "iproute2")
    if any(port_vlans(node, needs)):
        yield call("need_tool", "bridge", "iproute2")
    if boot_script(node, needs):
        rule = "the links that are made here are gone after a reboot: there is no systemd"
        yield call("need_systemd", "warning", rule, "make them by the node's own means")


def _plugins(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    brought = REFERENCE_PLUGINS if node.cni_plugins.source != "check" else frozenset[str]()
    for name, networks in needs.binaries.items():
        if name not in brought:
            users = named("network", networks) if networks else "the primary CNI"
            yield call("need_plugin", name, users, _way_to(name))


def _way_to(plugin: str) -> str:
    if plugin in REFERENCE_PLUGINS:
        way_out = "cniPlugins: true under multinet:addons brings it to every node; or set"
        way_out += " cniPlugins.source to mirror or archive"
    else:
        project = brought_by(plugin)
        way_out = f"install it: {project} lays it out" if project else "install it"
    return f"{way_out}; list it in cniPlugins.provided if others bring it"


def _links(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    for name, need in needs.links.items():
        link = node.links.get(name)
        if link is None or not link.made:
            mtu = 0 if link and link.change and link.mtu else need.mtu
            yield call("need_link", name, mtu, _networks(need))
    for taken in needs.taken:
        yield call("need_spared", taken.key, taken.value, named("network", taken.networks))
    for name, networks in needs.bridges.items():
        if not (name in node.links and node.links[name].made):
            yield call("need_bridge", name, named("network", networks))
    for name, networks in needs.hooked.items():
        yield call("need_no_port", name, named("network", networks))
    for name, link in node.links_in_order():
        yield from _made(node, name, link) if link.made else _found(name, link)


def _made(node: NodeSettings, name: str, link: LinkSettings) -> Iterator[str]:
    yield call("need_name", name, link_kind(link))
    way_out = "use a kernel that has it, or make the link by the node's own means"
    yield call("need_module", _KERNEL_MODULE[link.kind], way_out)
    parent = node.links.get(link.parent or "")
    if link.parent and not (parent and parent.made):
        mtu = 0 if parent and parent.change and parent.mtu else link.mtu or 0
        yield call("need_link", link.parent, mtu, f"link {name}")
    for port in link.ports:
        if not (port in node.links and node.links[port].made):
            yield call("need_settable", port)


def _found(name: str, link: LinkSettings) -> Iterator[str]:
    if link.change:
        yield call("need_settable", name)
        if link.vfs:
            yield call("need_functions", name, link.vfs)
        return
    promisc = None if link.promisc is None else ("on" if link.promisc else "off")
    for attribute, value in (("mtu", link.mtu), ("promisc", promisc), ("vfs", link.vfs)):
        if value is not None:
            yield call("need_fact", name, attribute, value)


def _kernel(node: NodeSettings) -> Iterator[str]:
    for module in node.modules:
        yield call("need_module", module, "correct its name, or install the kernel's modules")
    made = [name for name, link in node.links.items() if link.made]
    for name in sorted(node.sysctls):
        # A setting may come with a module or a link that is not there yet.
        if not node.modules and not any(link in name for link in made):
            yield call("need_sysctl", name)


def _dhcp(node: NodeSettings, needs: NodeNeeds) -> Iterator[str]:
    check = "need_dhcp_unit" if node.dhcp_daemon == "systemd" else "need_dhcp"
    for socket, networks in needs.dhcp_sockets.items():
        yield call(check, socket, named("network", networks))


def _networks(need: LinkNeed) -> str:
    return named("network", need.networks)
