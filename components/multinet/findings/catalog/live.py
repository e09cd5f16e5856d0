"""Codes of `multinet verify`: what a pod on a live cluster was seen to have, and why."""

from multinet.findings.catalog.entry import Entry, error, warning

_BEFORE: dict[str, Entry] = {
    "live-crd-missing": error(
        "The cluster knows no networks",
        "The CRD of NetworkAttachmentDefinitions is not there, so no pod can ask for one."
        " `pulumi up` brings it, with Multus.",
    ),
    "live-multus-missing": error(
        "Multus is not on the cluster",
        "No DaemonSet of Multus was found. Pods that ask for networks would start on the primary"
        " network alone, without a word.",
    ),
    "live-multus-not-ready": error(
        "Multus is not ready on a node",
        "A pod that starts there now gets the primary network alone, without a word, or does not"
        " start. No pod was put on that node. The message ends with the last line of its log, which"
        " names the file that it waits for, if it waits for the primary CNI's.",
    ),
    "live-addon-missing": error(
        "An add-on is not on the cluster",
        "It is declared, and there is no DaemonSet of it: what networks need does not come to nodes"
        " that lack it. `pulumi up` brings it; `--refresh` where the state says that it is there.",
    ),
    "live-addon-not-ready": error(
        "An add-on is not ready on a node",
        "Pods there may wait for what it is to bring. The message has the last line of its log, which"
        " says what is in its way and what to do; Multus works all the same.",
    ),
    "live-primary-differs": error(
        "Multus calls another primary CNI than is declared",
        "It is pinned to the file of another name: pods get their eth0 from that one, or wait. An"
        " error where multinet installed it, a warning where others did.",
    ),
    "live-multus-not-called": error(
        "Pods of a node start without Multus",
        "A pod without networks came up, and Multus wrote no network-status on it: the runtime does"
        " not call Multus there, and pods that ask for networks miss them without a word.",
    ),
    "live-pod-cidr": warning(
        "A pod's address on eth0 is in none of the declared pod networks",
        "podCidrs is not what the primary CNI hands out, so overlaps with it are not found. Write"
        " the cluster's own networks.",
    ),
    "live-primary-mtu": error(
        "A pod's eth0 has not the MTU that its primary CNI is set to",
        "Set by `primaryCni.mtu`, else by what the cluster has: Cilium's ConfigMap, Calico's"
        " Installation or ConfigMap; then it is a warning. The agents read it when they start, and"
        " pods keep the one that they started with. Where none is set, an MTU that no network card"
        " carries is warned of (Cilium without an uplink: `cilium.devices`), and MTUs that differ"
        " between nodes.",
    ),
    "live-nad-missing": error(
        "A declared network has no NAD on the cluster",
        "A pod that asks for it does not start. Either the environment was not brought up here,"
        " or the NAD was deleted by hand; `pulumi up --refresh` restores it, and without --refresh"
        " the engine does not see that it is gone.",
    ),
    "live-nad-differs": error(
        "The NAD on the cluster is not what is declared",
        "Somebody edited it, or the last `pulumi up` did not reach it; `pulumi up --refresh` writes"
        " the declared one, and without --refresh the engine sees no change. Pods that start now are"
        " attached by the edited one; `multinet verify --stale` lists those of before.",
    ),
    "live-no-node": error(
        "No node is ready for the network's pods",
        "Its nodeSelector fits no ready node, or those named with --node do not fit it.",
    ),
    "live-node-unknown": error(
        "A node that was named is not in the cluster, or not ready",
        "No pod can be put there. `kubectl get nodes` lists the cluster's nodes with their state.",
    ),
}

_STATUS: dict[str, Entry] = {
    "live-range-full": error(
        "A network's range is nearly or wholly used",
        "Counted from the pods that have its addresses, and for whereabouts from its books as well;"
        " with host-local each node has the range for itself, and the node is named. A warning"
        " while something is left; `multinet status --full` says from which share on.",
    ),
    "live-node-unable": warning(
        "A node that the network is for cannot serve it",
        "It is not ready, or Multus is not ready there. Pods that ask for the network wait there.",
    ),
    "live-pods-stale": warning(
        "Pods are not on the network as it is now",
        "They were attached before it changed, or while Multus was away, and run without it."
        " A pod is attached once, when it starts: they have to restart.",
    ),
    "live-address-leaked": warning(
        "An address is kept for a pod that is gone",
        "whereabouts' books in the API server have an entry whose pod the cluster does not have:"
        " Multus or the node was away when the pod was deleted. Its reconciler takes such entries"
        " out by its schedule; `multinet status --free` does so at once, and only those.",
    ),
}

_SEEN: dict[str, Entry] = {
    "live-pod-refused": error(
        "The API server refuses the pod",
        "A quota, an admission policy or missing permissions in that namespace; the message is the"
        " API server's own. The pods meet Pod Security's level `restricted`.",
    ),
    "live-not-started": error(
        "The pod on the network did not start",
        "Its sandbox or container did not come up within the time; the causes say why.",
    ),
    "live-not-attached": error(
        "The pod runs without the network",
        "It is Running, and its network-status does not name the network: applications would miss"
        " an interface. Multus was away when it started, or the runtime does not call Multus.",
    ),
    "live-not-looked-into": error(
        "The pod could not be looked into",
        "It runs, but a command in it failed: the API server does not reach the kubelet, `exec` is"
        " not permitted, or the image lacks `sh` or `ip`.",
    ),
    "live-interface-missing": error(
        "network-status names an interface that the pod has not",
        "It was taken away after the attach, or the plugin reported another name than it made.",
    ),
    "live-status-differs": error(
        "network-status is not what the interface has",
        "Whoever reads network-status (Services, operators, monitoring) is told wrong addresses.",
    ),
    "live-address": error(
        "The address is not one that is declared",
        "It is outside the declared ranges, has another prefix length, or is missing. Usually the"
        " NAD was edited, or the IPAM's books on the node are from an earlier declaration.",
    ),
    "live-mtu": error(
        "The MTU is not the declared one",
        "Packets that are too long for the path vanish silently. The parent's MTU on that node, or"
        " a plugin in the chain, decides.",
    ),
    "live-mac": error(
        "The MAC address is not the declared one",
        "Whoever knows the pod by its MAC address (DHCP reservations, licences, switches) does not"
        " know it.",
    ),
    "live-route": error(
        "A declared route is missing",
        "The IPAM hands it out, and the pod's main table does not have it on that interface, or"
        " through another gateway.",
    ),
    "live-duplicate-address": error(
        "Two pods got the same address",
        "host-local keeps its books on each node, so that nodes on one L2 hand out the same"
        " addresses. Give each node its own range (nodeSelector), or use whereabouts. Pods that"
        " were there before the run count as well, and those of other networks of the stack on that"
        " L2.",
    ),
    "live-shared-range": error(
        "Nodes on one L2 hand out the same range",
        "host-local keeps its books on each node. Two of them on one L2 give the same address"
        " sooner or later, also where the pods of this run got different ones: each node goes on"
        " from the last address that it gave. One range per node, or whereabouts; a network that"
        " ignores `host-local-on-shared-l2` for a reason is not told of.",
    ),
    "live-unreachable": error(
        "Two pods on the network cannot reach each other",
        "Both have addresses, and one does not answer the other's HTTP request over the network"
        " within ten seconds. What is usual is listed as the cause.",
    ),
    "live-probe-fails": error(
        "The node does not reach the pod's eth0",
        "verify's pods have a readiness probe, which the kubelet makes over eth0 from the node's own"
        " network. Beside this network it does not pass, and for a pod without networks it does:"
        " every pod on the network with an httpGet or tcpSocket probe stays 0/1, or is restarted for"
        " ever. Of a node rather than a network it is said where pods without networks fail too.",
    ),
    "live-service-unreachable": error(
        "The pod does not reach a Service",
        "It asked the Service `kubernetes` by its ClusterIP, with no answer; a pod without networks"
        " on that node and in that namespace gets one. DNS and every other Service fail too. Of a"
        " node it is a warning: a network policy can mean it.",
    ),
    "live-eth0-unreachable": error(
        "The pod does not reach another pod over eth0",
        "A pod without networks on that node and in that namespace does. Of a node it is a warning:"
        " a network policy can mean it.",
    ),
    "live-wrong-answer": error(
        "Somebody else answers for the pod's address",
        "Another host on that L2 has the same address as the pod: one of the two gets the other's"
        " packets. Take it out of the range, or give the host another address. A refused"
        " connection is told as this too: the pod listens, so somebody else refused, or a packet"
        " filter did.",
    ),
}

_CAUSES: dict[str, Entry] = {
    "live-configuration-missing": error(
        "The node has no configuration of a network that is left to it",
        "With `perNode: provided` the NAD is empty, and Multus looks for a file in"
        " /etc/cni/multus/net.d on the pod's node whose `name` is the network's. Others lay it out.",
    ),
    "live-plugin-missing": error(
        "A CNI plugin's program is not on the node",
        "Multus runs the program that `type` names from the node's CNI directory. The reference"
        " plugins can be installed by cniPlugins; others bring a DaemonSet of their own.",
    ),
    "live-whereabouts-missing": error(
        "whereabouts is not installed on the node",
        "It is no reference plugin: its own DaemonSet lays out the program, its kubeconfig and"
        " its configuration.",
    ),
    "live-whereabouts-books": error(
        "whereabouts cannot reach its books",
        "It keeps addresses in custom resources. Its CRDs, its ClusterRole or its kubeconfig on"
        " the node are missing, or the API server is too slow for its lease.",
    ),
    "live-parent-missing": error(
        "The link that the network hangs on is not on the node",
        "The plugin says `Link not found` and the pod never starts. Links differ in name between"
        " nodes more often than one thinks; `ip -br link` on the node lists them.",
    ),
    "live-parent-in-use": error(
        "The link is taken by something that excludes others",
        "A macvlan in passthru mode, an ipvlan beside a macvlan, a bond or bridge that has it as a"
        " port, or a device that is in another pod: the kernel refuses a second user.",
    ),
    "live-range-exhausted": error(
        "No address is left in the range",
        "Every further pod fails. Addresses of pods that are gone may still be booked, after a"
        " crash of a node for instance.",
    ),
    "live-isolated": error(
        "Namespace isolation forbids the network",
        "With namespaceIsolation a pod may use networks of its own namespace and of the global"
        " ones. The Multus that runs has other global namespaces than are declared.",
    ),
    "live-nad-not-found": error(
        "Multus does not find the NAD",
        "It was deleted while pods were starting, or Multus reads another cluster.",
    ),
    "live-nad-unreadable": error(
        "Multus cannot read the NAD",
        "Its spec.config is not JSON, or no CNI configuration. The API server takes any text"
        " there; `multinet validate` does not.",
    ),
    "live-cni-version": error(
        "A plugin does not speak the network's cniVersion",
        "Each plugin knows the versions up to its own release's. Set an older one, or update the"
        " plugin on that node.",
    ),
    "live-dhcp-daemon": error(
        "No dhcp daemon runs on the node",
        "The dhcp IPAM plugin only talks to a daemon, over a socket. It must run on every node.",
    ),
    "live-dhcp-silent": error(
        "No DHCP server answers",
        "The daemon asks for minutes before it says so; a pod that waits for half a minute without"
        " a word is taken for it. Often the switch drops the pod's MAC address.",
    ),
    "live-mtu-above-parent": error(
        "The MTU is larger than the parent's",
        "The kernel refuses a child link that is larger than the link it hangs on.",
    ),
    "live-not-a-bridge": error(
        "The bridge's name belongs to another kind of link",
        "The bridge plugin takes a bridge of that name or makes one; the name is in use.",
    ),
    "live-kernel": error(
        "The node's kernel lacks the kind of link",
        "The module is not loaded, not installed or not built. Minimal and cloud kernels leave"
        " some out.",
    ),
    "live-route-refused": error(
        "The kernel refuses a declared route",
        "Its gateway is not in a subnet of the interface, or the route is there already.",
    ),
    "live-no-device": error(
        "No free device of the network's resource",
        "The network's resourceName is not advertised by a node, or all devices are taken. The"
        " device plugin's pod and configuration on the node decide.",
    ),
    "live-unschedulable": error(
        "There is no room for the pod",
        "The scheduler says what was lacking: CPU, memory, the number of pods on the node.",
    ),
    "live-token-expired": error(
        "Multus's credential has expired",
        "Multus's kubeconfig on the node holds a token that must be refreshed. Restarting its pods"
        " writes a new one; multinet runs thin so that it refreshes it by itself.",
    ),
    "live-multus-forbidden": error(
        "Multus lacks a permission",
        "The API server refuses what Multus asks for. `pulumi up --refresh` restores its role.",
    ),
    "live-api-unreachable": error(
        "Multus does not reach the API server",
        "The address in its kubeconfig, usually the service's, does not answer from the node:"
        " kube-proxy or its replacement is missing there.",
    ),
    "live-daemon-down": error(
        "Multus's daemon does not answer",
        "The shim on the node is called and finds no daemon behind its socket: the pod is"
        " restarting, or was killed.",
    ),
    "live-primary-not-ready": error(
        "The primary network is not ready",
        "Multus calls the primary CNI first, and that one fails or is not there yet.",
    ),
    "live-image": error(
        "The pods' image cannot be had",
        "The network was attached, and the container cannot start. --image names another; where"
        " multus.registry is set, the image is taken from that mirror.",
    ),
    "live-refused-by-plugin": error(
        "A plugin refuses the configuration",
        "What is declared is checked before it is sent, so this NAD was edited, or the plugin is"
        " of another version.",
    ),
    "live-cilium-exclusive": error(
        "Cilium takes Multus's configuration away",
        "With cni.exclusive it renames every other file in the CNI directory to .cilium_bak.",
    ),
    "live-multus-away": error(
        "Multus was not ready on the pod's node",
        "Pods that start meanwhile run on the primary network alone and are not attached later.",
    ),
    "live-not-first": error(
        "The runtime calls another configuration than Multus's",
        "It takes the first file of the CNI directory. Multus's was taken away, or another one"
        " sorts before it.",
    ),
    "live-default-route": error(
        "The network's default route goes before eth0's",
        "Of two default routes the one that came last is first: what the pod sends to Services, to"
        " other nodes' pods and to its node leaves by the network. Route the networks that are there,"
        " take the route away by a `route-override` after it, or let the pods that want it ask with"
        " `default-route`. Where it is meant, `ignore: {default-route: …}` of the network accepts it,"
        " and eth0 is not tried beside it.",
    ),
    "live-nodes-own-subnet": error(
        "The network is on the node's own subnet",
        "The pod has a route of the network to its node's address, so its answers to the node leave"
        " by the network; macvlan, ipvlan and vlan do not reach the node that they are on. Give it"
        " another subnet; or let its pods have exec probes, and accept it by"
        " `ignore: {nodes-own-subnet: …}`.",
    ),
    "live-route-before-eth0": error(
        "A route of the network covers what is eth0's",
        "It is narrower than eth0's, so the pod sends to pods, Services or its node by the network.",
    ),
    "live-eth0-unexplained": warning(
        "Nothing that the pod shows tells why eth0 fails",
        "Its routes of the main table lead over eth0. Rules and further tables (sbr), a firewall of"
        " the chain or reverse path filters are left.",
    ),
    "live-filtered": warning(
        "Pods on one node do not reach each other",
        "What is usual: bridged packets pass the packet filter (bridge-nf-call-iptables) and are"
        " dropped there, or a network policy for secondary networks forbids it.",
    ),
    "live-l2-blocked": warning(
        "Pods on different nodes do not reach each other",
        "What is usual: clouds and virtual switches drop frames of MAC addresses that they did not"
        " give out; then ipvlan, or the platform's own attachment, is the way.",
    ),
    "live-unknown-cause": warning(
        "The cause is not one that is known",
        "The message is the runtime's own, taken from the pod's events.",
    ),
}

LIVE = _BEFORE | _STATUS | _SEEN | _CAUSES
