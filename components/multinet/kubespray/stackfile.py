"""The stack file of a converted inventory: what was lost stands in it as comments."""

from __future__ import annotations

import io

from ruamel.yaml import YAML

from multinet.kubespray.convert import Converted


def stack_file(converted: Converted, source: str) -> str:
    """Text of Pulumi.<stack>.yaml; the same for the same inventory."""
    lines = [f"Made from {source} by multinet import-kubespray."]
    if converted.lost:
        lines += ["Not carried over, or not as it was:"]
    lines += [
        f"  {lost.name}: {lost.value}  ({lost.source}) {lost.reason}" for lost in converted.lost
    ]
    lines += [f"  {file}: {reason}" for file, reason in converted.skipped.items()]
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    out = io.StringIO()
    yaml.dump({"config": {f"multinet:{k}": v for k, v in converted.config.items()}}, out)
    comments = "".join(f"# {_one_line(line)}\n" for line in lines)
    return comments + out.getvalue()


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).rstrip()
