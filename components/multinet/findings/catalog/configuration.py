"""Codes of a CNI configuration as a whole: its form, version and order of plugins."""

from multinet.findings.catalog.entry import Entry, error, warning

CONFIGURATION: dict[str, Entry] = {
    "not-a-configuration": error(
        "Not a mapping, nor a JSON object",
        "Multus reads a NAD's configuration as one JSON object and fails every pod on anything"
        " else. Write it as a mapping, or paste the JSON as a string.",
    ),
    "config-and-per-node": error(
        "A configuration beside those of the nodes",
        "Multus reads the nodes' own files only where the NAD holds no configuration. Keep one of"
        " `config` and `perNode: provided`.",
    ),
    "not-json": error(
        "The text is not JSON",
        "Multus cannot read it: pods that ask for the network do not start. The message has line"
        " and column; a comma after the last entry and single quotes are the usual causes.",
    ),
    "not-a-json-value": error(
        "JSON has no such value",
        "YAML knows dates, numbers as keys and infinity; JSON, and so a NAD, does not. Put"
        " quotes around what is meant as text.",
    ),
    "too-large": error(
        "Larger than a NAD can be",
        "The API server refuses objects of this size: at most 1,000,000 characters and 20,000"
        " values are taken. No CNI configuration comes near it: most likely another file was"
        " pasted.",
    ),
    "too-deep": error(
        "Nested too deeply",
        "No CNI configuration is nested this deeply; most likely a YAML alias refers to itself.",
    ),
    "missing-type": error(
        "No plugin is named",
        "`type` is the name of the program that the node runs. Without it Multus refuses the"
        " network when a pod asks for it. Name a plugin, or an IPAM plugin in `ipam`.",
    ),
    "type-with-slash": error(
        "A type is a program's name, not a path",
        "libcni looks for the program in the CNI directory and refuses a name with a slash."
        " Write the name only and put the program there.",
    ),
    "type-mistyped": warning(
        "A type that is one slip away from a known one",
        "A `type` is the name of a program on the nodes, so any name is taken. This one is neither"
        " known here nor a public plugin's, and one letter makes it one: pods fail with"
        " `failed to find plugin` unless a node really has it. Correct it, or ignore the warning.",
    ),
    "plugin-and-ipam": error(
        "An IPAM plugin as the plugin, or the other way round",
        "IPAM plugins hand out addresses and make no interface: as `type` of the network they fail,"
        " or the pod starts without the interface. A plugin that makes interfaces calls itself when"
        " it is named in `ipam`. Name the one in `type`, the other in `ipam.type`.",
    ),
    "default-network-only": warning(
        "A chain for the pod's first interface only",
        "Cilium's plugin serves a pod's first interface. A chain with it makes sense in"
        " the annotation `v1.multus-cni.io/default-network`, which replaces eth0; pods that name it"
        " among their further networks fail.",
    ),
    "key-in-another-case": warning(
        "A key in another case than documented",
        "Plugins read keys whatever their case, so this works; who looks for the documented key"
        " does not find it. Where one key is there in two cases, the one counts that comes last"
        " among their bytes: lower case after upper case. At the top of a list and in multinet's own"
        " settings case matters.",
    ),
    "key-of-ipam": warning(
        "A key that may be the plugin's, mistyped",
        "An IPAM plugin is handed the whole plugin object, so keys that the plugin does not know"
        " are taken beside an IPAM that is not known here. This one is one slip away from a key of"
        " the plugin's, which then has its default. Correct it, or ignore the warning.",
    ),
    "type-refused": error(
        "This plugin cannot make a secondary network",
        "Multus as a network of its own calls itself until the node gives up; Cilium's plugin"
        " fails on a second interface of the same pod; a name with control characters, or of"
        " more than 255 bytes, is no program's. Use macvlan, ipvlan, bridge or another"
        " plugin that makes an interface.",
    ),
    "type-beside-plugins": error(
        "Both `type` and `plugins`",
        "With a `type` at the top Multus runs that one plugin and never looks at the list. Keep"
        " one of the two.",
    ),
    "misplaced-key": error(
        "A plugin's key at the top of a list",
        "Capabilities, IPAM, `args` and `runtimeConfig` are read from the plugin objects only; at the"
        " top of a list they have no effect, and libcni drops what pods ask for. Move the key into the entry of"
        " `plugins` that it is for.",
    ),
    "no-plugins": error(
        "The list of plugins is empty",
        "Multus v4.3 crashes on an empty list, and with it the attach of the pod. Add at least"
        " one plugin.",
    ),
    "reserved-key": error(
        "The runtime writes this key",
        "`prevResult` is what the plugins before have made, for each pod anew; one that stands in"
        " the network makes a plugin work on interfaces and addresses that are not there.",
    ),
    "not-a-network-name": error(
        "Not a name that libcni takes",
        "libcni refuses every attach to a network whose name has other characters, or is null."
        " Leave the key out: the NAD's name is used.",
    ),
    "unknown-cni-version": error(
        "Not a version of the CNI specification",
        "Plugins compare the version with the ones they speak and refuse any other, with"
        " `incompatible CNI versions`. Use 1.0.0, or 0.3.1 for old plugins.",
    ),
    "cni-version-too-old": error(
        "A plugin does not speak this version",
        "bandwidth and route-override need 0.3.0, vrf 0.3.1 and firewall 0.4.0; below that they"
        " refuse every pod, or work on its eth0."
        ' Set `cniVersion: "1.0.0"`.',
    ),
    "cni-version-too-new": error(
        "A plugin does not speak this version yet",
        "route-override speaks versions up to 1.0.0 and refuses every pod above, with"
        " `incompatible CNI versions`. Set the one that the message names.",
    ),
    "old-cni-version": warning(
        "An old version of the CNI specification",
        "Without `cniVersion`, plugins speak 0.1.0. Results of versions below 0.3.0 hold one"
        " address of each IP family and no interface: an interface without address fails, and"
        " `network-status` lacks names and MACs. An error where the network certainly fails,"
        ' else a warning. Set `cniVersion: "1.0.0"`.',
    ),
    "chained-plugin-first": error(
        "A chained plugin comes first",
        "bandwidth, portmap, tuning, sbr, vrf, firewall and route-override change what a plugin"
        " before them made. First in a list, or alone, they have nothing to change and fail. Put a plugin"
        " that makes an interface before them.",
    ),
    "second-interface": error(
        "Two plugins of a list make the pod's interface",
        "All plugins of a list work on one interface name, so the second one finds it taken and"
        " fails. Make two networks and attach the pod to both.",
    ),
    "ipam-missing": error(
        "The plugin needs an IPAM",
        "ipvlan, vlan, ptp and dummy call an IPAM plugin in any case and fail on an empty type."
        " Add `ipam`, e.g. of type host-local or whereabouts.",
    ),
    "ipam-without-type": warning(
        "An `ipam` without a type is none",
        "Plugins that can do without addresses take an `ipam` without `type` for no IPAM at all:"
        " pods start and have no address on the network. Add the type, or leave `ipam` out.",
    ),
    "no-effect": warning(
        "This has no effect",
        "The plugin reads the key and then does not use it, here. What was meant does not"
        " happen. The message says why; remove the key, or move it where it counts.",
    ),
    "unknown-capability": warning(
        "Not a known capability",
        "Multus passes on ips, mac, portMappings, bandwidth, infinibandGUID and deviceID, by"
        " exactly these names; what pods ask for under another name is dropped silently. Correct"
        " the name.",
    ),
}
