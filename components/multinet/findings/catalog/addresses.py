"""Codes of addresses, ranges and routes within one network."""

from multinet.findings.catalog.entry import Entry, error, warning

ADDRESSES: dict[str, Entry] = {
    "not-an-address": error(
        "Not an IP address",
        "The plugin cannot read it and fails on every pod. Write the address alone, without a"
        " prefix length or zone.",
    ),
    "not-a-cidr": error(
        "Not an address with a prefix length",
        "The plugin cannot read it and fails on every pod. Write e.g. 192.0.2.0/24.",
    ),
    "not-a-range": error(
        "Not a range as whereabouts writes it",
        "whereabouts fails on every pod. Write a CIDR, or 192.0.2.10-192.0.2.20/24.",
    ),
    "not-a-prefix-length": error(
        "Not a prefix length",
        "whereabouts' controller makes no slices from it, so no node gets any. Write e.g. `/26`.",
    ),
    "address-outside-subnet": error(
        "An address outside its subnet",
        "host-local refuses the network; whereabouts ignores the bound without a word and hands"
        " out addresses beyond it. Choose an address inside, or change the subnet.",
    ),
    "range-order": error(
        "A range ends before it starts",
        "host-local refuses the network; whereabouts ignores the end and hands out the whole"
        " subnet. Swap the two.",
    ),
    "range-exhausted": error(
        "The range has no address to give",
        "Everything in it is the gateway's or excluded: every pod fails with `no IP addresses"
        " available`. Widen the range.",
    ),
    "range-small": warning(
        "The range is for a few pods only",
        "When its addresses are used up, further pods do not start. host-local counts per node,"
        " whereabouts for the cluster. Addresses of crashed nodes' pods stay taken for a while."
        " Widen the range.",
    ),
    "subnet-host-bits": error(
        "The subnet has host bits set",
        "host-local refuses a subnet that is not a network address. The message has the network"
        " address to write.",
    ),
    "subnet-too-small": error(
        "The subnet has no room",
        "A /31 or /32 (IPv6: /127, /128) has no address between network and broadcast address;"
        " the IPAM refuses it. Use /30 (/126) or larger.",
    ),
    "mixed-families": error(
        "IPv4 and IPv6 in one range set",
        "host-local gives a pod one address of each set and refuses a set of two families. Make"
        " two sets: pods then get both.",
    ),
    "no-ranges": warning(
        "Nothing to hand out",
        "host-local fails on every pod without a range; whereabouts does, unless a file on the"
        " node names one (a warning then). Add a subnet or range.",
    ),
    "no-addresses": error(
        "static without addresses",
        "static hands out what the network or the pod names. With neither, every pod fails with"
        " `missing IP config`. Name addresses, or declare the capability `ips` on the plugin.",
    ),
    "ranges-overlap-inside": error(
        "Ranges of one network overlap",
        "host-local refuses the network. Separate the ranges, or join them.",
    ),
    "slices-unsupported": error(
        "Node slices that whereabouts cannot make as declared",
        "With `node_slice_size` whereabouts' controller cuts the first range alone, as IPv4, into slices"
        " whose first and last addresses are lost; it ignores `exclude`, start, end and further ranges"
        " without a word, looks at the first plugin of a list only, and there finds no name but"
        " `network_name`. What is declared otherwise is not done, or pods get no address.",
    ),
    "slices-unnamed": warning(
        "Node slices without a network_name",
        "To whereabouts' controller all networks without `network_name` are one, and while they differ"
        " in range or slice size it makes no slices for any: another team's network is enough. Add a"
        " `network_name` of its own.",
    ),
    "slices-blocked": error(
        "Networks that keep each other from having slices",
        "whereabouts' controller makes no slices while two networks with the same `network_name`, or"
        " both without one, differ in range or slice size; pods then fail with `no allocated node"
        " slice`. Give each network its own `network_name`.",
    ),
    "slices-elsewhere": warning(
        "Node slices in another namespace than whereabouts",
        "The slices are an object in whereabouts' namespace that belongs to the network. Where that is"
        " in another namespace the garbage collector takes the owner for gone and deletes them. Put the"
        " network into whereabouts' namespace, and that into globalNamespaces.",
    ),
    "too-few-slices": error(
        "Fewer slices than nodes",
        "Nodes beyond the last slice get none, which ones is left to chance, and their pods fail with"
        " `no allocated node slice for node`. Use a larger range, or smaller slices.",
    ),
    "whereabouts-file-elsewhere": warning(
        "whereabouts does not look where its file is",
        "The plugin reads /etc/cni/net.d/whereabouts.d/whereabouts.conf, or the same below"
        " /etc/kubernetes/cni/net.d, and fails every pod where neither is there. Distributions with"
        " another directory (k3s, microk8s) have it elsewhere: name the file as `configuration_path`,"
        " or ignore the warning where it is written to /etc/cni/net.d all the same.",
    ),
    "not-a-pool-name": error(
        "Not a name for whereabouts' pools",
        "`network_name` is part of the names of whereabouts' objects in the API server, which refuses"
        " upper case, blanks and underscores: every pod fails.",
    ),
    "not-a-file": error(
        "A directory where a file is read",
        "whereabouts opens `configuration_path` as a file and fails every pod on a directory.",
    ),
    "slice-larger-than-range": error(
        "A node's slice is larger than the range",
        "whereabouts' controller cannot divide the range and makes no slices: no pod gets an"
        " address. Use a longer prefix for the slices.",
    ),
    "gateway-outside-subnet": warning(
        "The gateway is outside the subnet",
        "No plugin checks it. Pods get a gateway that they cannot reach, and every route through"
        " it is refused by the kernel. Choose an address inside the subnet.",
    ),
    "gateway-handed-out": warning(
        "The gateway can be given to a pod",
        "whereabouts, unlike host-local, does not leave the gateway out of the range: one day a"
        " pod gets its address and takes the network down. Exclude it.",
    ),
    "gateway-missing": error(
        "ptp needs a gateway with the address",
        "ptp gives the gateway's address to the node's end of the pair and fails without one."
        " host-local always has one; give static and whereabouts one.",
    ),
    "gateway-unusable": error(
        "A gateway that the plugin cannot use",
        "ptp routes the subnet through the gateway, and sbr everything; the kernel refuses one of"
        " another IP family, out of reach, or the broadcast address, and the pod fails. Use a"
        " host's address of the subnet.",
    ),
    "duplicate-address": error(
        "An address is there twice",
        "The kernel refuses to put an address on an interface twice, and the pod fails. Remove"
        " one.",
    ),
    "multicast-address": error(
        "A multicast address cannot be an interface's",
        "The kernel refuses it (`cannot assign requested address`). Use a unicast address.",
    ),
    "route-host-bits": error(
        "A route's destination has host bits set",
        "The kernel refuses an IPv4 route whose destination is not a network address (`invalid"
        " argument`), and the pod fails. The message has the network to write.",
    ),
    "route-gateway-family": error(
        "A route's gateway is of another IP family",
        "The plugin refuses the route and the pod fails. Name a gateway of the destination's"
        " family.",
    ),
    "route-gateway-unreachable": error(
        "A route's gateway is not on the network",
        "The kernel takes a gateway only if a subnet of the interface, or an earlier route with"
        " scope 253 (link), reaches it; else the pod fails with `network is unreachable`. Use a"
        " gateway inside the subnet.",
    ),
    "route-scope": error(
        "A route's scope and its gateway exclude each other",
        "Scope 253 (link) and above are for what is directly on the network; with a gateway, the"
        " IPAM's included, the kernel refuses the route and the pod fails. Leave one out.",
    ),
    "duplicate-route": error(
        "A route is there twice",
        "The kernel refuses the second (`file exists`) and the pod fails. bridge's"
        " isDefaultGateway adds a default route by itself. Remove one of them.",
    ),
    "mtu-out-of-range": error(
        "An MTU that no interface can have",
        "The kernel refuses to make an interface below 68 bytes, and a tap above 65521. Leave the"
        " MTU out for the parent's.",
    ),
    "mtu-too-small-for-ipv6": error(
        "The MTU is too small for IPv6",
        "Below 1280 bytes Linux has no IPv6 on the interface at all, so its addresses are"
        " refused and the pod fails. Raise the MTU.",
    ),
    "lease-kept": warning(
        "The DHCP lease stays when the pod is gone",
        "bridge deletes the interface first and calls its IPAM then, so that the dhcp daemon has"
        " nothing to send the release from: a server with few addresses runs out of them. Let its"
        " leases end soon, or put the pods on the LAN with macvlan.",
    ),
    "unknown-dhcp-option": error(
        "Not a DHCP option that the plugin takes",
        "The daemon refuses the request and the pod fails. Write the option's number in quotes.",
    ),
}
