"""Paths into the user's configuration, written as Pulumi writes property paths."""

from __future__ import annotations

import re

from multinet.findings.text import printable

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the configuration down to one value."""

_SHOWN_STEP = 256  # characters; longer than any name that Kubernetes has
_PLAIN_KEY = re.compile(r"[A-Za-z_:][A-Za-z0-9_:\-]*")


def format_path(path: Path) -> str:
    """Write a path as `pulumi config set --path` takes it.

    >>> format_path(("multinet:networks", "macvlan-conf", "config", "ranges", 0, "subnet"))
    'multinet:networks.macvlan-conf.config.ranges[0].subnet'
    >>> format_path(("a", "b.c"))
    'a["b.c"]'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif len(step) <= _SHOWN_STEP and _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            quoted = printable(step, _SHOWN_STEP).replace('"', '\\"')
            text += f'["{quoted}"]'
    return text
