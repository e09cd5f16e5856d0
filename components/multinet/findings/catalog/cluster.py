"""Codes of the one look at a cluster before an `up`: what it has, and what it lacks."""

from __future__ import annotations

from multinet.findings.catalog.entry import Entry, error, warning

CLUSTER: dict[str, Entry] = {
    "owned-by-others": error(
        "An object of this name is there already, and is not this stack's",
        "Someone else made it: by hand, with Helm, from another stack. Writing over it would"
        " change their pods' network, and a destroy would delete it. What a stack makes carries"
        " the annotation `multinet.dev/owner`; setting it to this stack hands the object over.",
    ),
    "addon-taking-away": warning(
        "An add-on is taking its files away, though it is declared",
        "A destroy had told it so before it was cut off; the state knows nothing of that, so a plain"
        " `up` sees no difference.",
    ),
    "another-multus": error(
        "The cluster has a Multus already",
        "Two of them write the same 00-multus.conf on every node, each with its own idea of the"
        " primary network, and whichever ends takes the file away. `enabled: false` declares"
        " networks for the one that is there.",
    ),
    "another-primary": error(
        "The cluster has a primary CNI already",
        "The runtime uses whichever configuration sorts first, so some pods would get their eth0"
        " from one and some from the other. `plugin: existing` leaves the one that is there to"
        " those who manage it.",
    ),
    "cluster-unreachable": error(
        "The cluster cannot be asked",
        "There is no such kubeconfig or context, nobody answers, or the credentials are not"
        " accepted. An `up` would fail one resource at a time, or, where nothing differs from the"
        " state, end well without having seen the cluster at all.",
    ),
    "network-in-use": error(
        "A network leaves the environment while pods ask for it",
        "They run on with what they have, and do not start again: the kubelet fails on a network that"
        " the cluster does not know. Looked for among this stack's NADs, by the pods' annotations. A"
        " warning where the program is not the project's own, since it may make the network itself."
        " `protect: false` on the network, brought up, lets it go.",
    ),
    "pods-keep-old": warning(
        "A network changes, and running pods keep it as it was",
        "A pod is attached once, when it starts. After the update `multinet verify --stale` lists"
        " those pods and `multinet restart` rolls their workloads.",
    ),
    "namespace-missing": error(
        "A network's namespace is not in the cluster",
        "Its NetworkAttachmentDefinition would have to stand there, and everything before it would"
        " be created until then. Make it first, or in the program, which then names it:"
        " `Environment.from_config(namespaces=[…])`. Multus's own namespace is made by the stack.",
    ),
    "conf-file-not-written": error(
        "The primary CNI that runs writes another file than confFile",
        "Multus waits for the file that `confFile` names, on every node, and pods start without"
        " it meanwhile. Which file an agent writes is known by its DaemonSet, its environment"
        " (`CNI_CONF_NAME`), and Cilium's ConfigMap. Where the nodes have the file by other means,"
        " the annotation `multinet.dev/conf-file` on the agent's DaemonSet says so.",
    ),
    "node-not-in-cluster": warning(
        "A declared node is not in the cluster",
        "Its name is another one there, or it has not joined yet. What is declared of it, its"
        " labels for `nodeSelector` too, reaches no pod.",
    ),
    "node-not-declared": warning(
        "The cluster has nodes that are not declared",
        "Pods land there as well, and nobody looks whether plugins, links and MTUs are there, or"
        " makes them. Declaring no node at all is a choice, and nothing is said then.",
    ),
    "multus-not-started": error(
        "Multus does not come up",
        "On the nodes that the message names its pod waits: for the file of the primary CNI, an"
        " image, a container that cannot be made. An `up` says so after a few seconds and goes on"
        " waiting, up to `rolloutTimeout`; where it would wait in vain, it ends soon. With thick the"
        " message lists the files that are there; thin's image has nothing that could look.",
    ),
    "pools-not-applied": error(
        "Calico has other pools than are declared",
        "Its operator takes a changed pool only to Calico's own API server: without it"
        " (`calico.apiServer: false`) the Installation is Ready and the pool stays as it was. An"
        " `up` waits until the cluster's pools are those of `podCidrs` and `calico`, tells what the"
        " operator says of them, and ends with that where it would wait in vain, or after"
        " `rolloutTimeout`.",
    ),
    "addresses-given-again": error(
        "Addresses of running pods would be handed out again",
        "host-local keeps its books in a directory that is called like the CNI network: a network"
        " with another name, or another IPAM, begins with empty ones, while pods still have the"
        " addresses of before. `name` in the network's `config` keeps the books of before; else"
        " those pods have to go first. Where another IPAM comes it is a warning: pods that start"
        " until then can get an address that is in use.",
    ),
}
