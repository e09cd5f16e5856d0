"""Codes of attaching a pod to networks."""

from multinet.findings.catalog.entry import Entry, error

ATTACHMENTS: dict[str, Entry] = {
    "nothing-to-attach": error(
        "No network is named",
        "Multus refuses an empty annotation, and the pod does not start. Name a network, or"
        " leave the annotation out.",
    ),
    "not-a-reference": error(
        "Not a network's name or namespace",
        "Multus refuses the annotation and the pod does not start. Names are lower case letters,"
        " digits and `-`: [namespace/]name[@interface].",
    ),
    "interface-taken": error(
        "An interface name is taken",
        "Two attachments, or one and the primary network, cannot have one interface; the second"
        " fails and with it the pod. Those without a name get net1, net2 … by position.",
    ),
    "default-route-twice": error(
        "More than one default route",
        "One attachment of a pod can have the default route, with one gateway of each IP family;"
        " Multus otherwise refuses the pod, or leaves the winner to chance. Keep one.",
    ),
    "not-a-guid": error(
        "Not an InfiniBand GUID",
        "Multus refuses the annotation, or the plugin the GUID, and the pod does not start. Write"
        " eight octets with colons, like 24:8a:07:03:00:8d:ae:2e.",
    ),
    "pod-link-missing": error(
        "The pod lacks the interface that a network works on",
        "A bond with `linksInContainer`, or a macvlan on `net1`, takes an interface that another"
        " network has made in the pod. Multus attaches in the annotation's order: name that"
        " network before.",
    ),
    "not-a-port": error(
        "Not a port number",
        "portmap refuses the pod, which does not start. Ports are numbers from 1 to 65535.",
    ),
    "ips-and-claim": error(
        "Addresses from two sources",
        "Multus refuses `ips` together with an IPAMClaim. Keep one of them.",
    ),
    "capability-undeclared": error(
        "The network does not declare what is asked",
        "libcni drops port mappings, bandwidth and GUIDs that a network does not declare in"
        " `capabilities`, without a word: the pod starts without them. Declare it on the plugin"
        " that serves it. Addresses and MAC addresses need no capability.",
    ),
    "mac-without-effect": error(
        "Nobody sets the requested MAC address",
        "bridge, macvlan, tap, sriov, ovs and tuning take a MAC address that a pod asks for; ipvlan,"
        " vlan, ptp, host-device and dummy do not, and the pod starts with another. Add tuning after"
        " them.",
    ),
    "namespace-isolated": error(
        "The pod may not use that namespace's networks",
        "With namespace isolation Multus refuses networks outside the pod's namespace and the"
        " global ones, and the pod does not start. Naming globalNamespaces replaces Multus's own"
        " default.",
    ),
    "wrong-namespace": error(
        "The network is in another namespace",
        "Without a namespace Multus looks in the pod's own and fails to find the network. Write"
        " namespace/name.",
    ),
    "ip-without-prefix": error(
        "The IPAM needs a prefix length",
        "static and whereabouts read requested addresses as CIDR and fail on a bare one. Add the"
        " prefix length.",
    ),
    "ip-outside-ranges": error(
        "An address that the network does not hand out",
        "host-local refuses an address outside its ranges and the gateway's, and the pod fails."
        " Choose one of a range.",
    ),
    "too-many-ips": error(
        "host-local takes one requested address",
        "Multus v4.3 also passes the addresses as one CNI argument, joined by commas, which"
        " host-local cannot read: the pod fails. Ask for one, or use static.",
    ),
    "ips-without-effect": error(
        "Nobody hands out the requested address",
        "Without an IPAM, or with dhcp, a requested address is ignored and the pod starts"
        " without it. Use static, host-local or whereabouts.",
    ),
    "network-not-published": error(
        "The other stack has no such network",
        "A pod attaches to networks of another stack by the names in that stack's output"
        " `networks`. The message lists them; a network that was just declared is there after that"
        " stack's next update.",
    ),
    "no-common-node": error(
        "No node can serve all of a pod's networks",
        "Their nodeSelectors want different values of one label, so `affinity` would keep the pod from"
        " every node.",
    ),
    "not-an-output": error(
        "Not the networks of a multinet stack",
        "attach_from takes a StackReference, or the value of the other stack's output `networks`."
        " `pulumi stack output networks` shows it; it is there after the stack's first update.",
    ),
}
