"""whereabouts by its add-on on the rig's nodes: an environment that has it, its pods and its books."""

from __future__ import annotations

import functools
import ipaddress
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.images import whereabouts as image
from tests.cluster.whereabouts import GROUP, NAMESPACE

LAN = "10.66.0.0/16"
AGENT, RECONCILER = "daemonset/multinet-whereabouts", "deployment/multinet-whereabouts-reconciler"
AGENT_PODS = "app.kubernetes.io/component=ipam-agent"
OURS = "test=wide"
PATIENCE = 300.0
_PUT_DOWN = ("/etc/cni", "/opt/cni")


def macvlan(range_: str = LAN, **more: Any) -> dict[str, Any]:
    """A network on the LAN of all nodes, with addresses by whereabouts."""
    ipam = {"type": "whereabouts", "range": range_, **more}
    return {
        "config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam},
    }


class Wide:
    """A cluster of one node or more on one LAN.

    Attributes:
        image: the archive of whereabouts' image, which a node that joins needs, too.
        file: the stack file that was deployed last.
    """

    file: Path

    def __init__(self, cluster: rig.Cluster, *further: rig.FurtherNode, scratch: Path) -> None:
        self.cluster, self.further = cluster, list(further)
        self.image = image.archive(rig.Progress(quiet=True))
        cluster.load_image(self.image)
        self._scratch, self._count = scratch, 0

    def kubectl(self, *arguments: str, input: str | None = None, check: bool = True) -> str:
        return self.cluster.kubectl(*arguments, input=input, check=check, timeout=2 * PATIENCE)

    def join(self) -> rig.FurtherNode:
        """One more node, with the images that a registry would have."""
        joined = self.cluster.join(images=[self.image])
        self.further.append(joined)
        return joined

    # --- the environment ----------------------------------------------------------------

    def rendered(self, networks: Mapping[str, Any], addons: Mapping[str, Any]) -> Path:
        self._count += 1
        directory = self._scratch / str(self._count)
        overrides = {**RigCluster().overrides(), "networks": dict(networks), "addons": dict(addons)}
        self.file = write_stack_file(directory, overrides)
        manifests.render_environment(self.file, directory / "out")
        return directory / "out"

    def deploy(
        self,
        networks: Mapping[str, Any],
        addons: Mapping[str, Any] | None = None,
        edit: Callable[[dict[str, Any]], None] | None = None,
    ) -> Path:
        """Render and apply by the script that is rendered along; the directory.

        `edit` may change each manifest before.
        """
        out = self.rendered(networks, {"whereabouts": True} if addons is None else addons)
        if edit is not None:
            from ruamel.yaml import YAML

            for path in (out / "manifests").glob("[0-9]*.yaml"):
                manifest = YAML(typ="safe").load(path)
                edit(manifest)
                path.write_text(json.dumps(manifest))
        manifests.apply(out, self.cluster)
        return out

    def remove(self, out: Path, only: str = "") -> None:
        """Delete what was rendered, in reverse order; `only`: whose file names have this in them."""
        for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
            if only in path.name:
                self.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))

    def files(self) -> dict[str, list[str]]:
        """Node → what is there below the CNI directories: path, kind, mode, owner, and content."""
        script = (
            f"find {' '.join(_PUT_DOWN)} | sort | while read -r f; do"
            """ stat -c '%n %F %a %u:%g' "$f"; [ ! -f "$f" ] || sha256sum "$f"; done"""
        )
        texts = {"rig": self.cluster.node_run(["sh", "-c", script]).stdout}
        texts |= {n.name: n.run(["sh", "-c", script]).stdout for n in self.further}
        return {node: text.splitlines() for node, text in texts.items()}

    # --- pods ---------------------------------------------------------------------------

    def pod(self, name: str, network: str = "lan", **spec: Any) -> dict[str, Any]:
        made = sample.pod(name, network)
        key, _, value = OURS.partition("=")
        made["metadata"]["labels"] = {key: value}
        made["spec"] |= spec
        return made

    def create(self, names: Iterable[str], network: str = "lan", **spec: Any) -> None:
        items = [self.pod(name, network, **spec) for name in names]
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        self.kubectl("create", "-f", "-", input=text)

    def deployment(self, name: str, replicas: int, network: str = "lan") -> None:
        """Pods that are spread over the nodes."""
        template = self.pod("x", network)
        labels = {**template["metadata"]["labels"], "app": name}
        annotations = template["metadata"]["annotations"]
        spread = {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"app": name}},
        }
        made = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": "default", "labels": labels},
            "spec": {
                "replicas": replicas,
                "selector": {"matchLabels": {"app": name}},
                "template": {
                    "metadata": {"labels": labels, "annotations": annotations},
                    "spec": template["spec"] | {"topologySpreadConstraints": [spread]},
                },
            },
        }
        self.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(made))
        where = (f"deployment/{name}", f"--timeout={PATIENCE:.0f}s")
        self.kubectl("rollout", "status", *where)

    def ready(self, *names: str) -> None:
        pods = [f"pod/{name}" for name in names]
        self.kubectl("wait", "--for=condition=Ready", *pods, f"--timeout={PATIENCE:.0f}s")

    def pods(self) -> list[dict[str, Any]]:
        """The tests' pods that are not on their way out."""
        found = json.loads(self.kubectl("get", "pods", f"--selector={OURS}", "-o=json"))["items"]
        return [p for p in found if "deletionTimestamp" not in p["metadata"]]

    def given(self) -> dict[str, list[str]]:
        """Pod → the addresses of its further interfaces, as Multus wrote them."""
        return {
            pod["metadata"]["name"]: [
                ip
                for status in manifests.network_status(pod)
                if not status.get("default")
                for ip in status.get("ips", [])
            ]
            for pod in self.pods()
        }

    def until_status_is_written(self) -> None:
        """Wait until pods of every node get their network-status.

        Multus's daemon takes up its list of pods some time after the API server is back, and
        until then it attaches a new pod and writes nothing (docs/reliability.md).
        """

        def written(node: str) -> bool:
            name = f"probe-{node}"
            self.create([name], nodeName=node)
            self.ready(name)
            found = self.given()[name]
            self.delete(name)
            return found != []

        for node in ("rig", *(n.name for n in self.further)):
            self.until(functools.partial(written, node), f"{node}: pods get no network-status")

    def told_of_pods(self) -> str:
        """What the API server, the nodes and Multus say of the tests' pods, for a failure."""
        read = self.kubectl("get", "pods", f"--selector={OURS}", "-o=yaml", "--show-managed-fields")
        events = self.kubectl("get", "events", "-o=wide")
        logs = ("-n=kube-system", "-l=app.kubernetes.io/name=multus", "--prefix", "--tail=200")
        return "\n".join((read, events, self.kubectl("logs", *logs, check=False)))

    def delete(self, *names: str, force: bool = False) -> None:
        """Delete pods, by default all of the tests' and their Deployments, and wait for it."""
        how = ("--grace-period=0", "--force") if force else ("--grace-period=1",)
        which = [f"pod/{n}" for n in names] or ["deployments,pods", f"--selector={OURS}"]
        # Not kubectl's own wait: it ends with an error where its watch is cut off.
        self.kubectl("delete", *which, *how, "--wait=false", "--ignore-not-found")
        self.until(lambda: not self._there(names), "pods remain")

    def _there(self, names: tuple[str, ...]) -> list[str]:
        found = self.kubectl("get", "pods", f"--selector={OURS}", "-o=name").split()
        there = [name.removeprefix("pod/") for name in found]
        return [name for name in there if not names or name in names]

    def unreached(self) -> list[str]:
        """Pairs of pods that do not reach each other over the network."""
        given = self.given()
        every = " ".join(ip for ips in given.values() for ip in ips)
        ask = f"for a in {every}; do ping -c 1 -W 5 -I net1 $a >/dev/null || echo $a; done"
        found = []
        for pod in given:
            said = self.kubectl("exec", pod, "--", "sh", "-c", ask, check=False)
            found += [f"{pod} → {address}" for address in said.split()]
        return found

    # --- the books ----------------------------------------------------------------------

    def booked(self) -> list[tuple[str, str]]:
        """Address and pod of every entry in the pools."""
        pools = json.loads(self.kubectl("get", f"ippools.{GROUP}", f"-n={NAMESPACE}", "-o=json"))
        return [
            (str(ipaddress.ip_network(pool["spec"]["range"])[int(offset)]), taken["podref"])
            for pool in pools["items"]
            for offset, taken in pool["spec"]["allocations"].items()
        ]

    def lost(self) -> set[tuple[str, str]]:
        """Entries of pods that do not have the address."""
        having = {(ip, f"default/{pod}") for pod, ips in self.given().items() for ip in ips}
        return set(self.booked()) - having

    def doubled(self) -> list[str]:
        """Addresses that more than one pod has."""
        counts = Counter(ip for ips in self.given().values() for ip in ips)
        return [ip for ip, count in counts.items() if count > 1]

    def agents(self) -> list[dict[str, Any]]:
        found = self.kubectl("get", "pods", f"-n={NAMESPACE}", f"-l={AGENT_PODS}", "-o=json")
        return list(json.loads(found)["items"])

    def log(self, target: str) -> str:
        return self.kubectl("logs", f"-n={NAMESPACE}", target, "--tail=-1", check=False)

    def until(self, condition: Callable[[], bool], otherwise: str | Callable[[], str]) -> float:
        """Wait for a condition and return how long it took; fail with `otherwise`."""
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > PATIENCE:
                raise AssertionError(otherwise if isinstance(otherwise, str) else otherwise())
            time.sleep(0.5)
        return time.monotonic() - started
