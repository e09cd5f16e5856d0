"""Codes of findings across networks and about the rest of the stack."""

from multinet.findings.catalog.entry import Entry, error, warning

ACROSS: dict[str, Entry] = {
    "ranges-overlap": error(
        "Two networks hand out the same address on one segment",
        "Each keeps its own books, so sooner or later two pods have one address and both lose"
        " packets. Networks share books if host-local has the same CNI name and dataDir, or if"
        " both use whereabouts. Networks of different nodes (nodeSelector) share a NIC's segment,"
        " but not a bridge without an uplink. Give each its own part of the subnet.",
    ),
    "address-in-two-networks": warning(
        "Two networks have the same fixed address",
        "static does not look who has it: pods of both at a time disturb each other. Harmless if"
        " they never run together.",
    ),
    "subnet-on-two-segments": warning(
        "The same subnet on different segments",
        "A pod on both has two routes to it and uses the first, whichever that is; a pod on one"
        " is fine. If the segments are in truth the same, the ranges may overlap as well. Use"
        " different subnets.",
    ),
    "subnet-in-cluster": error(
        "The subnet covers pods' or services' addresses",
        "A pod on this network gets a route to the subnet over it, so what it sends to pods or"
        " services in that range no longer arrives; DNS usually goes first. Choose a subnet"
        " outside of podCidrs and serviceCidrs.",
    ),
    "host-local-on-shared-l2": warning(
        "host-local where several nodes share the segment",
        "host-local's books are per node: two nodes hand out the same addresses, and pods on"
        " different nodes collide. Use whereabouts or dhcp, or give each node a range of its own"
        " and select nodes. Harmless with a single node. Told once where several networks share the"
        " cause, and not of networks that stay on one node.",
    ),
    "whereabouts-not-brought": warning(
        "A network needs whereabouts, and nobody is known to bring it",
        "Its plugin, a configuration and a credential have to be on every node, its kinds and its"
        " reconciler in the cluster; until then pods on the network wait. `whereabouts: true` under"
        " `multinet:addons` brings all of it, `false` says that others do. Told once where several"
        " networks share the cause, and not where every declared node lists it as `provided`.",
    ),
    "dhcp-daemon-not-brought": warning(
        "A network needs a dhcp daemon, and nobody is known to run it",
        "Leases are kept by `dhcp daemon` on each node; without it pods on the network wait."
        " `dhcpDaemon: true` under `multinet:addons` runs it, `false` says that others do. Declared"
        " nodes have it anyway (`nodes.<name>.dhcpDaemon`).",
    ),
    "default-route": warning(
        "A default route on a secondary network",
        "The pod then has two default routes, and the network's goes before the primary's. Beside"
        " Calico, Services, other pods and hostPort fail from such a pod; beside Cilium, Services and"
        " hostPort time out, the agent's module `mtu` is degraded after each restart, and a changed"
        " MTU of Cilium's takes the route away again (tried with 3.28.5 and 1.20.2). Route the networks"
        " that are there, take the route away by a `route-override` after it, or let the pods that want"
        " it ask with `default-route`.",
    ),
    "nodes-own-subnet": warning(
        "A network on the nodes' own subnet",
        "macvlan, ipvlan and vlan give the pod a way to the subnet by the node's link, so it answers"
        " its own node there, and over such a link nobody reaches the node that it is on. The kubelet's"
        " httpGet and tcpSocket probes never pass: the pod runs and is not Ready for ever, and what the"
        " node itself asks of it fails too. Use another subnet, or exec probes.",
    ),
    "mtu-above-parent": error(
        "The MTU is above the parent link's",
        "macvlan and vlan refuse it on every pod of that node. Lower it, raise the link's, or"
        " leave it out.",
    ),
    "vlan-taken": warning(
        "Two networks take the same VLAN of a link",
        "A node has each VLAN of a link once; the second pod's attach fails with `file exists`."
        " Make the VLAN interface on the node and put macvlan on it.",
    ),
    "vlan-without-filtering": error(
        "A VLAN on a bridge that does not tell VLANs apart",
        "The node's bridge is made without `vlanFiltering`, so it forwards every frame to every port:"
        " pods of all its networks are on one segment, and nothing leaves tagged. The plugin does not"
        " notice. Set `vlanFiltering: true` on the nodes' link.",
    ),
    "not-a-bridge": error(
        "A network's bridge is declared as another kind of link",
        "bridge makes its bridge, or uses a link of that name; one that is there and is no bridge"
        " (`already exists but is not a bridge`) fails every pod. A network card becomes a port:"
        " name a bridge, and declare it under `nodes.<name>.links` with the card in `ports`.",
    ),
    "master-is-a-port": error(
        "A master that is a port of a bridge",
        "The kernel hands a link's packets either to the bridge that it is a port of or to macvlan"
        " or ipvlan, and refuses the second with `device or resource busy`. Name the bridge as the"
        " master, or a VLAN interface on the link.",
    ),
    "bridge-has-two-gateways": warning(
        "Two gateways on one bridge",
        "bridge gives its link the gateway's address, with the subnet's prefix length. IPv4: one"
        " for a link; IPv6: several whose subnets do not overlap. It refuses another one and the"
        " pod fails (an error); with `forceAddress` it takes the other network's away, and where a"
        " range of several decides it depends on which is full (warnings). Use one gateway for"
        " all networks of a bridge, or a bridge for each.",
    ),
    "link-taken": warning(
        "A link that is needed elsewhere goes into a pod",
        "host-device and bond move the node's link into the pod and give it back at its end; macvlan"
        " in mode passthru gives all its packets to the pod. In between, pods of other networks on"
        " that link find none, and links of the node that are made on it carry nothing. Give each a"
        " link of its own, or keep the networks on different nodes.",
    ),
    "link-used-twice": warning(
        "A link is macvlan's and ipvlan's, or two modes of ipvlan",
        "Linux lets a link serve one of them at a time (`device or resource busy`), and all"
        " ipvlan interfaces of a link have one mode. Use one kind and one mode per link.",
    ),
}
