"""Checks between the pools of SR-IOV, the nodes' virtual functions and the networks' resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from multinet.addons.sriov.pools import PoolSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.findings import Finding, Path, Severity
from multinet.findings.part import Unfinished, apart, readable
from multinet.findings.suggest import did_you_mean
from multinet.findings.text import some
from multinet.names import stack_key
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings

_POOLS: Path = (stack_key("addons"), "sriov", "pools")
_SHOWN = 5
_NEEDS_POOL = ("sriov", "ib-sriov")


def sriov_across(settings: StackSettings) -> Iterator[Finding]:
    """Functions that no declared node has, and networks whose resource nobody offers."""
    addon = readable(lambda: settings.addons.sriov)
    if not isinstance(addon, SriovAddonSettings):
        return
    pools = {
        name: pool
        for name, pool in (readable(lambda: addon.pools) or {}).items()
        if not isinstance(pool, Unfinished)
    }
    nodes = {
        name: node
        for name, node in (readable(lambda: settings.nodes) or {}).items()
        if not isinstance(node, Unfinished)
    }
    networks = readable(lambda: settings.networks) or {}
    yield from apart(
        *(_functions(name, pool, nodes) for name, pool in pools.items()),
        _resources(networks, pools),
    )


def _functions(
    name: str, pool: PoolSettings, nodes: Mapping[str, NodeSettings]
) -> Iterator[Finding]:
    there = {
        (node, link): known.vfs
        for node, settings in nodes.items()
        for link, known in settings.links.items()
        if known.vfs is not None
    }
    for i, (link, spans) in enumerate(pool.cards):
        having = {node: vfs for (node, other), vfs in there.items() if other == link}
        last = max((end for _, end in spans), default=0)
        short = {node: vfs for node, vfs in having.items() if vfs <= last}
        path = (*_POOLS, name, "links", i)
        if short:
            least = min(short.values())
            rule = f"link {link} of {some(sorted(short), _SHOWN)} has {least} virtual functions"
            rule += f": 0 to {least - 1}" if least else ""
            way_out = f"correct the numbers, or nodes.<name>.links.{link}.vfs"
            yield Finding("pool-beyond-vfs", path, rule, way_out, pool.links[i])
        elif nodes and not having:
            rule = f"no declared node says that its link {link} has virtual functions"
            way_out = f"set nodes.<name>.links.{link}.vfs, or correct the link's name"
            if known := sorted({other for _, other in there}):
                way_out = f"{way_out}; {did_you_mean(link, known)}"
            yield Finding("pool-of-nothing", path, rule, way_out, pool.links[i], Severity.WARNING)


def _resources(
    networks: Mapping[str, NetworkSettings], pools: Mapping[str, PoolSettings]
) -> Iterator[Finding]:
    for name, network in networks.items():
        resource = readable(lambda n=network: n.resource_name)  # type: ignore[misc]
        plugin = readable(lambda n=network: n.config.main.type)  # type: ignore[misc]
        if resource and plugin in _NEEDS_POOL and resource not in pools:
            rule = (
                "no pool of the add-on sriov is called this; its pods wait for a node that has it"
            )
            path = (stack_key("networks"), name, "resourceName")
            way_out = did_you_mean(resource, pools)
            yield Finding("resource-without-pool", path, rule, way_out, resource, Severity.WARNING)
