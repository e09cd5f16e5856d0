"""Validation, checks and rendering of 10 to 10,000 networks, beside a bare Pulumi program.

The bare program registers the same objects, with the same parents, provider and dependencies,
from plain dictionaries: no types, no checks, no outputs. It runs under the same monitor, and is
handed Multus's manifests ready-made.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report import Report, plain_scale
from rig.progress import Progress

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10, 100, 1_000, 10_000)
WORK = ("validate", "checks", "render", "bare")

Figures = dict[str, dict[str, dict[str, float]]]
"""Networks → piece of work → `seconds` of processor time, and `mib` at most."""

_BARE = """\
import json, pulumi
from pulumi import ResourceOptions as Opts
from pulumi_command import local
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinitionPatch
from pulumi_kubernetes.apps.v1 import DaemonSet
from pulumi_kubernetes.core.v1 import ConfigMap, ServiceAccount
from pulumi_kubernetes.rbac.v1 import ClusterRole, ClusterRoleBinding

config = pulumi.Config("multinet")
plain = {m["kind"]: m for m in json.loads(config.require("multus"))}
cluster = Provider("cluster")
metadata = {kind: m["metadata"] for kind, m in plain.items()}


class Multus(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("bare:index:Multus", "multus", None, Opts(providers=[cluster]))
        child = Opts(parent=self)
        kind = "CustomResourceDefinition"
        spec = plain[kind]["spec"]
        crd = CustomResourceDefinitionPatch("crd", metadata=metadata[kind], spec=spec, opts=child)
        removal = local.Command("removal", delete="true", opts=Opts(parent=self, depends_on=[crd]))
        kind = "ClusterRole"
        role = ClusterRole(
            "role", metadata=metadata[kind], rules=plain[kind]["rules"], opts=child
        )
        kind = "ServiceAccount"
        account = ServiceAccount("account", metadata=metadata[kind], opts=child)
        kind = "ClusterRoleBinding"
        binding = ClusterRoleBinding(
            "binding",
            metadata=metadata[kind],
            role_ref=plain[kind]["roleRef"],
            subjects=plain[kind]["subjects"],
            opts=Opts(parent=self, depends_on=[role]),
        )
        kind = "ConfigMap"
        data = ConfigMap("config", metadata=metadata[kind], data=plain[kind]["data"], opts=child)
        kind = "DaemonSet"
        self.last = DaemonSet(
            "daemonset",
            metadata=metadata[kind],
            spec=plain[kind]["spec"],
            opts=Opts(parent=self, depends_on=[removal, account, binding, data]),
        )
        self.register_outputs({})


class Network(pulumi.ComponentResource):
    def __init__(self, name, network, opts):
        super().__init__("bare:index:Network", name, None, opts)
        CustomResource(
            f"{name}-nad", api_version="k8s.cni.cncf.io/v1", kind="NetworkAttachmentDefinition",
            metadata={
                "name": name,
                "namespace": "default",
                "labels": {"app.kubernetes.io/part-of": "multinet"},
                "annotations": {"multinet.dev/owner": "bare", "pulumi.com/patchFieldManager": "m"},
            },
            spec={"config": json.dumps(network["config"])},
            opts=Opts(parent=self),
        )
        self.register_outputs({})


running = Opts(providers=[cluster], depends_on=[Multus().last])
for name, network in json.loads(config.require("networks")).items():
    Network(name, network, running)
"""


def environment(count: int) -> dict[str, Any]:
    """A configuration with `count` networks that overlap nowhere, on 64 links."""
    networks = {}
    for i in range(count):
        subnet = f"{172 + i // 65536}.{i // 256 % 256}.{i % 256}.0/24"
        networks[f"net-{i}"] = {
            "config": {
                "cniVersion": "1.0.0",
                "type": "macvlan",
                "master": f"eth{i % 64}",
                "mode": "bridge",
                "mtu": 1500,
                "ipam": {"type": "whereabouts", "range": subnet},
            }
        }
    return {"primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"}, "networks": networks}


def measure(_rounds: int, progress: Progress) -> Figures:
    """Each figure in a process of its own: processor seconds without imports, and peak memory."""
    figures: Figures = {}
    for size in SIZES:
        with progress.step(f"{size} networks"):
            figures[str(size)] = {work: _measured(work, size) for work in WORK}
    return figures


def _measured(work: str, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.scale", work, str(size)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return measured


def _one(work: str, size: int) -> dict[str, float]:
    """In this process: processor seconds and peak MiB of one piece of work."""
    do = _prepared(work, size)
    started = time.process_time()
    do()
    seconds = time.process_time() - started
    return {"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _prepared(work: str, size: int) -> Callable[[], object]:
    import multinet.environment  # noqa: F401 (imports are not what is measured)
    from multinet import render
    from multinet.names import PROJECT
    from multinet.stack.across import check_across
    from multinet.stack.load import check_config
    from multinet.stack.settings import StackSettings

    config = environment(size)
    if work == "validate":
        return lambda: check_config(config)
    if work == "checks":
        settings = StackSettings.model_validate(config, by_alias=True, by_name=False)
        return lambda: check_across(settings, [])
    if work == "render":
        return lambda: render.run(ROOT / "__main__.py", PROJECT, "bench", config)
    bare = Path(tempfile.mkdtemp()) / "__main__.py"
    bare.write_text(_BARE)
    given = {"networks": config["networks"], "multus": _multus_manifests()}
    return lambda: render.run(bare, PROJECT, "bench", given)


def _multus_manifests() -> list[dict[str, Any]]:
    from multinet.multus import objects
    from multinet.multus.settings import MultusSettings

    settings = MultusSettings()
    made = [
        objects.custom_resource_definition(),
        objects.cluster_role(settings),
        objects.service_account(settings),
        objects.cluster_role_binding(settings),
        objects.config_map(settings, "10-x.conflist"),
        objects.daemon_set(settings, "10-x.conflist"),
    ]
    return [manifest for manifest in made if manifest]


def report(figures: Figures) -> Report:
    """Times, the ratio to the bare program, and how each grows."""
    rows = []
    for size, works in figures.items():
        ratio = works["render"]["seconds"] / works["bare"]["seconds"]
        times = [f"{works[w]['seconds']:.3f}" for w in WORK]
        memory = [f"{works[w]['mib']:.0f}" for w in ("render", "bare")]
        rows.append([size, *times, f"{ratio:.2f}", *memory])
    notes = [
        "validate: types and checks. checks: those across networks alone. render: the whole program.",
        *(
            f"{work} grows as n^{_exponent(figures, work):.2f} from 1,000 to 10,000"
            for work in WORK
        ),
    ]

    def draw(axes: Any) -> None:
        for work in WORK:
            axes.plot(SIZES, [figures[str(n)][work]["seconds"] for n in SIZES], "o-", label=work)
        plain_scale(axes, SIZES)
        axes.set_xlabel("networks")
        axes.set_ylabel("seconds")
        axes.legend()

    columns = ["networks", *(f"{w} s" for w in WORK), "render / bare", "render MiB", "bare MiB"]
    return Report("scale", "Environments of many networks", columns, rows, notes, draw)


def _exponent(figures: Figures, work: str) -> float:
    return math.log10(figures["10000"][work]["seconds"] / figures["1000"][work]["seconds"])


if __name__ == "__main__":
    print(json.dumps(_one(sys.argv[1], int(sys.argv[2]))))
