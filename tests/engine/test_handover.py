"""How much configuration the real engine can hand to a program, as our check says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

from multinet.stack import handover
from rig.demo import engine
from rig.demo.environment import STACK

pytestmark = pytest.mark.engine

DEFAULTS = 500
"""Bytes for what Pulumi.yaml says of keys that the stack file leaves out."""


def config_of(size: int) -> dict[str, Any]:
    """Networks that the engine needs this many bytes for, by our reckoning."""
    networks = {f"net-{i}": {"config": {"type": "bridge", "bridge": f"br{i}"}} for i in range(900)}
    config: dict[str, Any] = {"networks": networks, "context": ""}
    config["context"] = "x" * (size - handover.size(config))
    return config


def ends(tmp_path: Path, config: dict[str, Any]) -> str:
    """What the engine says of the program; empty where it ran."""
    project = engine.workspace(tmp_path)
    program = project / "__main__.py"
    program.unlink()
    program.write_text("import pulumi\npulumi.Config('multinet').require('networks')\n")
    document = {"config": {f"multinet:{key}": value for key, value in config.items()}}
    (project / f"Pulumi.{STACK}.yaml").write_text(json.dumps(document))
    try:
        engine.stack(project, tmp_path / "kubeconfig").preview()
    except automation.CommandError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("size", "warned"),
    [(handover.MAX_BYTES - DEFAULTS, False), (handover.MAX_BYTES + 1, True)],
    ids=["fits", "too large"],
)
def test_the_engine_starts_the_program_unless_it_is_warned_of(
    tmp_path: Path, size: int, warned: bool
) -> None:
    config = config_of(size)
    assert handover.size(config) == size

    said = ends(tmp_path, config)

    assert [f.code for f in handover.too_large(config)] == ["config-too-large"] * warned
    assert ("argument list too long" in said) is warned
    assert bool(said) is warned
