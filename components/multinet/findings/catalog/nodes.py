"""Codes about nodes: their settings, and what the preflight finds on them."""

from multinet.findings.catalog.entry import Entry, error, warning

_SETTINGS: dict[str, Entry] = {
    "not-a-node-name": error(
        "The name is not one that a node can have",
        "Nodes are named as Kubernetes names them: the name becomes part of resources' names and"
        " of a directory. `kubectl get nodes` lists them.",
    ),
    "not-a-sysctl": error(
        "The name is not a kernel setting's",
        "It is written as sysctl(8) writes it, with dots; where a link's name has a dot, that one"
        " becomes a slash: net.ipv4.conf.eth0/100.rp_filter.",
    ),
    "link-keys": error(
        "A key that belongs to another kind of link, or is missing",
        "A VLAN interface has parent and vlan, a bridge ports and vlanFiltering, a network card"
        " vfs; `change` is for links that are there already.",
    ),
    "key-of-some-nodes": warning(
        "A node has no key, and others that are declared alike have one",
        "Nodes share settings by YAML's anchors. `pulumi config set --path` writes the file without"
        " them, and the key that it sets is on the named node alone: the others are dialled with the"
        " agent's keys.",
    ),
    "link-loop": error(
        "VLAN interfaces hang on each other in a circle",
        "None of them could be made first. Name the network card as the parent of one of them.",
    ),
    "links-too-deep": error(
        "Too many links on top of each other",
        "Linux stacks at most eight network devices and refuses the next one with `Too many"
        " links`. Two VLANs on a card, as in QinQ, are three.",
    ),
    "plugins-source": error(
        "The plugins' source and its place do not fit together",
        "source: mirror needs url, source: archive needs archive, and source: check neither.",
    ),
    "plugins-checksum": error(
        "No checksum is known of the plugins' archive",
        "Binaries that run as root on every node are never installed unchecked. Each release of"
        " the CNI plugins publishes a .sha256 file beside the archive; give it per architecture.",
    ),
    "local-node-dialled": error(
        "A local node has a host or a jump host",
        "`local: true` runs the steps on the machine that runs the program, without SSH. Remove"
        " one of the two.",
    ),
}

_REACHING: dict[str, Entry] = {
    "node-unreachable": error(
        "The node cannot be reached",
        "No SSH connection came about; the message ends with what ssh said. The other nodes are"
        " checked all the same. A node that is gone for good gets `lost: true`.",
    ),
    "node-not-asked": error(
        "No pod could look at the node",
        "`multinet preflight --pods` starts one on each node; it needs the host's network and the"
        " node's files, to read. The message says why there was none: the node is not ready, its"
        " image cannot be had (--image, multus.registry), or a policy of the cluster refuses it.",
    ),
    "node-no-report": error(
        "The preflight gave no report",
        "The node was reached, but the script's answer is not there: often the login shell prints"
        " something first, or sudo wants a password.",
    ),
    "node-primary-missing": error(
        "The node has another primary CNI's file than confFile",
        "With `plugin: existing` the primary has written its file already; Multus waits for the one"
        " that `confFile` names, and never starts here. The message lists what is there.",
    ),
    "node-drifted": warning(
        "Somebody changed the node since it was made",
        "What was made there, as it is still declared, is not as it was: a link's MTU set by hand, a"
        " setting, a file. The next `up` sets it back; a change that is to stay is declared.",
    ),
    "node-of-another-stack": error(
        "Another stack manages the node",
        "Two of them would undo each other's links and settings. A `destroy` of that stack frees"
        " the node.",
    ),
    "node-not-root": error(
        "The scripts do not run as root",
        "They change links, kernel settings and files of the system. Log in as root, or as a user"
        " who may `sudo -n`.",
    ),
    "node-tool-missing": error(
        "A command is not on the node",
        "The scripts need little: ip, sed, awk, sha256sum; tar and curl or wget where plugins are"
        " installed, ss where links are changed. Install the package that the message names.",
    ),
    "node-no-systemd": warning(
        "The node has no systemd",
        "Links that are made here would be gone after a reboot, and a dhcp daemon has nobody to"
        " run it (then an error). Use the node's own means, and dhcpDaemon: check.",
    ),
    "node-architecture": error(
        "The node is of another architecture than declared",
        "The uploaded archive is chosen by it, and its binaries would not start. Correct"
        " `architecture`.",
    ),
}

_FOUND: dict[str, Entry] = {
    "node-plugin-missing": error(
        "A network's plugin is not on the node",
        "Every pod on the network would stay in ContainerCreating there (multus-cni#1413). Have the"
        " reference plugins installed with cniPlugins.source, others by what the message names; list"
        " those that a DaemonSet brings later in cniPlugins.provided.",
    ),
    "node-configuration-missing": warning(
        "The node has no configuration of a network that is left to it",
        "With `perNode: provided` Multus looks for a file with the network's name in"
        " /etc/cni/multus/net.d when a pod comes, and fails it with `no network available in the"
        " name`. Others lay the file out, maybe later than this.",
    ),
    "node-link-missing": error(
        "The node lacks a link that a network hangs on",
        "Pods there would stay in ContainerCreating (multus-cni#871). Declare the link to have it"
        " made, or keep the network's pods away with nodeSelector.",
    ),
    "node-default-link": error(
        "A pod would take the link of the node's default route",
        "host-device moves the device into the pod, and macvlan in mode passthru gives all its"
        " packets to it: from the first pod on, the node answers nobody, and its kubelet is gone"
        " for the cluster. Links below a bridge, bond or VLAN interface count, too. Name another"
        " device, or keep the network's pods away with nodeSelector.",
    ),
    "node-not-a-bridge": error(
        "A network's bridge is another kind of link on the node",
        "bridge makes its bridge, or uses one that is there; it refuses any other link of that name,"
        " and so every pod. A network card becomes a bridge's port: declare the bridge under"
        " `links` with the card in `ports`, and name the bridge.",
    ),
    "node-master-is-a-port": error(
        "A master is a port of a bridge on the node",
        "The kernel hands a link's packets to the bridge, or to macvlan or ipvlan, and refuses the"
        " second with `device or resource busy`. Name the bridge as the network's master.",
    ),
    "node-link-down": warning(
        "A link that a network hangs on is down",
        "Pods start, and then reach nobody. Set it up, or declare it with change: true.",
    ),
    "node-link-taken": error(
        "A link of that name is there, but is another one",
        "It would have to be removed first, which is not ours to do. Choose another name.",
    ),
    "node-mtu-too-small": error(
        "The link's MTU is below what a network asks for",
        "macvlan, ipvlan and vlan refuse it on every pod of that node. Lower the network's, or"
        " raise the link's (links.<name>.mtu with change: true).",
    ),
    "node-fact-wrong": error(
        "A declared fact about a link is not so",
        "The checks across networks rely on it. Correct the declaration, or add change: true to"
        " have the link set.",
    ),
    "node-no-functions": error(
        "The card cannot have that many virtual functions",
        "SR-IOV may be off in the firmware, or the driver allows fewer. The message says how many.",
    ),
    "node-module-missing": error(
        "The kernel does not have a module",
        "Without it a link of that kind cannot be made, or its settings do not exist. Small cloud"
        " kernels leave some out: install the full one.",
    ),
    "node-sysctl-missing": error(
        "The kernel does not have a setting",
        "It is misspelt, or comes with a module that is not loaded: name that under `modules`.",
    ),
    "node-directory-read-only": error(
        "A CNI directory cannot be written",
        "Neither Multus nor plugins can be put there. Immutable systems have others: see"
        " multus.distribution, cniConfDir and cniBinDir.",
    ),
    "node-not-a-directory": error(
        "A file stands where a CNI directory is to be",
        "Move the file away, or name another directory with multus.cniConfDir or cniBinDir.",
    ),
    "node-other-multus": warning(
        "A Multus that is not from here is on the node",
        "Two of them would overwrite each other's configuration: an error where its credential"
        " names another service account, a warning where there is only its configuration. Remove"
        " the other one with its 00-multus.conf, or set multus.enabled: false and use it.",
    ),
    "node-other-configuration": warning(
        "Another CNI configuration beside the primary's",
        "The runtime takes the first file by name when Multus is not up, so pods may get another"
        " network after a boot (multus-cni#1499). Remove the stale one.",
    ),
    "node-cilium-backup": warning(
        "An exclusive Cilium renamed a configuration",
        "It adds .cilium_bak, and nothing ever takes that away. Remove the file, or rename it.",
    ),
    "node-address-in-range": error(
        "Pods can be given the node's own address",
        "Sooner or later a pod gets it, and the node is cut off. Exclude the address, or move the"
        " range.",
    ),
    "node-range-exhausted": warning(
        "A range has no address left on the node",
        "The next pod fails. Often they are leaked addresses of pods that are gone"
        " (multus-cni#1449): host-local keeps a file for each.",
    ),
    "node-dhcp-daemon-missing": error(
        "No dhcp daemon listens on the node",
        "The dhcp plugin only talks to it (multus-cni#1031). Let it be run with dhcpDaemon:"
        " systemd, or start it.",
    ),
}

NODES: dict[str, Entry] = _SETTINGS | _REACHING | _FOUND
