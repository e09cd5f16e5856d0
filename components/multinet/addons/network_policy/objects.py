"""The objects that the enforcer of policies is made of, as plain data.

Of multi-networkpolicy-nftables v0.1.0 (cmd, pkg/controller, pkg/cri, pkg/nftables).
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, Final

from multinet.addons import daemon_set as each_node
from multinet.addons import rights
from multinet.addons.cri import cri_socket
from multinet.addons.daemon_set import CONFIG_DIR, HOST
from multinet.addons.network_policy.enforced import plugins
from multinet.addons.network_policy.names import CONTAINER, LABELS, NAME
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.names import NAD_GROUP, NAD_PLURAL, POLICY_PLURAL

Manifest = dict[str, Any]

PROGRAM: Final = "multi-networkpolicy-nftables"
RULES: Final = "ipv6.nft"
ALWAYS: Final = (
    *("nd-neighbor-solicit", "nd-neighbor-advert", "nd-router-solicit", "nd-router-advert"),
    *("mld-listener-query", "mld-listener-report", "mld-listener-done", "mld2-listener-report"),
)
"""ICMPv6 that no policy may stop: neighbours and routers are found by it, and switches that look
into multicast hand it on by the listeners' reports. Connection tracking knows none of it.
"""


def account(_: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    """Whom it asks as."""
    return rights.account(NAME, site.multus.namespace, LABELS)


def cluster_role(_: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    """It keeps a copy of four kinds, asks for nothing singly, and writes nothing.

    Upstream's may do everything with policies and networks.
    """
    del site
    verbs = ["list", "watch"]
    rules = [
        {"apiGroups": [NAD_GROUP], "resources": [POLICY_PLURAL, NAD_PLURAL], "verbs": verbs},
        {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": verbs},
    ]
    return rights.role("ClusterRole", NAME, LABELS, rules)


def cluster_role_binding(_: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    """The role to its account."""
    return rights.binding("ClusterRole", NAME, site.multus.namespace, LABELS)


def config_map(_: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    """Rules that stand before every policy's, in nft's language, one a line."""
    rule = f"icmpv6 type {{ {', '.join(ALWAYS)} }} accept"
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {RULES: f"{rule}\n"},
    }


def daemon_set(settings: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    """The enforcer on every node, one at a time there: two would write the same tables.

    While there is none the rules that pods have stay.
    """
    read = json.dumps(config_map(settings, site)["data"])
    pod, namespace = _pod(settings, site), site.multus.namespace
    return each_node.daemon_set(
        NAME, namespace, LABELS, rolling=each_node.ONE_AT_A_TIME, read=read, pod=pod
    )


def _pod(settings: NetworkPolicyAddonSettings, site: SiteSettings) -> Manifest:
    socket = cri_socket(settings.cri_socket, site.multus)
    # Its directory: a socket that the runtime makes anew is seen.
    directories = {"runtime": str(PurePosixPath(socket).parent), "proc": "/proc"}
    container = {
        "name": CONTAINER,
        "image": settings.effective_image(site.multus.registry or ""),
        "command": _command(settings, site, socket),
        "readinessProbe": {
            "exec": {"command": ["/bin/sh", "-c", _able(socket)]},
            "periodSeconds": 5,
            "timeoutSeconds": 5,
        },
        "resources": {
            "requests": {"cpu": "20m", "memory": "64Mi"},
            "limits": {"memory": "512Mi"},
        },
        "securityContext": _CONFINED,
    }
    return each_node.asking_pod(NAME, site.multus, container, directories, missing="Directory")


def _command(settings: NetworkPolicyAddonSettings, site: SiteSettings, socket: str) -> list[str]:
    """The program with its flags; it takes pods for its node's by the node's name."""
    rules = f"{CONFIG_DIR}/{RULES}"
    return [
        f"/{PROGRAM}",
        "--hostname-override=$(NODE_NAME)",
        f"--host-prefix={HOST}",
        f"--container-runtime-endpoint={socket}",
        f"--network-plugins={','.join(plugins(settings, site))}",
        f"--custom-v6-ingress-rule-file={rules}",
        f"--custom-v6-egress-rule-file={rules}",
        *(["--accept-icmp", "--accept-icmpv6"] if settings.icmp else []),
        "--zap-log-level=info",
    ]


def _able(socket: str) -> str:
    """Whether it can do its work on this node: it tries nothing itself until there is a pod."""

    def says(test: str, why: str) -> str:
        return f'{test} || {{ echo "{why}" >&2; exit 1; }}'

    lines = [
        says(f"test -S {HOST}{socket}", f"no container runtime listens at {socket}: criSocket"),
        says(f"test -e {HOST}/proc/1/ns/net", "the node does not show it network namespaces"),
        says("nft list tables >/dev/null", "the kernel gives it no nftables"),
    ]
    return "\n".join(lines)


# By what it does: it opens the network namespace of another one's process (SYS_PTRACE), goes into it
# (SYS_ADMIN) and writes rules there (NET_ADMIN). Upstream's is privileged, with the whole node and
# its network; here are its processes, read-only, and the runtime's directory.
_CONFINED: Final[Manifest] = {
    "readOnlyRootFilesystem": True,
    "runAsUser": 0,
    "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE"]},
    "seccompProfile": {"type": "RuntimeDefault"},
    # AppArmor's default and SELinux keep containers from other containers' processes, and SELinux
    # from the runtime's socket.
    "appArmorProfile": {"type": "Unconfined"},
    "seLinuxOptions": {"type": "spc_t"},
}
