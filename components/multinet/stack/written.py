"""A stack file that a command writes: the same bytes for the same settings."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from multinet.findings.text import printable

SCHEMA: Final = Path("docs/reference/multinet.schema.json")
"""Of a stack file, in a checkout: what editors read it by."""

_WIDTH = 120


def written(config: Mapping[str, Any], comments: Iterable[str], directory: Path) -> str:
    """Text of a stack file.

    Args:
        config: keys as in the file, `multinet:` and all.
        comments: lines that stand above it, each made printable.
        directory: that it is for; where the schema is below it, editors are told so.
    """
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = _WIDTH
    out = io.StringIO()
    yaml.dump({"config": dict(config)}, out)
    lines = [f"yaml-language-server: $schema={SCHEMA}"] if (directory / SCHEMA).is_file() else []
    lines += [printable(line).rstrip() for line in comments]
    return "".join(f"# {line}\n" for line in lines) + out.getvalue()
