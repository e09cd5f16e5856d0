"""The page in a real browser: search, filters, mouse, keyboard, light and dark, narrow."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, Page
from tests.unit.map import environments as e

SHOWN = ".net .name"
FOCUS = "document.activeElement"
LAN = ".segment.wide .net"


@pytest.fixture
def page(chromium: Browser, few: Path) -> Iterator[Page]:
    found = chromium.page(few)
    yield found
    assert found.complaints == [], "its own policy lets it run, and it asks for nothing else"
    found.close()


@pytest.fixture
def big(chromium: Browser, thousand: Path) -> Iterator[Page]:
    found = chromium.page(thousand)
    yield found
    assert found.complaints == []
    found.close()


def find(page: Page, text: str) -> list[str]:
    """What is shown for these words."""
    page.press("/")
    page.ask(f"{FOCUS}.value = ''")
    page.type(text)
    page.press("Enter")
    return page.texts(SHOWN)


def focused(page: Page) -> str:
    return str(page.ask(f"({FOCUS}.querySelector('.name') || {FOCUS}).textContent"))


def test_links_carry_segments_with_their_networks(page: Page) -> None:
    assert page.texts("h3.link") == ["eth2 1 network", "eth1 2 networks"]
    (_, second) = page.texts(".segment")
    assert second.startswith("VLAN 100: one segment, 2 networks")
    assert page.texts(SHOWN) == ["cameras", "lan", "storage"]
    assert page.texts("#node-list .node") == ["n2unable", "n1"]


def test_a_network_opens_with_its_ranges_pods_findings_and_nad(page: Page) -> None:
    page.click(LAN)
    page.until("!document.getElementById('panel').hidden")
    (told,) = page.texts("#panel")
    for text in ("live-range-full", "4 of 4", "apps/web-2", "10.7.0.5", '"master": "eth1.100"'):
        assert text in told, text
    assert page.texts("#panel .chips .node") == ["storage"], "the other one on its segment"
    page.click("#panel summary")
    assert e.EVIL in page.texts("#panel details pre")[0]
    assert page.ask("document.images.length") == 0
    page.click("#panel .chips .node")
    page.until("location.hash === '#network/storage'")
    page.until("document.getElementById('panel-title').textContent === 'network storage'")


@pytest.mark.parametrize(
    ("words", "networks"),
    [
        ("cam", ["cameras"]),
        ("macvlan dhcp", ["cameras"]),
        ("10.7.0.3", ["lan"]),
        ("fd00:7::2:1", ["storage"]),
        ("web-4", ["lan"]),
        ("eth1", ["lan", "storage"]),
        ("live-range-full", ["lan"]),
        ("nowhere", []),
    ],
)
def test_search_finds_by_name_address_pod_link_and_finding(
    page: Page, words: str, networks: list[str]
) -> None:
    assert find(page, words) == networks
    assert page.texts("#count") == [f"{len(networks)} of 3 networks"]


def test_filters_narrow_down_and_all_is_shown_again(page: Page) -> None:
    page.choose("state", "has errors")
    assert page.texts(SHOWN) == ["lan"]
    page.choose("state", "")
    page.choose("node", "n2")
    assert page.texts(SHOWN) == ["lan", "storage"], "cameras are for n1"
    page.choose("group", "namespace")
    page.choose("order", "name")
    page.click("#reset")
    assert page.texts(SHOWN) == ["cameras", "lan", "storage"]


def test_a_node_opens_with_its_state_and_shows_only_its_networks(page: Page) -> None:
    page.click("#node-list li:last-child .node")
    (told,) = page.texts("#panel")
    assert "Networks (3)" in told
    assert "apps/web-2" in told
    page.press("Escape")
    page.click("#node-list .node")
    assert "serves no network: not ready" in page.texts("#panel")[0]
    page.ask(
        "[...document.querySelectorAll('#panel button')].find((b) => b.textContent === 'Show only these').click()"
    )
    assert page.texts(SHOWN) == ["lan", "storage"]


def test_it_can_be_used_without_a_mouse(page: Page) -> None:
    page.press("/")
    assert page.ask(f"{FOCUS}.id") == "search"
    page.press("Enter")
    assert focused(page) == "cameras"
    page.press("ArrowDown")
    assert focused(page) == "lan"
    page.press("ArrowRight")
    assert focused(page) == "storage"
    page.press("Home", "End", "ArrowUp", "ArrowRight", "ArrowRight", "Enter")
    page.until("document.getElementById('panel-title') !== null")
    assert page.ask(f"{FOCUS}.id") == "panel-title", "what was opened is where reading goes on"
    assert page.ask("document.getElementById('panel').getAttribute('aria-labelledby')")
    page.press("Escape")
    assert page.ask("document.getElementById('panel').hidden")
    assert focused(page) == "storage", "back to where it was opened"
    assert page.ask("document.querySelectorAll('.net[tabindex=\"0\"]').length") == 1
    assert find(page, "lan") == ["lan"]
    page.press("/", "Escape")
    page.until("document.querySelectorAll('.net').length === 3")


def test_everything_has_a_role_and_a_name(page: Page) -> None:
    page.click(LAN)
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    named = [
        (n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"]
    ]
    assert [
        role for role, name in named if role in ("button", "combobox", "searchbox") and not name
    ] == []
    assert {"main", "search", "complementary", "status", "table"} <= {role for role, _ in named}
    levels = page.ask("[...document.querySelectorAll('h1, h2, h3')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert max(b - a for a, b in itertools.pairwise(levels)) <= 1


@pytest.mark.parametrize("dark", [False, True])
def test_texts_stand_out_in_light_and_dark(chromium: Browser, few: Path, dark: bool) -> None:
    page = chromium.page(few, dark=dark)
    page.click(LAN)
    ground = page.ask("getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.1) is dark
    # WCAG 2.2, 1.4.3: 4.5 to 1, of what is written on what.
    pairs = page.ask(
        """[...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() &&
            [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !e.closest(":disabled, option"))
          .map((e) => { let on = e, back; do { back = getComputedStyle(on).backgroundColor; on = on.parentElement; }
            while (back === "rgba(0, 0, 0, 0)" && on); return [e.textContent.slice(0, 40), getComputedStyle(e).color, back]; })"""
    )
    assert len(pairs) > 50
    low = [(text, one, other) for text, one, other in pairs if contrast(one, other) < 4.5]
    assert low == []
    page.close()


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[4:-1].split(",")]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_in_a_narrow_window_nothing_sticks_out_and_the_panel_lies_over_it(
    chromium: Browser, few: Path
) -> None:
    page = chromium.page(few, width=360, height=640)
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.ask(wide)
    page.click(".net")
    page.until("!document.getElementById('panel').hidden")
    assert page.ask(wide)
    assert page.ask("document.getElementById('main').inert"), "what is below is out of reach"
    page.press("Escape")
    assert not page.ask("document.getElementById('main').inert")
    page.close()


def test_an_address_opens_what_it_names(chromium: Browser, few: Path) -> None:
    page = chromium.page(few)
    page.ask("location.hash = '#network/nobody'")
    page.until("document.getElementById('panel').hidden")
    page.ask("location.hash = '#network/cameras'")
    page.until("document.getElementById('panel-title')?.textContent === 'network cameras'")
    assert page.ask("document.querySelector('.net[aria-current] .name').textContent") == "cameras"
    page.close()


def test_a_thousand_networks_open_at_once_and_are_drawn_as_one_comes_near(
    big: Page, thousand: Path
) -> None:
    assert thousand.stat().st_size < 3_000_000
    assert big.texts("#about")[0].endswith(
        "1,000 networks, 4 links, 30 nodes, 2,000 attached interfaces."
    )
    drawn = big.ask("document.querySelectorAll('.net').length")
    assert 50 < drawn < 500, "not all of them"
    assert big.ask("document.querySelectorAll('*').length") < 5000
    big.ask("window.scrollTo(0, document.body.scrollHeight)")
    big.until(f"document.querySelectorAll('.net').length > {drawn}")


def test_of_a_thousand_one_is_found_and_opened(big: Page) -> None:
    assert find(big, "10.3.249.77") == ["net-0999"]
    assert focused(big) == "net-0999"
    big.press("Enter")
    big.until("!document.getElementById('panel').hidden")
    assert "apps/app-1999" in big.texts("#panel")[0]
    big.press("Escape")
    big.click("#reset")
    big.choose("namespace", "team-3")
    assert big.texts("#count") == ["143 of 1,000 networks"]
    big.press("Tab")
    big.ask("document.querySelector('.net').focus()")
    big.press("End")
    assert focused(big) == "net-0983", "the last of the last link"
