"""Whatever we create: one that somebody else has made before is asked for, and left as it is."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rig
from multinet import render
from multinet.addons.network_policy import crd as policies
from multinet.cli.app import app
from multinet.multus.objects import custom_resource_definition
from multinet.names import OWNER
from multinet.preflight.wanted import name_of, wanted
from multinet.stack.load import check_config
from multinet.stack.settings import AddonsSettings
from rig.demo.manifests import wait_for_crd
from rig.errors import CommandError
from tests.conftest import ROOT
from tests.unit.preflight.clusters import refused

pytestmark = [pytest.mark.cluster]

NETWORKS = {"lan": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br0"}}}
STACKS: dict[str, dict[str, Any]] = {
    "calico, thick, every add-on": {
        "primaryCni": {"plugin": "calico"},
        "addons": {
            **{field.alias or name: True for name, field in AddonsSettings.model_fields.items()},
            "sriov": {"pools": {"example.com/fast": {"links": ["ens1f0"]}}},
        },
        "networks": NETWORKS,
        "policies": {"alone": {"networks": ["lan"]}},
    },
    "thin, in a namespace of its own": {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "multus": {"mode": "thin", "namespace": "multus-system"},
        "networks": NETWORKS,
    },
    "cilium": {
        "primaryCni": {"plugin": "cilium", "podCidrs": ["10.233.64.0/18"]},
        "networks": NETWORKS,
    },
}
CHART = "kubernetes:helm.sh/v4:Chart"
"""What a chart makes is not asked for: whose the primary CNI is, its agent tells."""


def made_by(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Every object that the program registers, as it would be sent."""
    plan = render.run(ROOT / "__main__.py", "multinet", "dev", config)
    return [
        r.inputs
        for r in plan.resources
        if r.type.startswith("kubernetes:") and r.type != CHART and "metadata" in r.inputs
    ]


def is_crd(manifest: dict[str, Any]) -> bool:
    """It is patched, under a name that all who use Multus share, and kept while others use it."""
    return bool(manifest["kind"] == "CustomResourceDefinition")


@pytest.mark.parametrize("what", STACKS)
def test_the_preflight_asks_for_all_that_the_program_registers(what: str) -> None:
    stack, findings = check_config(STACKS[what])
    assert stack is not None, findings
    registered = {name_of(m) for m in made_by(STACKS[what]) if not is_crd(m)}
    networks = {name for name in registered if name.kind == "NetworkAttachmentDefinition"}
    assert networks
    assert {one.object for one in wanted(stack)} == registered - networks


@pytest.fixture(params=STACKS)
def theirs(
    request: pytest.FixtureRequest, api_server: rig.ControlPlane
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """A stack's configuration, and all of its objects as somebody else made them before."""
    config = {**STACKS[request.param], "kubeconfig": str(api_server.kubeconfig)}
    manifests = [m for m in made_by(STACKS[request.param]) if not is_crd(m)]
    kinds = [custom_resource_definition(), policies.custom_resource_definition()]
    groups = sorted({m["apiVersion"] for m in manifests if "tigera" in m["apiVersion"]})
    crds = [crd(m) for m in manifests if m["apiVersion"] in groups]
    for one in [*kinds, *crds]:
        kubectl(api_server, "apply", one)
    for one in [*kinds, *crds]:
        wait_for_crd(api_server.kubectl, one["metadata"]["name"])
    others = [other(m) for m in sorted(manifests, key=lambda m: m["kind"] != "Namespace")]
    try:
        for one in others:
            kubectl(api_server, "create", one)
        yield config, others
    finally:
        for one in [*reversed(others), *crds, *kinds]:
            with contextlib.suppress(CommandError):
                kubectl(api_server, "delete", one, "--ignore-not-found")


def other(manifest: dict[str, Any]) -> dict[str, Any]:
    """An object of the same kind and name that somebody else made."""
    kept = {k: v for k, v in manifest["metadata"].items() if k in ("name", "namespace")}
    metadata = {**kept, "annotations": {"made-by": "somebody"}}
    return {**manifest, "metadata": metadata}


def crd(manifest: dict[str, Any]) -> dict[str, Any]:
    group, _, version = manifest["apiVersion"].rpartition("/")
    kind = manifest["kind"]
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"name": version, "served": True, "storage": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.lower()}s.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced" if "namespace" in manifest["metadata"] else "Cluster",
            "names": {"kind": kind, "plural": f"{kind.lower()}s"},
            "versions": [{**served, "schema": {"openAPIV3Schema": schema}}],
        },
    }


def kubectl(api_server: rig.ControlPlane, verb: str, manifest: dict[str, Any], *more: str) -> str:
    return str(api_server.kubectl(verb, "-f", "-", *more, input=json.dumps(manifest)))


def test_one_that_somebody_else_made_is_asked_for_and_can_be_handed_over(
    theirs: tuple[dict[str, Any], list[dict[str, Any]]], api_server: rig.ControlPlane
) -> None:
    config, others = theirs
    stack, findings = check_config(config)
    assert stack is not None, findings
    said = refused(stack)
    for manifest in others:
        kind, _, namespace, name = _called(manifest)
        shown = f"{namespace}/{name}" if namespace else name
        assert f"{kind} {shown} is in the cluster already and is not of this stack" in said
    assert said.count("[owned-by-others]") == len(others), "all of them at once"

    commands = [
        line.rpartition("kubectl")[2].split() for line in said.splitlines() if OWNER in line
    ]
    assert len(commands) == len(others)
    for command in commands:
        api_server.kubectl(*command)
    assert refused(stack) == ""


def test_what_was_rendered_asks_as_well_before_it_is_applied(
    theirs: tuple[dict[str, Any], list[dict[str, Any]]],
    api_server: rig.ControlPlane,
    tmp_path: Path,
) -> None:
    config, others = theirs
    file = tmp_path / "Pulumi.dev.yaml"
    stack = {f"multinet:{key}": value for key, value in config.items() if key != "kubeconfig"}
    file.write_text(json.dumps({"config": stack}))
    out = tmp_path / "out"
    arguments = ["render", "-C", str(ROOT), "-f", str(file), "-o", str(out)]
    ran = CliRunner().invoke(app, arguments)
    assert (out / "apply.sh").is_file(), ran.output

    before = _versions(api_server, others)
    argv, environment = api_server.kubectl_command()
    command = ["sh", str(out / "apply.sh"), "--dry-run=server"]
    ran = subprocess.run(
        command,
        env={**environment, "KUBECTL": argv[0]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "nothing was applied" in ran.stderr
    for manifest in others:
        _, _, namespace, name = _called(manifest)
        shown = f"{namespace}/{name}" if namespace else name
        assert f"{manifest['kind']} {shown} is there already" in ran.stderr
    assert ran.stderr.count("is there already") == len(others)
    assert _versions(api_server, others) == before

    for line in ran.stderr.splitlines():
        if OWNER in line:
            api_server.kubectl(*line.rpartition("kubectl")[2].split())
    script = (out / "apply.sh").read_text()
    asks = re.search(r"^ask \S+$", script, re.MULTILINE)
    assert asks, "it asks before it does anything"
    (out / "ask.sh").write_text(script[: asks.end()])
    command = ["sh", str(out / "ask.sh")]
    ran = subprocess.run(
        command,
        env={**environment, "KUBECTL": argv[0]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, ""), "handed over"


def _versions(api_server: rig.ControlPlane, manifests: list[dict[str, Any]]) -> list[str]:
    return [
        kubectl(api_server, "get", one, "-o", "jsonpath={.metadata.resourceVersion}")
        for one in manifests
    ]


def _called(manifest: dict[str, Any]) -> tuple[str, str, str, str]:
    called = name_of(manifest)
    kind = _SINGULAR.get(called.kind, called.kind.lower())
    return kind, called.api_version, called.namespace, called.name


_SINGULAR = {
    "MultiNetworkPolicy": "multi-networkpolicy",
    "NetworkAttachmentDefinition": "network-attachment-definition",
}
