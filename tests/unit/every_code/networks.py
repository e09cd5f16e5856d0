"""For each code of a network's: networks that show it, `# here` at the line that is told.

The text is what stands below `multinet:networks`.
"""

from __future__ import annotations

MACVLAN = 'cniVersion: "1.0.0", type: macvlan, master: eth0'
BRIDGE = "type: bridge, ipam: {type: host-local, subnet: 10.0.0.0/24}"


def one(*lines: str, more: str = "") -> str:
    """A network `lan` with these lines of configuration, and lines beside it."""
    return "\n".join(["lan:", "  config:", *(f"    {line}" for line in lines), more])


def macvlan(*lines: str, more: str = "") -> str:
    return one('cniVersion: "1.0.0"', "type: macvlan", "master: eth0", *lines, more=more)


def ipam(kind: str, *lines: str) -> str:
    return macvlan("ipam:", f"  type: {kind}", *(f"  {line}" for line in lines))


def chain(*plugins: str) -> str:
    return one('cniVersion: "1.0.0"', "plugins:", *plugins)


def plugin(kind: str, *lines: str) -> str:
    return one('cniVersion: "1.0.0"', f"type: {kind}", *lines)


def two(first: str, second: str) -> str:
    """Networks `lan` and `other`, each of one line of configuration; told of the second."""
    return f"lan:\n  config: {{{first}}}\nother:\n  config: {{{second}}}  # here"


STATIC = "ipam: {type: static, addresses: [{address: 10.0.0.5/24}]}"

FORM = {
    "unknown-key": macvlan("mod: bridge  # here"),
    "missing-key": "lan:  # here\n  namespace: default",
    "config-and-per-node": macvlan(more="  perNode: provided  # here"),
    "blocks-of-nothing": macvlan(
        "ipam: {type: whereabouts, range: 10.0.0.0/24}", more="  perNode: {blockSize: 28}  # here"
    ),
    "block-size": macvlan(
        "ipam: {type: host-local, subnet: 10.0.0.0/24}", more="  perNode: {blockSize: 20}  # here"
    ),
    "same-on-every-node": macvlan(
        more="  perNode:\n    nodes:\n      a:\n        type: ipvlan  # here"
    ),
    "per-node-too-large": macvlan(
        "ipam: {type: host-local, subnet: 10.0.0.0/8}",
        more="  perNode:\n    blockSize: 28\n    nodes:  # here\n"
        + "\n".join(f"      n{i}: {{master: eth{i}}}" for i in range(5000)),
    ),
    "name-on-nodes": macvlan(
        "name: wan  # here",
        "ipam: {type: host-local, subnet: 10.0.0.0/24}",
        more="  perNode: {blockSize: 28}",
    ),
    "wrong-type": macvlan('mtu: "1500"  # here'),
    "unknown-value": macvlan("mode: brige  # here"),
    "wrong-value": macvlan("mtu: 70000  # here"),
    "duplicate-key": macvlan("mtu: 1500", "mtu: 9000  # here"),
    "unknown-code": macvlan(more="  ignore:\n    default-rout: why  # here"),
    "cannot-ignore-error": macvlan(more="  ignore:\n    ranges-overlap: why  # here"),
    "reason-missing": macvlan(
        "ipam: {type: host-local, subnet: 10.0.0.0/24}",
        more='  ignore:\n    host-local-on-shared-l2: ""  # here',
    ),
    "not-a-dns-label": f"a.b:  # here\n  config: {{{MACVLAN}}}",
    "not-a-label": macvlan(more="  labels:\n    -x: value  # here"),
    "not-a-configuration": "lan:\n  config: [1]  # here",
    "not-json": 'lan:\n  config: \'{"type": "macvlan",}\'  # here',
    "not-a-json-value": macvlan("mtu: .inf  # here"),
    "too-large": f'lan:\n  config: \'{{"type": "{"x" * 1_000_001}"}}\'  # here',
    "too-deep": f"lan:\n  config: {{type: mine, x: {'[' * 60}1{']' * 60}}}  # here",
    "missing-type": one('cniVersion: "1.0.0"', "master: eth0").replace(
        "config:", "config:  # here"
    ),
    "type-with-slash": plugin("bin/macvlan  # here"),
    "type-refused": plugin("multus  # here"),
    "type-beside-plugins": one("type: macvlan  # here", f"plugins: [{{{MACVLAN}}}]"),
    "misplaced-key": chain("- {type: macvlan, master: eth0}") + "    ipam: {type: dhcp}  # here",
    "no-plugins": chain("  []").replace("plugins:", "plugins:  # here"),
    "reserved-key": macvlan("prevResult: {}  # here"),
    "not-a-network-name": macvlan('name: "-x"  # here'),
    "unknown-cni-version": one('cniVersion: "9.0.0"  # here', "type: macvlan", "master: eth0"),
    "cni-version-too-old": one(
        'cniVersion: "0.3.0"',
        "plugins:",
        "- {type: macvlan}",
        "- type: vrf  # here",
        "  vrfname: a",
    ),
    "cni-version-too-new": one(
        'cniVersion: "1.1.0"',
        "plugins:",
        f"- {{{BRIDGE}}}",
        "- type: route-override  # here",
        "  flushroutes: true",
    ),
    "old-cni-version": one(
        'cniVersion: "0.2.0"  # here',
        "type: bridge",
        "ipam: {type: host-local, subnet: 10.0.0.0/24}",
    ),
    "chained-plugin-first": plugin("portmap  # here"),
    "second-interface": chain("- {type: macvlan, master: eth0}", "- type: macvlan  # here"),
    "ipam-missing": plugin("dummy").replace("config:", "config:  # here"),
    "ipam-without-type": macvlan("ipam:  # here", "  subnet: 10.0.0.0/24"),
    "no-effect": plugin("host-device", "device: eth1", "pciBusID: 0000:3d:00.1  # here"),
    "unknown-capability": macvlan("capabilities:", "  portmappings: true  # here"),
}

ADDRESSES = {
    "not-an-address": ipam("host-local", "subnet: 10.0.0.0/24", "gateway: 10.0.0.1/24  # here"),
    "not-a-cidr": ipam("host-local", "subnet: 10.0.0.0  # here"),
    "not-a-range": ipam("whereabouts", "range: 10.0.0.1-10.0.0.9  # here"),
    "not-a-prefix-length": ipam(
        "whereabouts", "range: 10.0.0.0/24", "node_slice_size: small  # here"
    ),
    "address-outside-subnet": ipam(
        "host-local", "subnet: 10.0.0.0/24", "rangeStart: 10.0.1.5  # here"
    ),
    "range-order": ipam(
        "host-local", "subnet: 10.0.0.0/24", "rangeStart: 10.0.0.9  # here", "rangeEnd: 10.0.0.5"
    ),
    "range-exhausted": ipam("host-local", "subnet: 10.0.0.0/24  # here", "rangeEnd: 10.0.0.1"),
    "range-small": ipam("whereabouts", "range: 10.0.0.0/29  # here"),
    "subnet-host-bits": ipam("host-local", "subnet: 10.0.0.1/24  # here"),
    "subnet-too-small": ipam("host-local", "subnet: 10.0.0.0/31  # here"),
    "mixed-families": ipam(
        "host-local", "ranges:", "- - {subnet: 10.0.0.0/24}", '  - subnet: "fd00::/64"  # here'
    ),
    "no-ranges": ipam("whereabouts", "log_level: debug").replace("ipam:", "ipam:  # here"),
    "ranges-overlap-inside": ipam(
        "host-local", "ranges:", "- - {subnet: 10.0.0.0/24}", "- - subnet: 10.0.0.128/25  # here"
    ),
    "slice-larger-than-range": ipam(
        "whereabouts", "range: 10.0.0.0/24", "node_slice_size: /16  # here"
    ),
    "gateway-outside-subnet": ipam(
        "host-local", "subnet: 10.0.0.0/24", "gateway: 10.9.0.1  # here"
    ),
    "gateway-handed-out": ipam(
        "whereabouts", "range: 30.30.30.0/28", "gateway: 30.30.30.1  # here"
    ),
    "gateway-missing": plugin("ptp", STATIC + "  # here"),
    "gateway-unusable": plugin(
        "ptp",
        "ipam:  # here",
        "  type: static",
        '  addresses: [{address: 10.0.0.5/24, gateway: "fd00::1"}]',
    ),
    "duplicate-address": ipam(
        "static", "addresses:", "- address: 10.0.0.5/24", "- address: 10.0.0.5/24  # here"
    ),
    "multicast-address": ipam("static", "addresses:", '- address: "ff02::5/64"  # here'),
    "route-host-bits": ipam(
        "host-local", "subnet: 10.0.0.0/24", "routes:", "- dst: 10.1.0.1/16  # here"
    ),
    "route-gateway-family": ipam(
        "host-local",
        "subnet: 10.0.0.0/24",
        "routes:",
        "- dst: 10.1.0.0/16",
        '  gw: "fd00::1"  # here',
    ),
    "route-gateway-unreachable": ipam(
        "host-local",
        "subnet: 10.0.0.0/24",
        "routes:",
        "- dst: 10.1.0.0/16",
        "  gw: 10.2.0.1  # here",
    ),
    "route-scope": ipam(
        "host-local", "subnet: 10.0.0.0/24", "routes:", "- dst: 10.1.0.0/16", "  scope: 253  # here"
    ),
    "duplicate-route": ipam(
        "host-local",
        "subnet: 10.0.0.0/24",
        "routes:",
        "- dst: 10.1.0.0/16",
        "- dst: 10.1.0.0/16  # here",
    ),
    "mtu-out-of-range": macvlan("mtu: 60  # here"),
    "mtu-too-small-for-ipv6": macvlan(
        "mtu: 1200  # here", 'ipam: {type: host-local, subnet: "fd00::/64"}'
    ),
    "lease-kept": plugin("bridge", "ipam:", "  type: dhcp  # here"),
    "unknown-dhcp-option": ipam("dhcp", "request:", "- option: hostname  # here"),
}

PLUGINS = {
    "not-a-mac": macvlan('mac: "03:00:00:00:00:01"  # here'),
    "not-an-interface-name": one("type: macvlan", "master: eth 0  # here"),
    "not-a-pci-address": plugin("host-device", "pciBusID: 3d:00.1  # here"),
    "not-a-kernel-path": plugin("host-device", "kernelpath: /dev/eth1  # here"),
    "not-a-net-sysctl": chain(
        "- {type: macvlan, master: eth0}", "- type: tuning", "  sysctl: {kernel.x: '1'}  # here"
    ),
    "options-exclude-each-other": plugin(
        "bridge", "hairpinMode: true", "promiscMode: true  # here"
    ),
    "trunk-range": plugin("ovs", "bridge: br1", "trunk:", "- minID: 5  # here", "- id: 7"),
    "bridge-name-too-long": plugin(
        "bridge",
        "bridge: a-long-bridge1  # here",
        "vlan: 100",
        "isGateway: true",
        "ipam: {type: host-local, subnet: 10.0.0.0/24}",
    ),
    "vlan-missing": plugin("sriov", "vlanQoS: 5  # here"),
    "rate-order": plugin(
        "sriov",
        "min_tx_rate: 200  # here",
        "max_tx_rate: 100",
    ),
    "rate-without-burst": chain(
        f"- {{{BRIDGE}}}", "- type: bandwidth", "  ingressRate: 1000  # here"
    ),
    "burst-too-large": chain(
        f"- {{{BRIDGE}}}",
        "- type: bandwidth",
        "  ingressRate: 1000",
        "  ingressBurst: 99999999999  # here",
    ),
    "bandwidth-without-veth": chain(
        "- {type: macvlan, master: eth0}",
        "- type: bandwidth  # here",
        "  capabilities: {bandwidth: true}",
    ),
    "portmap-backend": chain(
        f"- {{{BRIDGE}}}",
        "- type: portmap  # here",
        "  conditionsV4: [ip, daddr, 10.0.0.1]",
    ),
    "sbr-without-addresses": chain("- {type: macvlan, master: eth0}", "- type: sbr  # here"),
    "sbr-twice": chain(f"- {{{BRIDGE}}}", "- type: sbr", "- type: sbr  # here"),
    "sbr-table-taken": chain(
        "- type: macvlan",
        "  ipam:",
        "    type: host-local",
        "    subnet: 10.0.0.0/24",
        "    routes: [{dst: 0.0.0.0/0, table: 100}]",
        "- type: sbr  # here",
    ),
    "sbr-table-zero": chain(
        '- {type: macvlan, ipam: {type: host-local, subnet: "fd00::/64"}}',
        "- type: sbr",
        "  table: 0  # here",
    ),
    "firewall-without-bridge": chain(
        "- {type: macvlan, master: eth0}", "- type: firewall", "  ingressPolicy: isolated  # here"
    ),
    "route-without-gateway": chain(
        f"- {{{BRIDGE}}}", "- type: route-override", "  addroutes:", "  - dst: 10.9.0.0/16  # here"
    ),
    "ovs-without-bridge": plugin("ovs", "mtu: 1500").replace("config:", "config:  # here"),
    "device-missing": plugin("sriov", "vlan: 5").replace("config:", "config:  # here"),
}

_POOL = "ipam: {type: host-local, subnet: 10.0.0.0/24}"
_OTHER_POOL = "ipam: {type: host-local, subnet: 10.1.0.0/24}"
_OTHER_STATIC = "ipam: {type: static, addresses: [{address: 10.0.0.6/24}]}"
_VLAN = "type: vlan, master: eth0, vlanId: 5"
_GATEWAY = "type: bridge, isGateway: true, forceAddress: true"

ACROSS = {
    "ranges-overlap": two(f"{MACVLAN}, {_POOL}", f"{MACVLAN}, {_POOL}"),
    "address-in-two-networks": two(f"{MACVLAN}, {STATIC}", f"{MACVLAN}, {STATIC}"),
    "subnet-on-two-segments": two(f"{MACVLAN}, {_POOL}", f"type: macvlan, master: eth1, {_POOL}"),
    "subnet-in-cluster": ipam("host-local", "subnet: 10.233.0.0/24  # here"),
    "host-local-on-shared-l2": macvlan(
        "ipam:", "  type: host-local  # here", "  subnet: 10.0.0.0/24"
    ),
    "whereabouts-not-brought": macvlan(
        "ipam:", "  type: whereabouts  # here", "  range: 10.0.0.0/24"
    ),
    "dhcp-daemon-not-brought": macvlan("ipam:", "  type: dhcp  # here"),
    "default-route": ipam(
        "whereabouts", "range: 10.0.0.0/24", "routes:", "- dst: 0.0.0.0/0  # here"
    ),
    "vlan-taken": two(f"{_VLAN}, {STATIC}", f"{_VLAN}, {_OTHER_STATIC}"),
    "bridge-has-two-gateways": two(f"{_GATEWAY}, {_POOL}", f"{_GATEWAY}, {_OTHER_POOL}"),
    "link-used-twice": two(f"{MACVLAN}, {STATIC}", f"type: ipvlan, master: eth0, {_OTHER_STATIC}"),
}

NETWORKS: dict[str, str] = FORM | ADDRESSES | PLUGINS | ACROSS
