"""Codes of single plugins' own rules."""

from multinet.findings.catalog.entry import Entry, error, warning

PLUGINS: dict[str, Entry] = {
    "not-a-mac": error(
        "Not a MAC address for an interface",
        "The plugin or the kernel refuses it: six octets, not multicast, not all zeros. Write"
        " e.g. 02:00:5e:00:53:01.",
    ),
    "not-a-chain-name": error(
        "Not the name of an iptables chain",
        "iptables refuses chains of more than 28 bytes, with blanks, or that begin like an option, and"
        " with them every pod. The default is CNI-ADMIN.",
    ),
    "not-an-interface-name": error(
        "Not an interface's name",
        "The kernel has no interface of that name: 1 to 15 bytes without `/`, `:` and white"
        " space. `ip -br link` lists a node's.",
    ),
    "not-a-pci-address": error(
        "Not a PCI address",
        "The plugin looks for the device by this address and finds none. `lspci -D` lists them.",
    ),
    "not-a-kernel-path": error(
        "Not a device's path",
        "host-device takes paths below /sys/devices/ only. `readlink -f"
        " /sys/class/net/NAME/device` tells a link's.",
    ),
    "not-a-net-sysctl": error(
        "Not a sysctl of a pod's network",
        "tuning refuses sysctls outside `net.`: they belong to the whole node. Set them on the"
        " node.",
    ),
    "options-exclude-each-other": error(
        "Two options exclude each other",
        "The plugin refuses the pair, and every pod on the network fails. Keep one of them.",
    ),
    "trunk-range": warning(
        "A trunk's range of VLANs is wrong",
        "A range has both ends, the lower first; bridge and ovs refuse others. ovs ignores half"
        " a range without a word (a warning).",
    ),
    "bridge-name-too-long": error(
        "The gateway's interface would have too long a name",
        "With `vlan` and a gateway, bridge makes an interface called BRIDGE.VLAN on the node;"
        " Linux has room for 15 bytes. Shorten the bridge's name.",
    ),
    "vlan-missing": error(
        "A VLAN option without VLAN",
        "sriov refuses vlanQoS and vlanProto without `vlan`, and a priority or 802.1ad with"
        " VLAN 0. Set `vlan`.",
    ),
    "rate-order": error(
        "The least rate is above the greatest",
        "The NIC's driver refuses the pair and the pod fails. Swap the two.",
    ),
    "rate-without-burst": error(
        "Rate and burst come together",
        "bandwidth refuses one without the other, and the pod fails. Set both, or none.",
    ),
    "burst-too-large": error(
        "The burst is too large",
        "bandwidth counts bytes in 32 bits: a burst of 4 GiB or more is refused. Lower it.",
    ),
    "bandwidth-without-veth": warning(
        "bandwidth after a plugin without veth pair",
        "bandwidth limits the node's end of a veth pair. After macvlan, ipvlan and others there"
        " is none and the pod fails: always, where the network has rates; when a pod asks, where"
        " it only has the capability (a warning). Use it after bridge or ptp.",
    ),
    "portmap-backend": warning(
        "portmap's options are of another backend",
        "portmap refuses conditions in the words of the backend that it does not use. Without"
        " `backend` that depends on the node (a warning). Name the backend.",
    ),
    "sbr-without-addresses": error(
        "sbr without addresses",
        "sbr routes by the interface's addresses and fails when there are none. Add an IPAM to"
        " the plugin before it.",
    ),
    "node-cut-off": warning(
        "A pod would take the link that the node lives on",
        "In mode passthru the kernel gives every packet of the master to the pod, also those for the"
        " node; without `master` that is the link of the node's default route. The preflight looks"
        " at links that are named.",
    ),
    "sbr-without-gateway": warning(
        "sbr without a gateway to route through",
        "sbr moves the interface's routes to a table of its own and adds a default route through the"
        " gateway of each address. Where the address has none, as of static without `gateway`, the"
        " table has no default route, and answers to other networks have no way. Give the addresses"
        " a gateway, or the IPAM a default route with `gw`.",
    ),
    "sbr-twice": error(
        "sbr twice in a list",
        "The first moves the interface's routes to a table of its own; the second then cannot"
        " reach the gateway, and the pod fails. Keep one of them.",
    ),
    "sbr-table-taken": error(
        "A default route in a table that sbr makes",
        "sbr makes a table for each address, from 100 on, without looking what the IPAM has put"
        " there, and adds a default route; the kernel refuses the second. Leave that route to sbr.",
    ),
    "sbr-table-zero": error(
        "sbr with table 0 and IPv6",
        "Table 0 stands for none. The kernel refuses a rule that leads there for an IPv6 address,"
        " and the pod fails. Name a table, or leave it out.",
    ),
    "firewall-without-bridge": warning(
        "An isolating policy without a bridge",
        "`same-bridge` and `isolated` name the first interface of the result as the bridge;"
        " after another plugin the rules match nothing. Use it after bridge.",
    ),
    "route-without-gateway": warning(
        "A route to add has no gateway",
        "route-override then puts the destination on the link itself, although its documentation"
        " says that it takes the IPAM's gateway. Add `gw`, unless the hosts are on the link.",
    ),
    "ovs-without-bridge": warning(
        "ovs without a bridge",
        "ovs-cni fails unless the pod brings an `ovnPort`, or a device leads to the bridge. Name"
        " the bridge.",
    ),
    "device-missing": error(
        "Nothing names the device",
        "host-device and sriov fail on every pod without one. Name it, or set the network's"
        " `resourceName`: Multus then adds the device that the device plugin gave the pod.",
    ),
}
