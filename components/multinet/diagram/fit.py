"""How wide a text is, without a font: an upper bound, so that nothing leaves its box.

The widths are those of DejaVu Sans, rounded up; the fonts that a browser takes for system-ui
(Segoe UI, San Francisco, Roboto, Cantarell) are narrower.
"""

from __future__ import annotations

import math
from typing import Final

_WIDTHS: Final = {
    0.30: "'IJijl",
    0.35: " ,./:;\\|",
    0.40: "()-[]ft",
    0.45: "!r",
    0.50: '"*_`',
    0.55: "?csz",
    0.60: "FLkvxy·",
    0.65: "$0123456789EPSTYabdeghnopqu{}–",
    0.70: "ABCKRVXZ",
    0.75: "NU",
    0.80: "&DGHOQ",
    0.85: "#+<=>^w~",
    0.90: "M",
    0.95: "%",
}
_OF: Final = {char: width for width, chars in _WIDTHS.items() for char in chars}
_WIDEST: Final = 1.05
_BOLD: Final = 1.12


def width(text: str, size: int, *, bold: bool = False) -> int:
    """Upper bound of a text's width in pixels at a font size in pixels."""
    ems = sum(_OF.get(char, _WIDEST) for char in text) * (_BOLD if bold else 1)
    return math.ceil(ems * size)


def fit(text: str, size: int, room: int, *, bold: bool = False) -> str:
    """The text, or as much of it as has room, with an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"
