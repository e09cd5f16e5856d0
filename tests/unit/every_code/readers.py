"""More of the same: what names, spellings and whereabouts' controller make of a network."""

from __future__ import annotations

from tests.unit.every_code.networks import BRIDGE, MACVLAN, chain, ipam, macvlan, plugin, two

_SLICED = f"{MACVLAN}, ipam: {{type: whereabouts, range: 10.1.0.0/24, node_slice_size: /26}}"

READERS: dict[str, str] = {
    "type-mistyped": plugin("macvlna  # here"),
    "plugin-and-ipam": plugin("host-local  # here"),
    "default-network-only": chain("- type: cilium-cni  # here", "- {type: someone-elses}"),
    "key-of-ipam": macvlan("ipam: {type: calico-ipam}", "mod: bridge  # here"),
    "key-in-another-case": macvlan("MTU: 1500  # here"),
    "not-a-resource-name": macvlan(more="  resourceName: a/b/c  # here"),
    "not-a-chain-name": chain(
        f"- {{{BRIDGE}}}", "- type: firewall", "  iptablesAdminChainName: MY CHAIN  # here"
    ),
    "node-cut-off": plugin("macvlan", "mode: passthru  # here"),
    "sbr-without-gateway": chain(
        "- {type: bridge, ipam: {type: whereabouts, range: 10.0.0.0/24}}", "- type: sbr  # here"
    ),
    "slices-unsupported": ipam(
        "whereabouts", "range: 10.0.0.0/24", "node_slice_size: /26", "range_end: 10.0.0.9  # here"
    ),
    "slices-unnamed": ipam("whereabouts", "range: 10.0.0.0/24", "node_slice_size: /26  # here"),
    "slices-elsewhere": ipam(
        "whereabouts", "range: 10.0.0.0/24", "network_name: a", "node_slice_size: /26  # here"
    ),
    "slices-blocked": two(f"{MACVLAN}, ipam: {{type: whereabouts, range: 10.2.0.0/24}}", _SLICED),
    "not-a-pool-name": ipam("whereabouts", "range: 10.0.0.0/24", "network_name: My Lan  # here"),
    "not-a-file": ipam(
        "whereabouts", "range: 10.0.0.0/24", "configuration_path: /a/whereabouts.d  # here"
    ),
}
