"""More of the same: plugins of other projects."""

from __future__ import annotations

from tests.unit.every_code.networks import STATIC, chain, ipam, plugin

_LINKS = "links: [{name: net1}, {name: net2}]"
_OVN = ("topology: layer2", "netAttachDefName: default/lan")


def _ovn_twice() -> str:
    one = "type: ovn-k8s-cni-overlay, name: tenant, topology: layer2, netAttachDefName: default/{}"
    return "\n".join(
        [
            f"lan:\n  config: {{{one.format('lan')}, subnets: 10.1.0.0/24}}",
            "other:\n  config:",
            *(f"    {part}" for part in one.format("other").split(", ") if "name:" not in part),
            "    subnets: 10.2.0.0/24",
            "    name: tenant  # here",
        ]
    )


PROJECTS: dict[str, str] = {
    "bond-links": plugin("bond", "mode: active-backup", "miimon: '100'", "links:  # here", "- {name: net1}"),
    "bond-option": plugin("bond", "mode: active-backup", "miimon: '100'", _LINKS, "tlbDynamicLb: 1  # here"),
    "bond-unmonitored": plugin("bond", "mode: 802.3ad", "miimon: '0'  # here", _LINKS),
    "ipam-refused": plugin("ib-sriov", "ipam:", "  type: dhcp  # here"),
    "rdma-twice": chain("- {type: ib-sriov, deviceID: '0000:3b:00.1'}", "- type: rdma  # here"),
    "mirror-of-nothing": chain(
        "- {type: ovs, bridge: br1}",
        "- type: ovs-mirror-producer",
        "  bridge: br1",
        "  mirrors:",
        "  - name: m  # here",
    ),
    "mirror-of-another-bridge": chain(
        "- {type: ovs, bridge: br1}",
        "- type: ovs-mirror-consumer",
        "  bridge: br2  # here",
        "  mirrors: [{name: m}]",
    ),
    "addresses-unreported": chain(
        f"- {{type: ovs, bridge: br1, {STATIC}}}",
        "- type: ovs-mirror-consumer  # here",
        "  mirrors: [{name: m}]",
    ),
    "chain-refused": chain(
        "- {type: ovn-k8s-cni-overlay, topology: layer2, netAttachDefName: default/lan}",
        "- type: tuning  # here",
        "  mtu: 1400",
    ),
    "ovn-option": plugin("ovn-k8s-cni-overlay", *_OVN, "name: default  # here"),
    "ovn-subnets": plugin(
        "ovn-k8s-cni-overlay",
        "topology: layer3",
        "netAttachDefName: default/lan",
        "subnets: 10.128.0.0/24  # here",
    ),
    "ovn-internal-subnet": plugin("ovn-k8s-cni-overlay", *_OVN, "subnets: 100.64.3.0/24  # here"),
    "ovn-network-twice": _ovn_twice(),
    "pool-name": ipam("nv-ipam", "forcePoolName: true").replace("ipam:", "ipam:  # here"),
    "nad-name-mismatch": plugin(
        "ovn-k8s-cni-overlay", "topology: layer2", "netAttachDefName: other/lan  # here"
    ),
    "another-primarys-plugin": plugin(
        "ovn-k8s-cni-overlay  # here", *_OVN, "subnets: 10.1.0.0/24"
    ),
}  # fmt: skip
