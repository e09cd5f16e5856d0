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
        "ib-sriov and ipoib refuse dhcp, and OVN-Kubernetes any: every pod fails. Use what the message"
        " names.",
    ),
    "rdma-twice": warning(
        "rdma after ib-sriov",
        "ib-sriov's own `rdmaIsolation` moves the RDMA device at the right time. rdma finds none"
        " afterwards and fails; without rdmaIsolation it moves the device too late, and the kernel"
        " makes InfiniBand's interface anew on the node (a warning).",
    ),
    "mirror-of-nothing": error(
        "A mirror that copies nothing",
        "ovs-mirror-producer refuses a mirror without `ingress` and `egress`. Set one of them.",
    ),
    "mirror-of-another-bridge": error(
        "A mirror on a bridge where the pod's port is not",
        "The mirror plugins look for the port that ovs has made before them, in the same list, on"
        " the bridge that they name; they fail without. Name the same bridge.",
    ),
    "addresses-unreported": warning(
        "A plugin that hides the pod's addresses",
        "The mirror plugins hand on a result without addresses: the pod has them, `network-status`"
        " does not. Use a network without IPAM for it.",
    ),
    "chain-refused": error(
        "A list with a plugin that stands alone",
        "OVN-Kubernetes' controllers refuse a NAD with a list of several plugins, and its network is"
        " never made. Write the one plugin.",
    ),
    "ovn-option": error(
        "An option of another topology",
        "OVN-Kubernetes refuses the network and never makes it: pods on it stay in"
        " ContainerCreating. Remove the option, or change the topology.",
    ),
    "ovn-subnets": error(
        "Subnets that OVN-Kubernetes refuses",
        "Several stand in one string with commas between them; with layer3 each may end in the"
        " prefix length of a node's part. They do not overlap, and exclusions lie inside them.",
    ),
    "ovn-internal-subnet": warning(
        "A subnet that OVN-Kubernetes uses itself",
        "It refuses networks that overlap its own join, transit and masquerade subnets, unless its"
        " configuration names others. Choose another subnet.",
    ),
    "pool-name": warning(
        "Pools that nv-ipam does not take",
        "It takes one pool or two different ones with a comma between them, and no blanks. With"
        " `forcePoolName` and no pool, only pods that name one themselves start (a warning).",
    ),
    "nad-name-mismatch": error(
        "The configuration names another NetworkAttachmentDefinition",
        "OVN-Kubernetes and Kube-OVN find a network by the name and namespace of its NAD, written"
        " into its configuration; another name is another network, or none. Write this one's.",
    ),
    "another-primarys-plugin": warning(
        "A plugin of another primary CNI",
        "OVN-Kubernetes makes its networks where it is the cluster's primary CNI: without its"
        " daemons the plugin finds nobody to ask, and pods stay in ContainerCreating.",
    ),
    "ovn-network-twice": error(
        "Networks of one name that differ",
        "To OVN-Kubernetes NADs of one `name` are one network, whatever their namespaces; it refuses"
        " one that says something else. Give it another name, or the same configuration.",
    ),
}
