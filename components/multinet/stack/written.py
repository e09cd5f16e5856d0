"""Writes a stack file: what an editor checks it by, comments, then the configuration."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from multinet.findings.text import printable

SCHEMA: Final = "docs/reference/multinet.schema.json"
"""Where a checkout has the schema of its stack files."""

_OWN_SCHEMA: Final = "multinet.schema.json"


def written(config: Mapping[str, Any], comments: Iterable[str], directory: Path) -> str:
    """Text of a stack file; the same for the same arguments.

    Args:
        config: keys with their project's prefix.
        comments: lines of text, which may be anything.
        directory: where the file will be, for the path of its schema.
    """
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    out = io.StringIO()
    yaml.dump({"config": dict(config)}, out)
    lines = [*_schema(directory), *(printable(line).rstrip() for line in comments)]
    return "".join(f"# {line}\n" for line in lines) + out.getvalue()


def _schema(directory: Path) -> Iterator[str]:
    """The line by which editors with the YAML language server find the schema."""
    here = directory.absolute()
    for above in (here, *here.parents):
        ours = above == here or (above / "Pulumi.yaml").is_file()
        if ours and (above / SCHEMA).is_file():
            yield f"yaml-language-server: $schema={os.path.relpath(above / SCHEMA, here)}"
            return
    yield f"yaml-language-server: $schema={_OWN_SCHEMA}"
    if not (here / _OWN_SCHEMA).is_file():
        yield f"(multinet schema > {_OWN_SCHEMA} makes that file, for your editor)"
