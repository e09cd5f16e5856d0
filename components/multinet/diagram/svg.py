"""A diagram as SVG: one file without anything from outside, for light and dark pages."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from multinet.diagram.layout import layout
from multinet.diagram.model import Diagram
from multinet.diagram.shapes import BOLD, SIZES, Box, Line, Shape, Sheet, Text
from multinet.findings.text import printable

_LIGHT = {
    ".page": "fill:#ffffff",
    "text": "fill:#1f2328",
    ".note,.tag": "fill:#59636e",
    ".frame": "fill:#f6f8fa;stroke:#d1d9e0",
    ".segment": "fill:none;stroke:#818b98;stroke-dasharray:4 3",
    ".net": "fill:#ffffff;stroke:#afb8c1",
    ".stripe": "fill:#1a7f37",
    ".pod": "fill:#eef7ff;stroke:#0969da",
    ".primary": "fill:#fbefff;stroke:#8250df",
    ".node": "fill:#fffbe6;stroke:#9a6700",
    ".line": "fill:none;stroke:#1a7f37",
    ".primary-line": "fill:none;stroke:#8250df",
    "circle.line": "fill:#1a7f37",
    "circle.primary-line": "fill:#8250df",
}
_DARK = {
    ".page": "fill:#0d1117",
    "text": "fill:#e6edf3",
    ".note,.tag": "fill:#9198a1",
    ".frame": "fill:#151b23;stroke:#3d444d",
    ".segment": "fill:none;stroke:#9198a1",
    ".net": "fill:#0d1117;stroke:#656c76",
    ".stripe": "fill:#3fb950",
    ".pod": "fill:#121d2f;stroke:#4493f8",
    ".primary": "fill:#1f1a2e;stroke:#ab7df8",
    ".node": "fill:#272115;stroke:#d29922",
    ".line": "fill:none;stroke:#3fb950",
    ".primary-line": "fill:none;stroke:#ab7df8",
    "circle.line": "fill:#3fb950",
    "circle.primary-line": "fill:#ab7df8",
}
_ROUND = {"net": 4, "segment": 6, "stripe": 2}


def svg(found: Diagram) -> str:
    """The file's text; the same bytes for the same diagram."""
    return _draw(layout(found))


def _draw(sheet: Sheet) -> str:
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {sheet.width} {sheet.height}",
            "width": str(sheet.width),
            "height": str(sheet.height),
            "role": "img",
            "aria-labelledby": "title desc",
        },
    )
    Xml.SubElement(root, "title", {"id": "title"}).text = printable(sheet.title)
    Xml.SubElement(root, "desc", {"id": "desc"}).text = printable(sheet.description)
    Xml.SubElement(root, "style").text = _style()
    everything = {"class": "page", "width": str(sheet.width), "height": str(sheet.height)}
    Xml.SubElement(root, "rect", everything)
    for shape in sheet.shapes:
        _add(root, shape)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


def _style() -> str:
    fonts = [f".{look}{{font-size:{size}px}}" for look, size in SIZES.items()]
    bold = ",".join(f".{look}" for look in sorted(BOLD))
    lines = [
        "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}",
        *fonts,
        f"{bold}{{font-weight:600}}",
        ".end{text-anchor:end}",
        "path{stroke-width:1.5}",
        *(f"{name}{{{look}}}" for name, look in _LIGHT.items()),
        "@media (prefers-color-scheme:dark){",
        *(f"{name}{{{look}}}" for name, look in _DARK.items()),
        "}",
    ]
    return "\n" + "\n".join(lines) + "\n"


def _add(root: Xml.Element, shape: Shape) -> None:
    if isinstance(shape, Box):
        rect = {
            "class": shape.look,
            "x": str(shape.x),
            "y": str(shape.y),
            "width": str(shape.width),
            "height": str(shape.height),
            "rx": str(_ROUND.get(shape.look, 8)),
        }
        element = Xml.SubElement(root, "rect", rect)
        if shape.hint:
            Xml.SubElement(element, "title").text = printable(shape.hint)
    elif isinstance(shape, Text):
        look = f"{shape.look} end" if shape.end else shape.look
        place = {"class": look, "x": str(shape.x), "y": str(shape.y)}
        Xml.SubElement(root, "text", place).text = shape.shown
    elif isinstance(shape, Line):
        path = {"class": shape.look, "d": f"M{shape.x1} {shape.y}H{shape.x2}"}
        Xml.SubElement(root, "path", path)
    else:
        dot = {"class": shape.look, "cx": str(shape.x), "cy": str(shape.y), "r": "3"}
        Xml.SubElement(root, "circle", dot)
