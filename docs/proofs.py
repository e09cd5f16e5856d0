"""How each typed plugin was proven; the reference page shows it, a test holds it to the tests."""

REAL = "attached for real"
WHERE_KERNEL = "attached for real where the kernel has it"
PARSED = "its documented configurations, and its source's rules"

PLUGINS: dict[str, tuple[str, str]] = {
    "bridge": (REAL, "ADD, CHECK, DEL on a node; differential test"),
    "macvlan": (
        REAL,
        "ADD, CHECK, DEL on a node, and in pods, Multus thick and thin; differential test",
    ),
    "ipvlan": (WHERE_KERNEL, "ADD, CHECK, DEL where the kernel has ipvlan, else parse only"),
    "vlan": (WHERE_KERNEL, "ADD, CHECK, DEL where the kernel has 8021q, else parse only"),
    "host-device": (REAL, "ADD, CHECK, DEL on a node with a veth as the device; differential test"),
    "ptp": (REAL, "ADD, CHECK, DEL on a node; differential test"),
    "dummy": (WHERE_KERNEL, "ADD, CHECK, DEL where the kernel has dummy, else parse only"),
    "loopback": (REAL, "ADD, CHECK, DEL on a node"),
    "tap": (REAL, "ADD, CHECK, DEL on a node; differential test"),
    "sriov": (PARSED, "needs a card with virtual functions"),
    "ovs": (PARSED, "needs a running Open vSwitch"),
    "bandwidth": (REAL, "chained after ptp; differential test"),
    "portmap": (REAL, "chained after ptp; differential test"),
    "tuning": (REAL, "chained after ptp: MTU, MAC and promiscuous mode seen; differential test"),
    "sbr": (REAL, "chained after macvlan and ptp: rules and tables seen, and their removal"),
    "vrf": (WHERE_KERNEL, "chained after ptp where the kernel has vrf, else parse only"),
    "firewall": (REAL, "chained after ptp"),
    "route-override": (
        PARSED,
        "attached for real where MULTINET_CNI_PLUGINS names its directory: routes seen",
    ),
    "bond": (
        PARSED,
        "attached for real where the kernel has bonding and MULTINET_CNI_PLUGINS names its"
        " directory; without the kernel's, its refusals, and its loader in a differential test",
    ),
    "cnv-bridge": (REAL, "as bridge: the program is the same"),
    "cnv-tuning": (REAL, "as tuning: the program is the same"),
    "coordinator": (PARSED, "needs Spiderpool's agent"),
    "ib-sriov": (
        PARSED,
        "needs an InfiniBand card; its loader in a differential test where MULTINET_CNI_PLUGINS"
        " names its directory",
    ),
    "ipoib": (PARSED, "needs an InfiniBand card"),
    "ifacer": (PARSED, "needs Spiderpool"),
    "kube-ovn": (PARSED, "needs Kube-OVN"),
    "macvtap": (
        PARSED,
        "attached for real where MULTINET_CNI_PLUGINS names its directory, its loader in a"
        " differential test",
    ),
    "ovn-k8s-cni-overlay": (PARSED, "needs OVN-Kubernetes"),
    "ovs-mirror-consumer": (PARSED, "needs a running Open vSwitch"),
    "ovs-mirror-producer": (PARSED, "needs a running Open vSwitch"),
    "rdma": (
        PARSED,
        "needs a card with RDMA; its loader in a differential test where MULTINET_CNI_PLUGINS names"
        " its directory",
    ),
}

IPAM: dict[str, tuple[str, str]] = {
    "host-local": (REAL, "addresses, routes and their removal seen; differential test"),
    "static": (REAL, "the declared addresses seen; differential test"),
    "dhcp": (
        REAL,
        "ADD, CHECK, DEL with its daemon and a DHCP server: lease, routes and options seen",
    ),
    "whereabouts": (
        REAL,
        "in pods, Multus thick: its books, a range to its end, addresses freed; its loader and"
        " allocator in a differential test",
    ),
    "kube-ovn": (PARSED, "needs Kube-OVN"),
    "nv-ipam": (
        PARSED,
        "needs its controller and node daemon; its loader in a differential test where"
        " MULTINET_CNI_PLUGINS names its directory",
    ),
    "spiderpool": (PARSED, "needs Spiderpool's agent"),
}
