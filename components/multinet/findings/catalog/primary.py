"""Codes of the primary CNI."""

from multinet.findings.catalog.entry import Entry, error, warning

PRIMARY: dict[str, Entry] = {
    "other-plugins-options": error(
        "Options of a plugin that is not selected",
        "They would change nothing. Remove them, or select that plugin.",
    ),
    "conf-file-missing": error(
        "The existing primary's configuration file is not named",
        "Multus is pinned to one file, so that it never takes another plugin's. Look into the CNI"
        " configuration directory of a node and name the file in `confFile`.",
    ),
    "no-effect-on-existing": error(
        "An existing primary CNI is not changed",
        "What others installed keeps its version, values, MTU and images. Remove the key.",
    ),
    "existing-cilium-exclusive": warning(
        "An existing Cilium may be exclusive",
        "Unless its values say `cni.exclusive: false`, its agents rename Multus's configuration"
        " to `.cilium_bak`, at once and at any later event, and pods silently get no second"
        " interface. Set `adopt: {plugin: cilium}`, or the value where that Cilium is managed.",
    ),
    "nothing-to-adopt": error(
        "Adopting what this stack installs",
        "`adopt` changes one setting of a primary that others manage. Remove it, or set"
        " `plugin: existing`.",
    ),
    "cidrs-overlap": error(
        "Networks of pods and services overlap",
        "An address would mean two things: traffic to a service ends at a pod, or at nothing."
        " Give each a network of its own.",
    ),
    "service-family-without-pods": warning(
        "Services of an address family that no pod has",
        "Such a service never has an endpoint. Add a pod network of that family, or remove the"
        " service network.",
    ),
    "pod-cidr-too-small": error(
        "A pod network is smaller than one node's part of it",
        "No node would get an address to give to a pod. Give a larger network, or smaller parts.",
    ),
    "pod-cidr-too-large": error(
        "A pod network has too many parts",
        "Cilium's operator refuses an IPv6 network whose nodes' shares are more than 16 bits"
        " longer. Give larger shares, or a smaller network.",
    ),
    "one-node-only": warning(
        "A pod network has one share",
        "The first node takes it, and pods of a second one never start. Give a larger network,"
        " or smaller shares, unless there will always be one node.",
    ),
    "too-few-node-shares": error(
        "More nodes than the pod network has parts",
        "The nodes that come last get no addresses for their pods. Give a larger network, or"
        " smaller parts.",
    ),
    "mtu-too-small": error(
        "The MTU is below what IP allows",
        "IPv4 needs 576 bytes and IPv6 1280: pods below that lose packets or have no IPv6 at"
        " all. Leave it out; the plugin finds the right one.",
    ),
    "mtu-set-by-cilium": warning(
        "An MTU that Cilium sets itself",
        "The agents of Cilium 1.19 set the MTU of every veth in pods to Cilium's when they start"
        " (tried: a bridge network's went from 1400 to 65520 bytes); 1.20 leaves it. Use 1.20.",
    ),
    "ipip-without-bgp": error(
        "IPIP without BGP",
        "Calico's operator refuses it: only BGP spreads the routes that IPIP needs. Turn"
        " `calico.bgp` on, or use VXLAN.",
    ),
    "unencapsulated-without-bgp": error(
        "No encapsulation and no BGP",
        "Calico's operator refuses it: without either, nodes do not know each other's pods. Turn"
        " `calico.bgp` on, or use VXLAN.",
    ),
    "ipip-on-ipv6": error(
        "IPIP on IPv6",
        "Calico has IPIP for IPv4 only and refuses the pool. Set `encapsulationIpv6` apart.",
    ),
    "dataplane-unknown": error(
        "A dataplane that this Calico does not have",
        "The API server refuses the Installation: its CRD does not know the word. Use Iptables,"
        " or a later version.",
    ),
    "directories-unknown": error(
        "CNI directories that this Calico cannot use",
        "Before 3.31 the operator always writes to /etc/cni/net.d and /opt/cni/bin, where a"
        " runtime with other directories never looks. Use 3.31 or later.",
    ),
    "native-routing-cidr-missing": error(
        "Native routing without its network",
        "Cilium's agent does not start: it must know which destinations are routed as they are."
        " Set it for each address family that pods have.",
    ),
    "wrong-family": error(
        "A network of the other address family",
        "Cilium's agent does not start with an IPv6 network where it expects IPv4, or the other"
        " way round. Move it to the key of its family.",
    ),
    "direct-routes-with-tunnel": error(
        "Direct routes between nodes, and a tunnel",
        "Cilium's agent does not start with both. Choose one of the two.",
    ),
    "api-server-unknown": warning(
        "Without kube-proxy the API server must be named",
        "Service addresses work only once Cilium runs, or Calico with its eBPF dataplane, and they"
        " need the API server for that. Set `multus.apiServer`: all use it. A warning for Cilium,"
        " since kube-proxy may run beside it; an error for Calico, which takes kube-proxy's rules"
        " away.",
    ),
    "api-server-on-loopback": error(
        "Calico is told of an API server on the loopback",
        "Calico's operator hands `multus.apiServer` to all that it installs, also to pods with a"
        " network of their own: localhost is the pod there, its kube-controllers never get ready,"
        " and `up` waits for them in vain. Name an address that pods reach.",
    ),
    "cidr-covers-node": error(
        "Pods' or services' network over the machines' own addresses",
        "The primary CNI routes the whole network to pods: nodes do not reach a machine whose address"
        " is in it, the API server among them, and its address may be given to a pod. Choose a"
        " network of its own.",
    ),
    "not-a-repository": error(
        "Not the address of a chart repository",
        "A repository is reached by http://, https:// or oci://. A chart on disk is `chart.path`.",
    ),
    "not-a-version": error(
        "Not a version",
        "Charts are taken at one exact version, so that every `up` gives the same. Write it in"
        " full.",
    ),
    "version-too-old": error(
        "A chart that is known not to work",
        "Cilium before 1.15 has other names for half of what is set here, and ignores ours"
        " silently; Calico before 3.24 never reports that it is ready. Use a later version.",
    ),
    "version-not-tried": warning(
        "A line of charts that was never tried",
        "Its values may have other names, which charts ignore silently. Look at what `multinet"
        " render` gives before the first `up`, or use the pinned version.",
    ),
    "crds-chart-missing": error(
        "Calico's chart of CRDs is missing",
        "From 3.32 on the operator's chart brings none: the Installation has no CRD and `up`"
        " fails. Give the path of the second chart.",
    ),
    "crds-chart-unused": error(
        "A chart of CRDs that has no use",
        "This chart brings its own CRDs; the same ones twice would be two owners of each object."
        " Remove it.",
    ),
    "values-conflict": error(
        "A chart value that Multus or multinet relies on",
        "`values` is merged over what is computed here, and this one would break it: Multus looks"
        " for the primary's configuration elsewhere, or `up` waits for what never comes. The"
        " message names the setting that it follows from.",
    ),
    "values-change-every-time": warning(
        "Certificates made while rendering",
        "They are new each time, so every `up` replaces them and restarts Hubble. Let a CronJob"
        " or cert-manager make them.",
    ),
}
