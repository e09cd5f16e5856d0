"""What `multinet render` writes for others to apply has no value that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.rendering import manifests, render

pytestmark = pytest.mark.usefixtures("no_helm")


def test_no_manifest_has_a_value_that_is_none(project: Path, tmp_path: Path) -> None:
    """What only a cluster knows is left out: the API server takes no null for a text."""
    everything = {
        "primaryCni": {
            "plugin": "existing",
            "confFile": "10-x.conflist",
            "podCidrs": ["10.1.0.0/16"],
        },
        "addons": {"whereabouts": True, "dynamicNetworks": True, "networkPolicy": True},
        "networks": {
            "lan": {
                "config": {
                    "cniVersion": "1.0.0",
                    "type": "macvlan",
                    "master": "eth1",
                    "ipam": {"type": "host-local", "subnet": "10.7.0.0/16"},
                },
                "perNode": {"blockSize": 26},
            }
        },
    }
    for number, mode in enumerate(("thick", "thin")):
        config = everything | {"multus": {"mode": mode}}
        if mode == "thin":
            config["addons"] = {"whereabouts": True, "networkPolicy": True}
        file = tmp_path / f"Pulumi.x{number}.yaml"
        file.write_text(json.dumps({"config": {f"multinet:{k}": v for k, v in config.items()}}))
        code, output = render(project, tmp_path / f"out{number}", "-f", str(file))
        assert code == 0, output
        found = manifests(tmp_path / f"out{number}")
        assert len([m for m in found.values() if m["kind"] == "DaemonSet"]) >= 4
        assert [name for name, manifest in found.items() if _has_none(manifest)] == []


def _has_none(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(_has_none(v) for v in (value.values() if isinstance(value, dict) else value))
    return value is None
