"""What commands print on: text as it is, with colours on a terminal."""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console

from multinet.findings.text import printable

# Where rich would take a bracket for a tag; its backslashes are counted as rich counts them.
_TAG = re.compile(r"(\\*)\[(?=[a-z#/@][^\[]*?\])")
_BRACKET = re.compile(r"(\\+)\[(?![a-z#/@][^\[]*?\])")
_LAST = re.compile(r"\\+\Z")


def console(**options: Any) -> Console:
    """The one way to make a console: what it shows is what the text says.

    No emoji: `fd00:100::/64` and `02:00:ab:…` hold what rich takes for names of them.
    """
    return Console(highlight=False, emoji=False, **options)


out = console(soft_wrap=True)
err = console(stderr=True, soft_wrap=True)


def escape(text: str) -> str:
    """Text in one line of markup: it neither steers the terminal nor is markup itself.

    Unlike rich's own function, also where the text has or ends in backslashes.
    """
    text = _TAG.sub(r"\1\1\\[", _BRACKET.sub(r"\1\\[", printable(text)))
    # A tag may follow; that one does is made sure of, so that they are counted in pairs.
    return _LAST.sub(lambda found: found[0] * 2 + "[none][/none]", text)
