"""The agents of primary CNIs: how they are told among a cluster's DaemonSets, and what they write. Pure.

By the names that their projects' own manifests and charts give them; of distributions, theirs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
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

CONF_FILE: Final = "multinet.dev/conf-file"
"""Annotation of an agent's DaemonSet: the file that the nodes have, where it writes another."""

_EMBEDDED: Final = "flannel.alpha.coreos.com/backend-type"
"""Annotation of k3s's nodes: it runs Flannel without a DaemonSet."""

_NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.conf(?:list)?\b")
_BY_ENVIRONMENT = "CNI_CONF_NAME"  # Calico's installer and Canal's
_CILIUMS = "write-cni-conf-when-ready"  # key of ConfigMap cilium-config
_OF_ARCHITECTURE = re.compile(r"-(amd64|arm64|arm|ppc64le|s390x)")


def agent_of(daemon_set: Mapping[str, Any]) -> Agent | None:
    """The primary CNI whose agent a DaemonSet runs; None: no one's that is known."""
    name = str(daemon_set["metadata"]["name"])
    found = AGENTS.get(_OF_ARCHITECTURE.sub("", name))  # flannel had one for each, until 0.11
    if found is None or found.namespace in ("", daemon_set["metadata"].get("namespace")):
        return found
    return None


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """An agent that was found.

    Attributes:
        name: of its DaemonSet, `namespace/name`; empty: it has none.
        writes: the file that the nodes have of it; empty: not known.
        names: other such files that its DaemonSet names, or that it was told by hand.
    """

    agent: Agent
    name: str
    writes: str
    names: frozenset[str] = frozenset()


def running(
    daemon_sets: Iterable[Mapping[str, Any]],
    nodes: Iterable[Mapping[str, Any]] = (),
    cilium: Mapping[str, str] | None = None,
) -> list[Running]:
    """The agents of a cluster. `cilium`: data of its ConfigMap cilium-config, where it has one."""
    found = [_found(agent, item, cilium or {}) for item in daemon_sets if (agent := agent_of(item))]
    if not found and any(_EMBEDDED in _annotations(node) for node in nodes):
        return [Running(_FLANNEL, "", _FLANNEL.file)]
    return found


def _found(agent: Agent, item: Mapping[str, Any], cilium: Mapping[str, str]) -> Running:
    metadata = item["metadata"]
    told = dict(_environment(item)).get(_BY_ENVIRONMENT, "")
    if agent is AGENTS["cilium"]:
        told = cilium.get(_CILIUMS, "").rpartition("/")[2]
    by_hand = _annotations(item).get(CONF_FILE, "")
    names = frozenset(m for word in _words(item) for m in _NAMED.findall(word)) | {by_hand}
    name = f"{metadata.get('namespace', '')}/{metadata['name']}".lstrip("/")
    return Running(agent, name, by_hand or told or agent.file, names - {""})


def _containers(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    pod = item["spec"]["template"]["spec"]
    yield from pod.get("initContainers") or ()
    yield from pod.get("containers") or ()


def _environment(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for container in _containers(item):
        for entry in container.get("env") or ():
            yield str(entry.get("name")), str(entry.get("value") or "")


def _words(item: Mapping[str, Any]) -> Iterator[str]:
    for container in _containers(item):
        for word in (*(container.get("command") or ()), *(container.get("args") or ())):
            yield str(word)
    yield from (value for _, value in _environment(item))


def _annotations(item: Mapping[str, Any]) -> Mapping[str, str]:
    return item["metadata"].get("annotations") or {}


def is_ciliums(file: str) -> bool:
    """Whether a configuration file of that name is Cilium's: `05-cilium.conf` until 1.13."""
    return "cilium" in file.lower()
