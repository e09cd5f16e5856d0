"""For each code of the other sections: what stands below `config:`, `# here` at what is told."""

from __future__ import annotations

KEY = '"-----BEGIN OPENSSH PRIVATE KEY-----"'


def section(name: str, *lines: str, more: str = "") -> str:
    return "\n".join([f"multinet:{name}:", *(f"  {line}" for line in lines), more])


def calico(*lines: str, more: str = "") -> str:
    return section("primaryCni", "plugin: calico", *lines, more=more)


def cilium(*lines: str, more: str = "") -> str:
    return section("primaryCni", "plugin: cilium", *lines, more=more)


def existing(*lines: str, file: str = "10-x.conflist") -> str:
    return section("primaryCni", "plugin: existing", f"confFile: {file}", *lines)


def multus(*lines: str) -> str:
    return section("multus", *lines)


def node(*lines: str, more: str = "") -> str:
    return section("nodes", "n1:", *(f"  {line}" for line in lines), more=more)


def lan(*lines: str) -> str:
    config = ('cniVersion: "1.0.0"', *lines)
    return section("networks", "lan:", "  config:", *(f"    {line}" for line in config))


def pool(*lines: str) -> str:
    return section(
        "addons", "sriov:", "  pools:", "    a.example/b:", *(f"      {line}" for line in lines)
    )


MULTUS = {
    "not-a-registry": multus("registry: https://registry.example.org  # here"),
    "registry-without-host": multus("registry: mirror/team  # here"),
    "not-a-file-name": existing(file="../10-x.conflist  # here"),
    "not-a-directory": multus("cniConfDir: etc/cni  # here"),
    "not-a-quantity": multus("resources:", "  limits:", "    memory: lots  # here"),
    "cpu-limit": multus("resources:", "  limits:", "    cpu: 100m  # here"),
    "registry-and-image": multus("image: ghcr.io/x/multus:v4.3.0-thick", "registry: r.example.org  # here"),
    "moving-tag": multus("image: ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot-thick  # here"),
    "not-an-image": multus("image: ghcr.io/X:v1  # here"),
    "image-mode": multus("image: registry.example.org/own/multus:v4.3.0  # here"),
    "namespaces-not-isolated": multus("namespaceIsolation: false  # here"),
    "secret-in-plain": multus(f"logLevel: {KEY}  # here"),
    "secret-unencrypted": node(f"privateKey: {KEY}  # here"),
    "cilium-exclusive": cilium("cilium:", "  exclusive: true  # here"),
}  # fmt: skip

ADDONS = {
    "plugin-of-the-runtime": section("addons", "cniPlugins:", "  plugins:", "  - loopback  # here"),
    "plugins-brought-twice": node(
        "cniPlugins:",
        "  source: mirror  # here",
        "  url: https://mirror.example.org",
        more="multinet:addons: {cniPlugins: true}",
    ),
    "not-a-schedule": section("addons", "whereabouts:", "  schedule: 30 4 * *  # here"),
    "dynamic-networks-without-daemon": section(
        "addons", "dynamicNetworks: true  # here", more=section("multus", "mode: thin")
    ),
    "not-a-socket": section("addons", "dynamicNetworks:", "  criSocket: /crio.sock  # here"),
    "no-pools": section("addons", "sriov:", "  pools: {}  # here"),
    "not-a-driver": pool("links: [ens1f0]", "drivers:", "- vfio pci  # here"),
    "not-a-pci-id": pool("devices:", '- "0x154c"  # here'),
    "not-an-extended-resource": section(
        "addons", "sriov:", "  pools:", "    fast:  # here", "      links: [a]"
    ),
    "not-functions": pool("links:", "- ens1f0#3-0  # here"),
    "pool-beyond-vfs": node(
        "links: {ens1f0: {vfs: 4}}", more=pool("links:", "- ens1f0#0-4  # here")
    ),
    "pool-of-everything": section("addons", "sriov:", "  pools:", "    a.example/b: {}  # here"),
    "pool-of-nothing": node("lost: false", more=pool("links:", "- ens1f0  # here")),
    "resource-without-pool": section(
        "networks",
        "lan:",
        "  resourceName: a.example/c  # here",
        '  config: {cniVersion: "1.0.0", type: sriov}',
        more=pool("links: [ens1f0]"),
    ),
    "pools-overlap": section(
        "addons",
        "sriov:",
        "  pools:",
        "    a.example/a: {links: [ens1f0]}",
        "    a.example/b: {links: [ens1f0]}  # here",
    ),
    "not-a-reference-plugin": section("addons", "cniPlugins:", "  plugins:", "  - macvlna  # here"),
}

PRIMARY = {
    "cidr-host-bits": calico("podCidrs:", "- 10.1.2.3/16  # here"),
    "other-plugins-options": calico("cilium: {}  # here"),
    "conf-file-missing": "multinet:primaryCni:  # here\n  plugin: existing",
    "no-effect-on-existing": existing("registry: mirror.example.org  # here"),
    "existing-cilium-exclusive": existing(file="05-cilium.conflist  # here"),
    "nothing-to-adopt": cilium("adopt: {plugin: cilium}  # here"),
    "cidrs-overlap": calico("podCidrs: [10.0.0.0/14]", "serviceCidrs:", "- 10.2.0.0/16  # here"),
    "service-family-without-pods": calico("serviceCidrs:", '- "fd00:9::/112"  # here'),
    "pod-cidr-too-small": calico("podCidrs:", "- 10.9.0.0/27  # here"),
    "pod-cidr-too-large": cilium("serviceCidrs: []", "podCidrs:", '- "fd00::/64"  # here'),
    "one-node-only": cilium("podCidrs:", "- 10.9.0.0/24  # here"),
    "too-few-node-shares": cilium(
        "podCidrs:  # here", "- 10.9.0.0/23", more=section("nodes", "a: {}", "b: {}", "c: {}")
    ),
    "mtu-too-small": calico("mtu: 100  # here"),
    "mtu-set-by-cilium": lan("type: bridge", "mtu: 9000  # here")
    + section("primaryCni", "plugin: cilium", "version: 1.19.4"),
    "ipip-without-bgp": calico("calico:", "  encapsulation: IPIP  # here"),
    "unencapsulated-without-bgp": calico("calico:", '  encapsulation: "None"  # here'),
    "ipip-on-ipv6": calico(
        'podCidrs: ["fd00:10::/112"]',
        "serviceCidrs: []",
        "calico:",
        "  bgp: true",
        "  encapsulation: IPIP  # here",
    ),
    "dataplane-unknown": calico("version: v3.28.5", "calico:", "  dataplane: Nftables  # here"),
    "directories-unknown": calico(
        "version: v3.30.0  # here", more=section("multus", "distribution: k3s")
    ),
    "native-routing-cidr-missing": cilium("cilium:", "  routingMode: native  # here"),
    "wrong-family": cilium("cilium:", '  nativeRoutingCidr: "fd00::/64"  # here'),
    "direct-routes-with-tunnel": cilium("cilium:", "  autoDirectNodeRoutes: true  # here"),
    "api-server-unknown": cilium("cilium:", "  kubeProxyReplacement: true  # here"),
    "api-server-on-loopback": multus("apiServer:", "  host: localhost  # here"),
    "cidr-covers-node": calico(
        "podCidrs:", "- 10.9.0.0/16  # here", more=section("nodes", "n1: {host: 10.9.0.5}")
    ),
    "not-a-repository": calico("chart:", "  repository: ftp://x  # here"),
    "insecure-repository": calico("chart:", "  repository: http://charts.example.org  # here"),
    "not-a-version": calico("version: latest  # here"),
    "version-too-old": cilium("version: 1.14.9  # here"),
    "version-not-tried": cilium("version: 1.16.4  # here"),
    "crds-chart-missing": calico(
        "version: v3.32.1", "chart:  # here", "  path: /charts/tigera-operator"
    ),
    "crds-chart-unused": calico("chart:", "  path: /charts/a", "  crdsPath: /charts/b  # here"),
    "values-conflict": cilium("values:", "  cni:", "    confPath: /etc/elsewhere  # here"),
    "values-change-every-time": cilium(
        "values:", "  hubble:", "    tls:", "      auto:", "        method: helm  # here"
    ),
    "image-without-digest": cilium("values:", "  image:", "    useDigest: false  # here"),
    "privileges-widened": cilium("values:", "  securityContext:", "    privileged: true  # here"),
}

NODES = {
    "not-a-node-name": section("nodes", "Node_1: {}  # here"),
    "not-a-sysctl": node("sysctls:", "  bad: '1'  # here"),
    "link-keys": node("links:", "  eth0:", "    vlan: 5  # here"),
    "link-loop": node(
        "links:",
        "  a.1: {kind: vlan, vlan: 1, parent: a.2}",
        "  a.2:",
        "    kind: vlan",
        "    vlan: 2",
        "    parent: a.1  # here",
    ),
    "links-too-deep": node(
        "links:",
        *(f"  l{i}: {{kind: vlan, vlan: {i + 1}, parent: l{i - 1}}}" for i in range(1, 9)),
        "  l9:",
        "    kind: vlan",
        "    vlan: 1",
        "    parent: l8  # here",
    ),
    "plugins-source": node("cniPlugins:", "  archive: /a.tgz  # here"),
    "plugins-checksum": node(
        "cniPlugins:  # here",
        "  source: mirror",
        "  url: https://m.example.org",
        "  version: v1.0.0",
    ),
    "local-node-dialled": node("local: true", "host: 192.0.2.1  # here"),
    "mtu-above-parent": node("links: {eth0: {mtu: 1500}}")
    + lan(
        "type: macvlan",
        "master: eth0",
        "mtu: 9000  # here",
    ),
    "nodes-own-subnet": node("host: 10.9.0.7")
    + lan(
        "type: macvlan",
        "master: eth0",
        "ipam:",
        "  type: whereabouts",
        "  range: 10.9.0.0/24  # here",
    ),
    "vlan-without-filtering": node("links: {eth1: {}, br1: {kind: bridge, ports: [eth1]}}")
    + lan("type: bridge", "bridge: br1", "vlan: 100  # here"),
    "not-a-bridge": node("links: {br1: {kind: bridge, ports: [eth1]}}")
    + lan("type: bridge", "bridge: eth1  # here"),
    "master-is-a-port": node("links: {br1: {kind: bridge, ports: [eth1]}}")
    + lan("type: macvlan", "master: eth1  # here"),
    "link-taken": section(
        "networks",
        "macs:",
        "  config:",
        '    cniVersion: "1.0.0"',
        "    type: macvlan  # here",
        "    master: eth1",
        'moved: {config: {cniVersion: "1.0.0", type: host-device, device: eth1}}',
    ),
    "blocks-too-few": section("nodes", *(f"n{i}: {{}}" for i in range(5)))
    + section(
        "networks",
        "lan:",
        "  config:",
        '    cniVersion: "1.0.0"',
        "    type: macvlan",
        "    ipam: {type: host-local, subnet: 10.0.0.0/24}",
        "  perNode: {blockSize: 26}  # here",
    ),
    "too-few-slices": section("nodes", *(f"n{i}: {{}}" for i in range(5)))
    + lan(
        "type: macvlan",
        "ipam:",
        "  type: whereabouts",
        "  network_name: a",
        "  range: 10.0.0.0/24",
        "  node_slice_size: /26  # here",
    ),
    "whereabouts-file-elsewhere": multus("distribution: k3s")
    + lan("type: macvlan", "ipam:", "  type: whereabouts  # here", "  range: 10.0.0.0/24"),
    "key-of-some-nodes": section(
        "nodes",
        "a: {host: 192.0.2.1, privateKey: {secure: v1:x}}",
        "b: {host: 192.0.2.2, privateKey: {secure: v1:x}}",
        "c: {host: 192.0.2.3}  # here",
    ),
}

IGNORES = {
    "ignore-unused": section("ignore", "cpu-limit: there was one  # here"),
}

SECTIONS: dict[str, str] = MULTUS | ADDONS | PRIMARY | NODES | IGNORES

FILES: dict[str, str] = {
    "file-not-yaml": "config: [oops\nmore: x  # here\n",
    "file-empty": "",
    "file-not-a-stack": "- 1\n",
    "file-too-large": "config:\n  a: [" + "1, " * 500_001 + "]\n",
    "config-too-large": "config:\n  multinet:networks:  # here\n"
    + "".join(
        f"    n{i}: {{config: {{type: bridge, cniVersion: 1.0.0, bridge: b{i}}},"
        f" annotations: {{a: {'x' * 400}}}}}\n"
        for i in range(400)
    ),
}
"""Whole files, told of at no line unless one is marked."""

ELSEWHERE: dict[str, str] = {
    "file-not-readable": "there is no file to show it in; see test_validate",
    "must-be-known": "of a program's own outputs; see typed/",
    "known-later": "of a program's own outputs; see test_own_programs",
    "per-node-undelivered": "of a program's own networks; see networks/test_per_node_alone",
    "no-addresses": "told by attach alone: what a pod asks for",
}
"""Codes that no stack file can show, and why."""
