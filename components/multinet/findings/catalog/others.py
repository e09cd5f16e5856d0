"""Codes of rules of plugins that are not the CNI reference plugins'."""

from multinet.findings.catalog.entry import Entry, error, warning

OTHERS: dict[str, Entry] = {
    "bond-links": error(
        "A bond has too few links",
        "bond refuses a single link, and has no use for one that is named twice. Name two or more"
        " different ones.",
    ),
    "bond-option": error(
        "An option of another bonding mode",
        "bond refuses `tlbDynamicLb` in modes that do not balance by load. Remove it.",
    ),
    "bond-unmonitored": warning(
        "A bond that never looks at its links",
        "With `miimon` 0 the kernel does not notice that a link is dead, and goes on to use it:"
        ' nothing is gained by the second one. Write "100".',
    ),
    "ipam-refused": error(
        "The plugin refuses that IPAM",
        "ib-sriov refuses dhcp, and OVN-Kubernetes any: every pod fails. Use what the message"
        " names.",
    ),
    "rdma-twice": warning(
        "rdma after ib-sriov",
        "ib-sriov's own `rdmaIsolation` moves the RDMA device at the right time. rdma finds none"
        " afterwards and fails; without rdmaIsolation it moves the device too late, and the kernel"
        " makes InfiniBand's interface anew on the node (a warning).",
    ),
    "chain-refused": error(
        "A list with a plugin that stands alone",
        "OVN-Kubernetes' controllers refuse a NAD with a list of several plugins, and its network is"
        " never made. Write the one plugin.",
    ),
    "pool-name": warning(
        "Pools that nv-ipam does not take",
        "It takes one pool or two different ones with a comma between them, and no blanks. With"
        " `forcePoolName` and no pool, only pods that name one themselves start (a warning).",
    ),
}
