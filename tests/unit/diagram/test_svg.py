"""Pictures as SVG: every text has room, nothing overlaps, same input same bytes."""

from __future__ import annotations

import itertools
from pathlib import Path
from xml.etree import ElementTree as Xml

import matplotlib
import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from docs import pictures
from multinet.diagram import diagram, svg
from multinet.diagram.fit import fit, width
from multinet.diagram.layout import layout
from multinet.diagram.shapes import BOLD, SIZES, Box, Sheet, Text
from tests.unit.diagram import environments as env

SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def measured(text: str, size: int, bold: bool) -> float:
    """Width by the real font: DejaVu Sans, the widest of those that a browser would take."""
    font = FT2Font(str(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")))
    font.set_size(1000, 72)
    advances = (font.load_char(ord(c), flags=LoadFlags.NO_HINTING) for c in text)
    return sum(glyph.linearHoriAdvance / 65536 for glyph in advances) * size / 1000


def sheet(name: str) -> Sheet:
    return layout(diagram(env.ALL[name](), "Pulumi.test.yaml"))


@pytest.mark.parametrize("name", env.ALL)
def test_every_text_fits_by_the_real_fonts_widths(name: str) -> None:
    for text in (s for s in sheet(name).shapes if isinstance(s, Text)):
        wide = measured(text.shown, SIZES[text.look], text.look in BOLD)
        assert wide <= text.room, f"{text.shown!r} needs {wide:.0f} of {text.room} pixels"


@pytest.mark.parametrize("name", env.ALL)
def test_every_text_stands_inside_the_smallest_box_around_its_start(name: str) -> None:
    drawn = sheet(name)
    boxes = [s for s in drawn.shapes if isinstance(s, Box) and s.look != "stripe"]
    for text in (s for s in drawn.shapes if isinstance(s, Text)):
        holding = [
            b for b in boxes if b.x <= text.x <= b.x + b.width and b.y <= text.y <= b.y + b.height
        ]
        inner = min(
            holding,
            key=lambda b: b.width * b.height,
            default=Box(0, 0, drawn.width, drawn.height, ""),
        )
        wide = measured(text.shown, SIZES[text.look], text.look in BOLD)
        left = text.x - wide if text.end else text.x
        assert inner.x <= left, text
        assert left + wide <= inner.x + inner.width, text
        assert text.y <= inner.y + inner.height - 2, text


@pytest.mark.parametrize("name", env.ALL)
def test_boxes_of_a_kind_do_not_overlap(name: str) -> None:
    boxes = [s for s in sheet(name).shapes if isinstance(s, Box)]
    for kinds in (("net",), ("segment",), ("pod", "primary", "frame", "node")):
        for a, b in itertools.combinations([x for x in boxes if x.look in kinds], 2):
            apart_x = a.x + a.width <= b.x or b.x + b.width <= a.x
            apart_y = a.y + a.height <= b.y or b.y + b.height <= a.y
            assert apart_x or apart_y, (a, b)


@pytest.mark.parametrize(
    ("name", "tallest"), [("few", 900), ("sixty VLANs", 2000), ("hundreds of VLANs", 2000)]
)
def test_a_picture_stays_of_a_size_that_can_be_looked_at(name: str, tallest: int) -> None:
    drawn = sheet(name)
    assert drawn.height <= tallest
    assert drawn.width <= 2000


def test_of_sixty_networks_every_one_is_named_and_of_hundreds_none_is_lost() -> None:
    written = {s.shown for s in sheet("sixty VLANs").shapes if isinstance(s, Text)}
    assert {f"default/net-{i:03}" for i in range(60)} <= written
    sums = [s.shown for s in sheet("hundreds of VLANs").shapes if isinstance(s, Text)]
    counted = sum(int(text.split()[0]) for text in sums if text.endswith("networks · macvlan"))
    alone = sum(text.startswith("default/net-") for text in sums)
    assert counted + alone == 300


def test_it_is_one_file_that_says_what_it_shows() -> None:
    root = Xml.fromstring(svg(diagram(env.few(), "Pulumi.test.yaml")))
    assert root.attrib["role"] == "img"
    assert [root.find(f"{SVG}{tag}").attrib["id"] for tag in ("title", "desc")] == root.attrib[
        "aria-labelledby"
    ].split()
    assert root.find(f"{SVG}title").text == "Pulumi.test.yaml"
    assert "3 secondary networks" in root.find(f"{SVG}desc").text
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "text",
        "path",
        "circle",
    }, "nothing that loads or runs anything"
    style = root.find(f"{SVG}style").text
    assert "prefers-color-scheme:dark" in style
    assert "url(" not in style


def test_every_look_has_colours_for_light_and_dark_pages() -> None:
    from multinet.diagram.svg import _DARK, _LIGHT

    assert set(_LIGHT) == set(_DARK)
    named = {part.lstrip(".") for rule in _LIGHT for part in rule.replace("circle", "").split(",")}
    looks = {s.look for name in env.ALL for s in sheet(name).shapes if not isinstance(s, Text)}
    assert looks <= named


def test_what_is_cut_ends_in_an_ellipsis_and_can_be_read_by_pointing_at_it() -> None:
    text = svg(diagram(env.long_names(), "x"))
    assert "…" in text
    assert f"{'m' * 63}/a{'w' * 62}" in text, "the whole name is there as a tooltip"


def test_markup_in_a_title_is_text() -> None:
    text = svg(diagram(env.few(), '<script>alert("&")</script>'))
    assert "<script" not in text
    assert Xml.fromstring(text).find(f"{SVG}title").text == '<script>alert("&")</script>'


def test_control_characters_do_not_break_the_file() -> None:
    text = svg(diagram(env.few(), "a\x01b\x1b[31mc\ud800"))
    title = Xml.fromstring(text).find(f"{SVG}title")
    assert title is not None
    assert title.text == r"a\x01b\x1b[31mc\ud800"


def test_the_estimate_is_never_below_the_real_width() -> None:
    letters = "".join(chr(c) for c in range(32, 127)) + "…–·"
    for text in [*letters, letters, "10.233.64.0/18", "wide WWW mmm"]:
        assert width(text, 13) >= measured(text, 13, bold=False), text
    assert fit("kubernetes", 12, 40).endswith("…")
    assert fit("kubernetes", 12, 400) == "kubernetes"


@pytest.mark.parametrize("stack", pictures.ENVIRONMENTS)
def test_a_picture_in_the_docs_is_current(stack: str) -> None:
    drawn = pictures.picture(stack)
    assert drawn == pictures.picture(stack), "the same bytes each time"
    assert (pictures.HERE / f"{stack}.svg").read_text(encoding="utf-8") == drawn, "run `make docs`"
