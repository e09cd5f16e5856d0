"""The project's file, Pulumi.yaml: whose a program is, and what its configuration defaults to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from multinet.names import PROJECT
from multinet.untrusted import bounded_yaml


def project_of(directory: Path) -> tuple[str, dict[str, Any]]:
    """The project's name, and the defaults of its own configuration: `namespace:key` → value.

    The name is multinet where there is no such file, or none that can be read.
    """
    try:
        text = bounded_yaml.read_bytes(directory / "Pulumi.yaml").decode("utf-8-sig")
        document = YAML(typ="safe", pure=True).load(text)
    except (OSError, ValueError, YAMLError):
        return PROJECT, {}
    if not isinstance(document, dict):
        return PROJECT, {}
    name = document.get("name")
    project = name if isinstance(name, str) else PROJECT
    given = document.get("config")
    defaults: dict[str, Any] = {}
    for key, rule in given.items() if isinstance(given, dict) else ():
        whole = key if ":" in key else f"{project}:{key}"
        default = rule.get("default", rule.get("value")) if isinstance(rule, dict) else rule
        if default is not None and not whole.startswith(f"{PROJECT}:"):
            defaults[whole] = default
    return project, defaults
