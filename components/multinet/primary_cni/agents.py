"""The agents of primary CNIs: how they are told among a cluster's DaemonSets. Pure.

By the names that their projects' own manifests and charts give them; of distributions, theirs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final


@dataclasses.dataclass(frozen=True, slots=True)
class Agent:
    """A primary CNI's agent.

    Attributes:
        project: as users know it.
        file: the configuration that it writes on each node; empty: it depends.
        namespace: that it has to be in, where its name alone says little; empty: any.
    """

    project: str
    file: str = ""
    namespace: str = ""


_FLANNEL = Agent("Flannel", "10-flannel.conflist")
_CANAL = Agent("Canal", "10-canal.conflist")

AGENTS: Final[Mapping[str, Agent]] = {
    "anetd": Agent("GKE Dataplane V2", "10-gke-ptp.conflist"),
    "antrea-agent": Agent("Antrea", "10-antrea.conflist"),
    "aws-node": Agent("the AWS VPC CNI", "10-aws.conflist"),
    "azure-cns": Agent("Azure CNI"),  # 10-azure, or 15-azure-swift-overlay
    "calico-node": Agent("Calico", "10-calico.conflist"),
    "canal": _CANAL,
    "cilium": Agent("Cilium", "05-cilium.conflist"),
    "hybridnet-daemon": Agent("Hybridnet"),
    "kilo": Agent("Kilo", "10-kilo.conflist"),
    "kindnet": Agent("kindnet", "10-kindnet.conflist"),
    "kube-flannel": _FLANNEL,  # Talos, Kubespray
    "kube-flannel-ds": _FLANNEL,
    "kube-ovn-cni": Agent("Kube-OVN", "01-kube-ovn.conflist"),
    "kube-router": Agent("kube-router", "10-kuberouter.conflist"),  # also k0s
    "netd": Agent("GKE's netd", "10-gke-ptp.conflist", "kube-system"),
    "nsx-node-agent": Agent("NSX", namespace="nsx-system"),
    "ovnkube-node": Agent("OVN-Kubernetes", "10-ovn-kubernetes.conf"),
    "rke2-canal": _CANAL,
    "rke2-flannel": _FLANNEL,
    "sdn": Agent("OpenShift SDN", "80-openshift-network.conf", "openshift-sdn"),
    "terway-eni": Agent("Terway"),  # 10-terway.conf or .conflist
    "terway-eniip": Agent("Terway"),
    "weave-net": Agent("Weave Net", "10-weave.conflist"),
}

_OF_ARCHITECTURE = re.compile(r"-(amd64|arm64|arm|ppc64le|s390x)")


def agent_of(daemon_set: Mapping[str, Any]) -> Agent | None:
    """The primary CNI whose agent a DaemonSet runs; None: no one's that is known."""
    name = str(daemon_set["metadata"]["name"])
    found = AGENTS.get(_OF_ARCHITECTURE.sub("", name))  # flannel had one for each, until 0.11
    if found is None or found.namespace in ("", daemon_set["metadata"].get("namespace")):
        return found
    return None


def is_ciliums(file: str) -> bool:
    """Whether a configuration file of that name is Cilium's: `05-cilium.conf` until 1.13."""
    return "cilium" in file.lower()
