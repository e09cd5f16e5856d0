"""The demo's environment: Pulumi.dev.yaml, with what a throwaway node needs put in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

STACK = "demo"
PROJECT_DIR = Path(__file__).resolve().parents[2]
"""The checkout: Pulumi.yaml, __main__.py and the environments."""

BUILD_DIR = PROJECT_DIR / "build" / "demo"

ACCEPTED: dict[str, dict[str, Any]] = {
    "ignore": {
        "default-route": "as Kubespray's example has it; the sample pod asks no Service",
        "nodes-own-subnet": "the throwaway node is on the example's subnet; no pod has a probe",
    }
}
"""What `verify` would call a mismatch of macvlan-conf, rightly, and what the demo is not about."""


def write_stack_file(to: Path, overrides: dict[str, dict[str, Any]], base: str = "dev") -> Path:
    """Write `base` with some settings replaced to `to`/Pulumi.demo.yaml and return its path.

    `overrides`: section (`primaryCni`, `multus`) → the whole section, or None-valued keys
    left out. Networks stay as they are: they are what the demo shows.
    """
    yaml = YAML()
    document = yaml.load((PROJECT_DIR / f"Pulumi.{base}.yaml").read_text(encoding="utf-8"))
    for section, content in overrides.items():
        document["config"][f"multinet:{section}"] = content
    to.mkdir(parents=True, exist_ok=True)
    path = to / f"Pulumi.{STACK}.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    return path
