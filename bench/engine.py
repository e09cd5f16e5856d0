"""`pulumi up` of many networks, first, unchanged and with one changed, beside a bare program.

Both create the same NetworkAttachmentDefinitions on a real API server by the real engine; the CRD
is there. The bare program makes them from plain dictionaries, without components, types or checks.
Both read them from a file beside them: Pulumi cannot hand a thousand to a program (pulumi#8680).
The state is in a file. After each step Pulumi writes all of it again, so that the time of a first
`up` grows with the square of the resources (pulumi#10668); without these checkpoints it does not.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import rig
from bench.report import Report, plain_scale
from bench.scale import environment
from multinet.multus.objects import custom_resource_definition
from rig import ControlPlane
from rig.demo import engine
from rig.demo.environment import PROJECT_DIR, STACK
from rig.progress import Progress

SIZES = (10, 100, 1_000)
STEPS = ("first", "unchanged", "one changed")
PROGRAMS = ("multinet", "bare")
CHECKPOINTS = {"": True, ", no checkpoints": False}

Figures = dict[str, dict[str, dict[str, float]]]
"""Networks → program, and how its state is kept → step → seconds."""

_COLLECTION = "/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions"
_NETWORKS = "networks.json"
_OURS = (
    "Environment.from_config()",
    f"Environment.from_config(networks=__import__('json').load(open('{_NETWORKS}')))",
)
"""What is read from the file in the project's own program."""

_BARE = f"""\
import json, pulumi
from pulumi_kubernetes import Provider
from pulumi_kubernetes.apiextensions import CustomResource

opts = pulumi.ResourceOptions(provider=Provider("cluster"))
for name, network in json.load(open("{_NETWORKS}")).items():
    CustomResource(
        name, api_version="k8s.cni.cncf.io/v1", kind="NetworkAttachmentDefinition",
        metadata={{"name": name, "namespace": "default"}},
        spec={{"config": json.dumps(network["config"])}},
        opts=opts,
    )
"""


def measure(_rounds: int, progress: Progress) -> Figures:
    """Both programs by turns, for each size, on a bare API server."""
    seconds: Figures = {}
    api_server = ControlPlane("bench-api")
    try:
        api_server.up(progress=progress)
        crd = json.dumps(custom_resource_definition())
        api_server.kubectl("apply", "-f", "-", input=crd)
        for size in SIZES:
            seconds[str(size)] = {}
            for program, (kept, checkpoints) in itertools.product(PROGRAMS, CHECKPOINTS.items()):
                with progress.step(f"engine: {size} networks, {program}{kept}"):
                    measured = _measured(program, size, api_server, checkpoints)
                    seconds[str(size)][program + kept] = measured
    finally:
        api_server.down()
    return seconds


def _measured(
    program: str, size: int, api_server: ControlPlane, checkpoints: bool
) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        project = engine.workspace(Path(scratch))
        text = _BARE if program == "bare" else _ours()
        (project / "__main__.py").unlink()
        (project / "__main__.py").write_text(text)
        config = environment(size) | {"multus": {"enabled": False}}
        _configure(project, config)
        stack = engine.stack(project, api_server.kubeconfig, checkpoints=checkpoints)
        try:
            seconds = {"first": _up(stack), "unchanged": _up(stack)}
            config["networks"]["net-0"]["config"]["mtu"] = 1400
            _configure(project, config)
            seconds["one changed"] = _up(stack)
        finally:
            # All in one request, where `destroy` has one for each; the state goes with the directory.
            api_server.kubectl("delete", "--raw", _COLLECTION)
    return seconds


def _ours() -> str:
    """The project's own program, but for where its networks come from."""
    text = (PROJECT_DIR / "__main__.py").read_text()
    if _OURS[0] not in text:
        raise rig.RigError(f"there is no {_OURS[0]} in __main__.py any more")
    return text.replace(*_OURS)


def _configure(project: Path, config: dict[str, Any]) -> None:
    """The networks, and the stack file with the salt that the engine wrote into it."""
    (project / _NETWORKS).write_text(json.dumps(config["networks"]))
    config = {key: value for key, value in config.items() if key != "networks"}
    file = project / f"Pulumi.{STACK}.yaml"
    salt = [x for x in _lines(file) if x.startswith("encryptionsalt")]
    document = {"config": {f"multinet:{key}": value for key, value in config.items()}}
    file.write_text("\n".join([*salt, *_as_yaml(document)]) + "\n")


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _as_yaml(document: dict[str, Any]) -> list[str]:
    """JSON is YAML, one top-level key to a line."""
    return [f"{key}: {json.dumps(value)}" for key, value in document.items()]


def _up(stack: Any) -> float:
    started = time.monotonic()
    engine.up(stack, lambda _line: None)
    return time.monotonic() - started


def report(seconds: Figures) -> Report:
    """Seconds of each step by each program, and their ratio."""
    rows = []
    for size, programs in seconds.items():
        for step in STEPS:
            row = [size, step]
            for kept in CHECKPOINTS:
                ours, bare = (programs[program + kept][step] for program in PROGRAMS)
                row += [f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.2f}"]
            rows.append(row)

    def draw(axes: Any) -> None:
        for program, kept in itertools.product(PROGRAMS, CHECKPOINTS):
            line = "-" if program == "multinet" else "--"
            figures = [seconds[str(size)][program + kept]["first"] for size in SIZES]
            axes.plot(SIZES, figures, f"o{line}", label=program + kept)
        plain_scale(axes, SIZES)
        axes.set_xlabel("networks")
        axes.set_ylabel("seconds of the first pulumi up")
        axes.legend()

    whose = [x + " n.c." * bool(kept) for kept in CHECKPOINTS for x in (*PROGRAMS, "ratio")]
    columns = ["networks", "up", *whose]
    notes = [
        "Seconds, of one run. When each network was a component and a NAD, 1,000 of them took 3.36"
        " times as long as the bare program at first, 2.22 times unchanged, and 2.12 with one changed.",
        "What remains over a bare program, in bytes of state for each network, of 3,757 beside 2,799"
        " (tests/engine/test_state_size.py): our three annotations, the label and the configuration's"
        " name and line breaks, 256 as inputs, and the same again as what was applied last and as what"
        " the cluster has, 494; where it was declared, 174; the component above it in its URN, 33. The"
        " bare program's own is mostly the SDK's stack trace, 1,104.",
        "In seconds of processor time, of 1,000 networks unchanged and without a cluster, 11.6 beside"
        " 8.4 (one run, at a load of 50): our marks, label and line breaks, which the engine and the"
        " provider read, compare and hand on for each network, 2.0; the alias by which a state of before"
        " knows it, 0.7; loading multinet's types, 0.4, and checking the networks, 0.4.",
        "n.c.: no checkpoints, by PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true. An `up` that"
        " is killed then has no state; the next one takes over what it finds, since it is ours.",
    ]
    return Report("engine", "pulumi up of many networks", columns, rows, notes, draw)
