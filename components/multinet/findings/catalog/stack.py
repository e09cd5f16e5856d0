"""Codes of a stack file, and of the sections that are not networks."""

from __future__ import annotations

from multinet.findings.catalog.entry import Entry, error, warning

STACK: dict[str, Entry] = {
    "file-not-readable": error(
        "The stack file cannot be read",
        "There is no such file, no permission to read it, or it is a directory or a device. A"
        " pipe is read, for at most a minute. The message lists the stack files that are in the"
        " directory.",
    ),
    "file-not-yaml": error(
        "Not valid YAML",
        "Pulumi cannot read the file either. The message has the line; indentation, an unclosed"
        " bracket or quote and a colon without a blank are the usual causes.",
    ),
    "file-empty": error(
        "The stack file is empty",
        "Pulumi would take every default. That is seldom meant, so it has to be said: write"
        " `config: {}`.",
    ),
    "file-not-a-stack": error(
        "Not a stack file",
        "A stack file is a mapping with `config:`, and the project's keys below it. Most likely"
        " another file was named.",
    ),
    "file-too-large": error(
        "Too large to be a stack file",
        "Files above 8 MiB, with more than 500,000 values (aliases count as often as they are"
        " used) or nested more than 100 levels deep are refused before they take the memory."
        " Ten thousand networks stay below all three. Write the values out, or split the"
        " environment.",
    ),
    "config-too-large": warning(
        "More configuration than Pulumi can hand to a program",
        "Pulumi puts a stack's whole configuration into one environment variable, and Linux takes"
        " 128 KiB in one (pulumi/pulumi#8680): 400 to 600 networks. `pulumi up` ends before the"
        " program starts, with `argument list too long`. Make the networks in a program of your"
        " own, from a table or a loop (Environments, hundreds of networks), or split the"
        " environment. `multinet render` and `validate` read the file themselves and take any.",
    ),
    "duplicate-key": error(
        "A name is given twice",
        "YAML readers keep one of the two and drop the other without a word: a network would be"
        " missing. Rename or remove one.",
    ),
    "not-a-registry": error(
        "Not a registry",
        "It is put before the images' own paths, so every image gets a name that nodes refuse with"
        " `InvalidImageName`. A registry is a host, perhaps with a port and a path in lower case:"
        " registry.example.org:5000/mirror. No scheme, no tag.",
    ),
    "registry-without-host": warning(
        "A registry without a host",
        "Runtimes take the first part of a reference for a host only where it has a dot or a port, or"
        " is localhost; else the image is looked for below docker.io.",
    ),
    "not-a-resource-name": error(
        "Not the name of a device plugin's resource",
        "Multus looks the name up among the devices that the kubelet gave a pod: a device plugin's"
        " resource, like intel.com/sriov, or the name of a DRA claim. One with blanks or several"
        " slashes is never there, and the plugin fails without its device.",
    ),
    "not-a-dns-label": error(
        "Not a name that Kubernetes takes here",
        "Names of networks and namespaces are RFC 1123 labels: lower-case letters, digits and"
        " dashes, at most 63. A dot would also break the short form of a pod's annotation.",
    ),
    "not-a-label": error(
        "Not a label or annotation that Kubernetes takes",
        "The API server refuses the object. Keys are names with an optional domain before a"
        " slash, values of labels are names or empty, annotations hold up to 256 KiB.",
    ),
    "not-a-file-name": error(
        "Not a file's name",
        "Only the name counts, since the directory is `cniConfDir`. A path could lead out of it.",
    ),
    "not-a-directory": error(
        "Not a directory on a node",
        "It becomes a mount of Multus's pods and a part of node scripts, so it has to be an"
        " absolute path of plain characters without `..`.",
    ),
    "not-a-quantity": error(
        "Not a Kubernetes quantity",
        "The API server refuses the DaemonSet. Write CPU like 100m or 0.5, memory like 128Mi.",
    ),
    "cidr-host-bits": error(
        "A network with host bits set",
        "10.1.2.3/16 is an address in a network, not a network: Calico and Cilium refuse it, or"
        " take 10.1.0.0/16 and say nothing. Write the network.",
    ),
    "cilium-exclusive": error(
        "An exclusive Cilium beside Multus",
        "Cilium's agent renames every other file in the CNI directory to `.cilium_bak`,"
        " Multus's among them, and pods start without their networks, silently. With Multus"
        " `cni.exclusive` has to be false.",
    ),
    "cpu-limit": warning(
        "A CPU limit on Multus",
        "In thick mode the CNI plugins run inside Multus's container: a limit of 100m made"
        " fifteen pods with one network start in 39 s instead of 4.5 s. A request is enough to"
        " keep its share.",
    ),
    "registry-and-image": error(
        "Both a registry and an image",
        "`image` is a whole reference, so `registry` would have no effect. Keep one of the two.",
    ),
    "moving-tag": warning(
        "An image's tag that moves",
        "What runs changes when a node pulls again, not when the stack does: `snapshot-thick`"
        " has broken clusters (multus-cni#1422). Pin a release, or better a digest.",
    ),
    "not-an-image": error(
        "Not an image's reference",
        "The API server takes it, and every pod of Multus stays in InvalidImageName. Write"
        " registry/path:tag, or registry/path@sha256: and the digest's 64 characters.",
    ),
    "image-without-digest": warning(
        "A chart's digests are switched off",
        "With a digest a node runs what was tried, whatever the registry says today. Without it"
        " a tag that was moved, there or in a mirror, changes what runs.",
    ),
    "privileges-widened": warning(
        "Values that give pods more rights",
        "The charts' defaults are what their plugins need. Whoever gets into such a pod has the"
        " node, or with a wildcard in a role the cluster. Leave it out, or note in a comment why"
        " it has to be.",
    ),
    "namespaces-not-isolated": warning(
        "Networks are open to every namespace",
        "Whoever may start pods in any namespace can attach them to every network of the"
        " cluster, storage and management networks included. With isolation a pod uses networks"
        " of its own namespace and of globalNamespaces.",
    ),
    "insecure-repository": warning(
        "A chart comes over plain HTTP",
        "A chart decides what runs on every node, privileged. Anybody between the repository and"
        " this machine can exchange it.",
    ),
    "secret-in-plain": error(
        "A secret at a place that everybody reads",
        "Only `kubeconfig`, `privateKey` and `privateKeyPassword` are kept secret. Anywhere else"
        " the engine decrypts `{secure: …}`, and it stands in the clear in manifests, state and"
        " the cluster. Put it into a Kubernetes Secret, or a file on the node, and name that.",
    ),
    "secret-unencrypted": warning(
        "A secret stands in the file in plain text",
        "Stack files are committed and shared. `pulumi config set --secret` encrypts the value"
        " for this stack; on a machine that was never shared it is yours to decide.",
    ),
    "not-a-schedule": error(
        "Not a cron expression of five fields",
        "Minute, hour, day of the month, month, day of the week, in UTC. whereabouts' reconciler ends"
        " at once with anything else, and is started again and again.",
    ),
    "plugin-of-the-runtime": error(
        "loopback is left to who brings the runtime",
        "Without it no pod starts at all, so it is there, and nobody else is to write it.",
    ),
    "not-a-reference-plugin": error(
        "Not one of the CNI reference plugins",
        "The add-on lays out what the CNI project's own archive has. Other plugins come with an"
        " image of their project's; the reference of networks says which project brings which.",
    ),
    "plugins-brought-twice": error(
        "A node gets its plugins over SSH, and from the add-on",
        "Both write the same directory, at different times and maybe of different releases. The add-on"
        " brings them to every node, also to those that join; over SSH they are there before the"
        " cluster has any pod. Choose one; the other takes away what it laid out, once it is taken"
        " out of the file (Add-ons, from one to the other).",
    ),
    "image-mode": warning(
        "The image is of the other mode",
        "Thick images hold the daemon and have tags that end in `-thick`; thin ones do not. The"
        " container would not start, and `up` would wait for it until the time is up: refused for"
        " upstream's own images, wherever they are mirrored, and a warning for others.",
    ),
}
