"""What one more network costs in the state, beside the same object of a bare program.

A backend of files is given the whole state after each step, so a first `up` of many networks takes
as long as their bytes. The provider writes manifests instead of asking a cluster: what a cluster
adds to an object (uid, managedFields …) is left out on both sides.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from bench.scale import environment
from rig.demo import engine

pytestmark = pytest.mark.engine

COUNT = 20
_START = """\
import json, pathlib, pulumi
from pulumi_kubernetes import Provider
out = str(pathlib.Path("out").resolve())
cluster = Provider("cluster", render_yaml_to_directory=out)
declared = json.loads(pathlib.Path("networks.json").read_text())
"""
_BARE = """\
from pulumi_kubernetes.apiextensions import CustomResource
for name, network in declared.items():
    CustomResource(
        name, api_version="k8s.cni.cncf.io/v1", kind="NetworkAttachmentDefinition",
        metadata={"name": name, "namespace": "default"},
        spec={"config": json.dumps(network["config"])},
        opts=pulumi.ResourceOptions(provider=cluster),
    )
"""
_OURS = """\
from multinet import Networks
Networks("networks", declared, pulumi.ResourceOptions(providers=[cluster]))
"""


def _networks(directory: Path, program: str) -> list[dict[str, Any]]:
    """The networks in the state after an `up` of the program."""
    directory.mkdir()
    project = engine.workspace(directory)
    (project / "networks.json").write_text(json.dumps(environment(COUNT)["networks"]))
    (project / "__main__.py").unlink()
    (project / "__main__.py").write_text(_START + program)
    (project / "Pulumi.dev.yaml").write_text("config: {}\n")
    stack: automation.Stack = engine.stack(project, Path(os.devnull), "dev")
    engine.up(stack, lambda _line: None)
    resources: list[dict[str, Any]] = stack.export_stack().deployment["resources"]
    return [r for r in resources if r["type"].endswith(":NetworkAttachmentDefinition")]


def _bytes(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")))


def test_a_network_is_little_more_in_the_state_than_its_bare_object(tmp_path: Path) -> None:
    bare, ours = _networks(tmp_path / "bare", _BARE), _networks(tmp_path / "ours", _OURS)
    assert len(bare) == len(ours) == COUNT
    print(f"bytes a network: {_bytes(ours) // COUNT} beside {_bytes(bare) // COUNT}")
    for key in ours[0]:
        print(f"  {key}: {_bytes(ours[0][key])} beside {_bytes(bare[0].get(key, ''))}")
    assert _bytes(ours) / _bytes(bare) < 1.5
    # Our marks and its name, as inputs, outputs and what was applied last; nothing else.
    for key, most in (("inputs", 300), ("outputs", 600)):
        assert _bytes(ours[0][key]) - _bytes(bare[0][key]) < most
    # Where it was declared begins at the author's line, with none of multinet's own for `Network`.
    of_us = [
        f for f in ours[0]["stackTrace"] if "components/multinet/" in f.get("sourcePosition", "")
    ]
    assert len(of_us) <= 1
