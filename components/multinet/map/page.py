"""The map as one HTML page that loads nothing. Pure: same map, same bytes.

What others wrote (names, annotations, configurations) is data in a block that no browser runs, and
comes to the page as text alone. The page's own policy lets it run and load nothing but what is
written in it: script and style are named by their sums.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib import resources

from multinet.map.model import Map

SCRIPTS = ("data.js", "search.js", "list.js", "panel.js", "keys.js")
"""In the order in which they stand on one another."""

_MARK = re.compile(r"@(\w+)@")
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def page(shown: Map) -> str:
    """The page, in UTF-8."""
    document = shown.as_dict()
    # In JSON these stand in texts alone; without them nothing can end the script element.
    data = json.dumps(document, separators=(",", ":"), ensure_ascii=True).translate(_ESCAPED)
    script = "(() => {\n" + "".join(_asset(name) for name in SCRIPTS) + "})();\n"
    style = _asset("page.css")
    parts = {
        "title": html.escape(document["title"]),
        "policy": f"default-src 'none'; script-src {_sum(script)}; style-src {_sum(style)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "data": data,
    }
    return _MARK.sub(lambda mark: parts[mark[1]], _asset("page.html"))


def _sum(text: str) -> str:
    """What a policy calls a script or style by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (resources.files("multinet.map") / "assets" / name).read_text("utf-8")
