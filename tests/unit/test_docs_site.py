"""The pages make a site without a warning, and each is found from the index."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import conf, console, maps
from multinet.findings.codes import CODES
from multinet.verify.causes import Facts, causes

DOCS = console.PROJECT / "docs"
TROUBLE = (DOCS / "how-to" / "troubleshoot.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(out)]
    paths = os.pathsep.join([str(console.PROJECT / "components"), str(console.PROJECT)])
    ran = subprocess.run(
        build,
        env={**os.environ, "PYTHONPATH": paths},
        cwd=out,
        capture_output=True,
        text=True,
        timeout=400,  # the maps run a program, and the machine may be busy
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return out


def test_every_page_is_built_and_in_the_navigation(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        built = page.relative_to(DOCS).with_suffix(".html")
        assert (site / built).is_file()
        assert f'href="{built.as_posix()}"' in index or built.stem == "index"


def test_anchors_of_links_between_pages_are_there(site: Path) -> None:
    ids = {
        built: set(re.findall(r'\bid="([^"]+)"', built.read_text(encoding="utf-8")))
        for built in site.rglob("*.html")
    }
    links = 0
    for page in DOCS.rglob("*.md"):
        for target, anchor in re.findall(
            r"\]\(([^)#:]*\.md)?#([^)]+)\)", page.read_text(encoding="utf-8")
        ):
            linked = (page.parent / target).resolve() if target else page
            built = site / linked.relative_to(DOCS).with_suffix(".html")
            assert anchor in ids[built], f"{page.name} links to {target}#{anchor}"
            links += 1
    assert links > 20


def test_the_maps_that_a_page_shows_are_there(site: Path) -> None:
    linked = re.findall(r'href="(maps/[^"]+)"', (site / "map.html").read_text(encoding="utf-8"))
    assert sorted(linked) == [f"maps/{name}.html" for name in maps.MAPS]
    for name in linked:
        assert (site / name).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for built in site.rglob("*.html"):
        text = built.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="https?:', text), built.name


def test_the_navigation_comes_from_the_indexs_lists() -> None:
    made = conf.navigation("# T\n\n## Do\n\n- [A](a.md), [B](x/b.md)\n- [S](s.json)\n\n## None\n")
    assert made == "\n```{toctree}\n:hidden:\n:caption: Do\n\na\nx/b\n```\n"


MESSAGES = re.findall(r"^\| `(.+?)` \| \[[^\]]*\]\([^)#]+#(live-[a-z-]+)\)", TROUBLE, re.MULTILINE)


@pytest.mark.parametrize(("message", "code"), MESSAGES)
def test_troubleshooting_names_the_cause_that_verify_names(message: str, code: str) -> None:
    assert [finding.code for finding in causes("lan", [message], Facts())] == [code]


def test_troubleshooting_knows_the_codes_that_it_names() -> None:
    named = set(re.findall(r"^\| `([a-z]+(?:-[a-z]+)+)`", TROUBLE, re.MULTILINE))
    assert {"owned-by-others", "another-multus"} <= named <= CODES
    assert len(MESSAGES) > 15
