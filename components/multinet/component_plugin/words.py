"""A property's description: what its model's docstring says about the key, or what is said here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME = r"[a-z][a-z0-9_]*"

MORE: Mapping[str, Mapping[str, str]] = {
    "AdoptSettings": {
        "plugin": "Its `cni-exclusive` is set to false, and its agents restart once to read it.",
        "configMap": "Name of that Cilium's ConfigMap.",
        "daemonSet": "Name of that Cilium's DaemonSet.",
    },
    "ApiServerSettings": {"host": "Address or name.", "port": "TCP port."},
    "CalicoSettings": {
        "encapsulation": "Between nodes, of IPv4 pools.",
        "encapsulationIpv6": "The same for IPv6 pools; absent: as for IPv4.",
        "natOutgoingIpv6": "The same for IPv6; absent: as for IPv4.",
        "blockSizeIpv6": "The same for IPv6, 116 to 128.",
        "bgp": "Whether BGP runs between the nodes.",
        "dataplane": "What Calico programs on the nodes.",
    },
    "CiliumSettings": {
        "kubeProxyReplacement": "Whether Cilium serves services in place of kube-proxy.",
        "tunnelProtocol": "Between nodes, with routingMode tunnel.",
        "routingMode": "How packets travel between nodes.",
        "autoDirectNodeRoutes": "Routes to each other node of one L2, with routingMode native.",
        "ipamMode": "Who gives each node its share of the pod network.",
        "maskSizeIpv6": "The same for IPv6.",
        "hubble": "Whether flows are recorded.",
        "operatorReplicas": "How many operators run.",
    },
    "CniPluginsSettings": {
        "source": "check: they must be there; mirror: the node downloads them; archive: uploaded.",
        "url": "With source mirror: the directory that holds the archives.",
        "archive": "With source archive: path of the archive on the machine that runs the program.",
        "version": "Release of the reference plugins.",
    },
    "LinkSettings": {
        "kind": "Whether it is there, or made: a VLAN interface or a bridge.",
        "parent": "Of a VLAN interface: the link it is on.",
        "vlan": "Of a VLAN interface: its tag, 1 to 4094.",
        "ports": "Of a bridge: links that become its ports.",
        "vlanFiltering": "Of a bridge: whether it tells VLANs apart.",
        "vfs": "SR-IOV virtual functions.",
        "change": "Set mtu, promisc and vfs on a link that is there, and restore them at a destroy.",
    },
    "MultusSettings": {
        "enabled": "false: the cluster has a Multus that others manage.",
        "mode": "thick: a daemon on each node and a shim; thin: one binary, no daemon.",
        "namespace": "Where Multus runs.",
        "image": "A whole reference, by tag or better by digest; absent: the pinned release.",
        "globalNamespaces": "Namespaces whose networks every pod may use.",
        "distribution": "Which CNI directories the nodes have.",
        "cniConfDir": "Directory of CNI configurations on the nodes; absent: the distribution's.",
        "cniBinDir": "Directory of CNI plugins on the nodes; absent: the distribution's.",
        "apiServer": "How Multus reaches the API server where services do not work yet.",
        "logLevel": "How much Multus logs.",
        "resources": "Requests and limits of Multus's container.",
        "rolloutTimeout": "How long it may take to be ready on every node, such as 10m.",
    },
    "NetworkSettings": {
        "config": (
            "The CNI configuration in the specification's own keys: an object, its JSON text, or"
            " the list form with `plugins`."
        ),
        "namespace": "Of the NetworkAttachmentDefinition.",
        "resourceName": "Of a device plugin, such as SR-IOV's; Multus hands the device on.",
        "labels": "Of the NetworkAttachmentDefinition.",
        "annotations": "Of the NetworkAttachmentDefinition.",
    },
    "NodeSettings": {
        "host": "Address or name; absent: the node's name.",
        "proxy": "A jump host that the connection goes through.",
        "local": "It is the machine that runs the program.",
        "dialAttempts": "Tries after a first failed connection, with growing pauses.",
        "dialTimeout": "Seconds for each try.",
        "lost": "It is gone for good: nothing is run on it any more, also not to undo.",
        "labels": "Of the Kubernetes node, for networks' nodeSelector.",
        "architecture": "Of the machine.",
        "links": "Link's name → what is known of it, or made.",
        "sysctls": "Kernel settings: name → value, set now and at every boot.",
        "modules": "Kernel modules, loaded now and at every boot.",
        "cniPlugins": "Where the CNI reference plugins come from.",
        "dhcpDaemon": "systemd: one is run where a network uses dhcp; check: others run it.",
    },
    "PrimaryCniSettings": {
        "plugin": "Which one. existing: the cluster has one that others manage.",
        "podCidrs": "The pods' networks, in CIDR notation.",
        "serviceCidrs": "The services' networks, in CIDR notation.",
        "version": "Release; absent: the pinned one.",
        "chart": "Where its chart comes from.",
        "calico": "Options of Calico.",
        "cilium": "Options of Cilium.",
        "waitForRollout": "Whether an update waits until the primary is ready on every node.",
        "rolloutTimeout": "How long it waits, such as 15m.",
    },
    "ProxySettings": {"host": "Address or name."},
    "ResourceAmounts": {"cpu": "Such as 100m; absent: none.", "memory": "Such as 64Mi."},
    "ResourceSettings": {"requests": "What is kept for it.", "limits": "What it may take."},
    "SshSettings": {
        "port": "Of the SSH server.",
        "user": "root, or one who may run `sudo -n`.",
        "privateKey": "An OpenSSH private key; absent: the agent's keys.",
        "privateKeyPassword": "Of the private key, where it has one.",
        "agentSocketPath": "Of the SSH agent; absent: SSH_AUTH_SOCK of the environment.",
        "hostKey": "The server's public key, as ssh-keyscan prints it without the host.",
    },
}
"""Model → key → description, where the docstring has none or one that needs its neighbours."""


def summary(docstring: str) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())


def descriptions(docstring: str, keys: Iterable[str]) -> dict[str, str]:
    """camelCase key → what the docstring says about it; keys that it does not name are absent.

    >>> descriptions("A thing.\\n\\nthe_size, mtu: in bytes. name: of it.", ["theSize", "mtu"])
    {'theSize': 'In bytes.', 'mtu': 'In bytes.'}
    """
    by_word = {word(key): key for key in keys}
    text = " ".join(docstring.split())
    starts = [
        match
        for match in re.finditer(rf"(?<![\w`])({_NAME}(?:, {_NAME})*): ", text)
        if all(name in by_word for name in match[1].split(", "))
    ]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    found: dict[str, str] = {}
    for i, start in enumerate(starts):
        said = text[start.end() : ends[i]].strip().rstrip(";.,") + "."
        for name in start[1].split(", "):
            found[by_word[name]] = _as_written(said[:1].upper() + said[1:], by_word)
    return found


def _as_written(text: str, by_word: Mapping[str, str]) -> str:
    """The text with keys spelled as users spell them."""
    return re.sub(_NAME, lambda m: by_word.get(m[0], m[0]) if "_" in m[0] else m[0], text)


def word(key: str) -> str:
    """`cniConfDir` → `cni_conf_dir`."""
    return _CAPITAL.sub("_", key).lower()


def with_default(text: str, rule: Mapping[str, Any]) -> str:
    """The description, and the default where there is a plain one."""
    default = rule.get("default")
    if default is None or default in ("", [], {}) or isinstance(default, dict):
        return text
    if isinstance(default, list):
        shown = ", ".join(map(str, default))
    else:
        shown = default if isinstance(default, str) else str(default).lower()
    return f"{text} Default: {shown}."
