"""Clusters on which networks work, recorded: what a test takes away, verify has to tell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.unit.live.recorded import NADS, Recorded

Object = dict[str, Any]

NETWORKS = "k8s.v1.cni.cncf.io/networks"
STATUS = "k8s.v1.cni.cncf.io/network-status"
READY = {"type": "Ready", "status": "True"}
CONF_FILE = "10-x.conflist"
SERVICE = "10.233.0.1:443"


def stack_file(directory: Path, networks: Mapping[str, Any], **sections: Any) -> Path:
    """An environment with an existing primary."""
    primary = {"plugin": "existing", "confFile": CONF_FILE, "podCidrs": ["10.233.64.0/18"]}
    config = {"primaryCni": primary, "networks": dict(networks), **sections}
    file = directory / "Pulumi.here.yaml"
    with file.open("w") as out:
        YAML(typ="safe").dump({"config": {f"multinet:{k}": v for k, v in config.items()}}, out)
    return file


def node(name: str, *, ready: bool = True, address: str = "", **labels: str) -> Object:
    addresses = [{"type": "InternalIP", "address": address}] if address else []
    conditions = [READY if ready else {"type": "Ready", "status": "Unknown"}]
    return {
        "metadata": {"name": name, "labels": labels},
        "spec": {},
        "status": {"conditions": conditions, "addresses": addresses},
    }


def daemon_set(name: str = "multinet-multus", namespace: str = "kube-system") -> Object:
    container = {
        "name": "multus",
        "image": "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0-thick",
        "command": ["/bin/sh", "/etc/cni/net.d/multus.d/daemon.sh", CONF_FILE],
    }
    volume = {"name": "daemon-config", "configMap": {"name": "multinet-multus-daemon"}}
    return {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": {"app": "multus"}},
            "template": {"spec": {"containers": [container], "volumes": [volume]}},
        },
    }


def multus_pod(on: str, namespace: str = "kube-system") -> Object:
    return {
        "metadata": {"name": f"multus-{on}", "namespace": namespace, "labels": {"app": "multus"}},
        "spec": {"nodeName": on},
        "status": {
            "phase": "Running",
            "conditions": [READY],
            "containerStatuses": [{"name": "multus", "ready": True, "state": {"running": {}}}],
        },
    }


class Working(Recorded):
    """A cluster whose nodes attach pods to networks; addresses are counted on each node.

    Attributes:
        given: network and node → addresses that it gives, in order; else each node has its own.
        silent: nodes whose runtime does not call Multus.
        unreachable: addresses that answer nobody; refusing: those that refuse.
        never: networks whose pods never start.
        routes: network → a further route of its pods, as `ip route` prints it.
        failing: networks (empty: pods without any) → what of their pods' eth0 fails: `probe`,
            `service`, `pod`.
        late: networks (empty as above) whose pods reach the Service from their second try on.
        mtu: node → that of its pods' eth0, where it is not 1450.
    """

    def __init__(self, *nodes: Object, networks: Mapping[str, Any] | None = None) -> None:
        super().__init__(started=self._start, answers=self._answer)
        self.given: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.unreachable: set[str] = set()
        self.refusing: set[str] = set()
        self.never: set[str] = set()
        self.routes: dict[str, str] = {}
        self.failing: dict[str, set[str]] = {}
        self.late: set[str] = set()
        self._tried: Counter[str] = Counter()
        self.mtu: dict[str, int] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        conf = {"multusMasterCNI": CONF_FILE, "chrootDir": "/hostroot"}
        self.lists |= {
            "/api/v1/nodes": list(nodes),
            "/apis/apps/v1/daemonsets": [daemon_set()],
            "/api/v1/pods": [multus_pod(n["metadata"]["name"]) for n in nodes],
            "/api/v1/events": [],
            "/api/v1/configmaps": [
                {
                    "metadata": {"name": "multinet-multus-daemon", "namespace": "kube-system"},
                    "data": {"daemon-config.json": json.dumps(conf)},
                }
            ],
            NADS: [nad(name, entry) for name, entry in (networks or {}).items()],
        }

    def event(self, pod: str, message: str) -> None:
        """What the kubelet says of a pod of verify's that does not start."""
        self.lists["/api/v1/events"].append(
            {
                "metadata": {"name": f"e-{pod}", "namespace": "default"},
                "involvedObject": {"kind": "Pod", "name": pod},
                "type": "Warning",
                "message": message,
            }
        )

    def _start(self, pod: Object) -> None:
        (term,) = pod["spec"]["affinity"]["nodeAffinity"][
            "requiredDuringSchedulingIgnoredDuringExecution"
        ]["nodeSelectorTerms"]
        on = term["matchFields"][0]["values"][0]
        pod["spec"]["nodeName"] = on
        asked = [a for a in pod["metadata"]["annotations"].get(NETWORKS, "").split(",") if a]
        if self.never & {a.partition("@")[0] for a in asked}:
            return
        probed = "readinessProbe" in pod["spec"]["containers"][0]
        ready = not probed or "probe" not in self._fails(pod)
        pod["status"] = {
            "phase": "Running",
            "conditions": [READY] if ready else [],
            "containerStatuses": [{"name": "verify", "state": {"running": {}}}],
        }
        own = self._next("eth0", on, "10.233.64")
        pod["status"] |= {"podIP": own, "podIPs": [{"ip": own}]}
        if on in self.silent:
            return
        status = [{"name": "cbr0", "interface": "eth0", "default": True}]
        for one in asked:
            network, _, interface = one.partition("@")
            status.append(
                {
                    "name": network,
                    "interface": interface,
                    "ips": [self._next(network, on, "10.7.0")],
                }
            )
        pod["metadata"]["annotations"][STATUS] = json.dumps(status)

    def _fails(self, pod: Object) -> set[str]:
        return set().union(*(self.failing.get(name, set()) for name in _networks(pod)))

    def _look(self, pod: Object, asked: list[str]) -> str:
        """What `pod.look` prints in it."""
        fails = self._fails(pod)
        self._tried[pod["metadata"]["name"]] += 1
        if self._tried[pod["metadata"]["name"]] == 1 and self.late & _networks(pod):
            fails = fails | {"service"}
        status = json.loads(pod["metadata"]["annotations"].get(STATUS, "[]"))
        routes = [
            f"{route} dev {entry['interface']}"
            for entry in status
            if (route := self.routes.get(entry["name"]))
        ]
        own = pod["status"]["podIP"]
        mtu = self.mtu.get(pod["spec"]["nodeName"], 1450)
        said = [_ip(pod, own, routes).replace("mtu 1450", f"mtu {mtu}", 1), "---"]
        if asked[:1] == ["service"]:
            asked = [SERVICE, *asked[1:]]
            said.append(f"service {SERVICE}")
        for endpoint in asked:
            way = "service" if endpoint == SERVICE else "pod"
            address = endpoint.rpartition(":")[0]
            names = (p["metadata"]["name"] for p in self.pods)
            of = {
                (p.get("status") or {}).get("podIP"): n
                for p, n in zip(self.pods, names, strict=True)
            }
            answer = "HTTP/1.0 400 Bad Request" if way == "service" else of[address]
            said.append(f"{endpoint} {'wget: download timed out' if way in fails else answer}")
        return "\n".join([*said, ""])

    def _next(self, network: str, on: str, prefix: str) -> str:
        number = self._counts[network, on]
        self._counts[network, on] += 1
        given = self.given.get((network, on))
        own = {"n1": 2, "n2": 102}.get(on) or 20 * int(on.removeprefix("n"))
        return given[number] if given else f"{prefix}.{own + number}"

    def _answer(self, pod: str, command: list[str]) -> str:
        there = {p["metadata"]["name"]: p for p in self.pods}
        if command[3:4] != ["reach"]:
            return self._look(there[pod], command[4:])
        owners = {
            ip: name
            for name, p in there.items()
            for entry in json.loads((p["metadata"].get("annotations") or {}).get(STATUS, "[]"))
            for ip in entry.get("ips", ())
        }
        said = []
        for endpoint in command[4:]:
            address = endpoint.rpartition(":")[0]
            answer = owners[address]
            if address in self.unreachable:
                answer = "wget: download timed out"
            if address in self.refusing:
                answer = f"wget: can't connect to remote host ({address}): Connection refused"
            said.append(f"{endpoint} {answer}\n")
        return "".join(said)


Serve = Callable[..., tuple[Working, str]]
"""The fixture `served`: networks, nodes and sections → the cluster, and its stack file."""


def _networks(pod: Object) -> set[str]:
    """Those that a pod asks for; of one without any, the empty name."""
    asked = pod["metadata"]["annotations"].get(NETWORKS, "").split(",")
    return {one.partition("@")[0] for one in asked}


def routed(destination: str, **around: Any) -> dict[str, Any]:
    """A network with a route, and an entry's other keys."""
    network = lan(range="10.9.0.0/24", gateway="10.9.0.1", routes=[{"dst": destination}])
    return {**network, **around}


def codes(row: Mapping[str, Any], key: str = "findings") -> list[str]:
    """The codes of a row's findings, or of its causes."""
    return [finding["code"] for finding in row[key]]


def _ip(pod: Object, own: str, more: list[str]) -> str:
    """What `ip` prints in it; `own`: eth0's address."""
    lines = [
        "2: eth0@if8: <BROADCAST,UP> mtu 1450 qdisc noqueue",
        f"    inet {own}/24 scope global",
    ]
    routes = [*more, "default via 10.233.64.1 dev eth0", "10.233.64.0/24 dev eth0"]
    status = json.loads(pod["metadata"]["annotations"].get(STATUS, "[]"))
    for i, entry in enumerate(e for e in status if e["interface"] != "eth0"):
        lines.append(f"{i + 3}: {entry['interface']}@if9: <BROADCAST,UP> mtu 1500 qdisc noqueue")
        lines.append(f"    link/ether 02:00:00:00:00:0{i} brd ff:ff:ff:ff:ff:ff")
        lines += [f"    inet {ip}/24 scope global" for ip in entry.get("ips", ())]
        routes += [f"10.7.0.0/24 dev {entry['interface']}"] if entry.get("ips") else []
    return "\n".join([*lines, "---", *routes, "---", ""])


def nad(name: str, entry: Mapping[str, Any]) -> Object:
    return {
        "metadata": {"name": name, "namespace": entry.get("namespace", "default")},
        "spec": {"config": json.dumps({"name": name, **entry["config"]})}
        if "config" in entry
        else {},
    }


def lan(**ipam: Any) -> dict[str, Any]:
    """A macvlan network whose addresses the whole cluster hands out."""
    books = {"type": "whereabouts", "range": "10.7.0.0/24", **ipam}
    return {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1", "ipam": books}}


def per_node() -> dict[str, Any]:
    """The same, handed out by each node for itself."""
    books = {"type": "host-local", "subnet": "10.7.0.0/24"}
    return {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1", "ipam": books}}
