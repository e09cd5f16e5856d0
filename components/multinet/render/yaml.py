"""Manifests as YAML text: stable bytes, and keys in the order people expect."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML


def dump(manifest: Mapping[str, Any]) -> str:
    """One manifest as YAML: stable, in the usual key order, long texts as blocks."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    yaml.representer.add_representer(str, _text)
    out = io.StringIO()
    yaml.dump(_ordered(manifest), out)
    return out.getvalue()


_A_BOOLEAN_ONCE = re.compile("y|yes|n|no|on|off", re.IGNORECASE)
"""What kubectl, which reads YAML 1.1, takes for a boolean: a label's value that it then refuses."""


def _text(representer: Any, text: str) -> Any:
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines):
        style = '"'  # a block cannot escape them, and no other style has them at all
    elif len(lines) > 1 and not any(line.endswith(" ") for line in lines):
        style = "|"
    elif _A_BOOLEAN_ONCE.fullmatch(text):
        style = '"'
    else:
        style = None
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_FIRST = {"apiVersion": 0, "kind": 1, "metadata": 2, "name": 3, "namespace": 4}


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _ordered(value[k]) for k in sorted(value, key=lambda k: (_FIRST.get(k, 9), k))}
    return [_ordered(v) for v in value] if isinstance(value, list) else value
