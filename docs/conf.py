"""Sphinx's configuration: `make docs` builds the pages to build/docs, without the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pygments.lexer import RegexLexer, bygroups
from pygments.lexers.special import TextLexer
from pygments.token import Generic

from docs import maps
from multinet import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "multinet"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}

# CommonMark with GitHub's anchors alone, so that a plain git host shows the same pages.
myst_heading_anchors = 4
smartquotes = False  # they make one dash of the two of an option

html_theme = "furo"
html_title = f"multinet {__version__}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}


class Transcript(RegexLexer):
    """A `console` block; Pygments' own takes a `#` in the output for a prompt."""

    name = "console"
    tokens = {
        "root": [
            (r"^(\s*\$ )(.*\n)", bygroups(Generic.Prompt, Generic.Strong)),
            (r".*\n", Generic.Output),
        ]
    }


def navigation(index: str) -> str:
    """Sphinx's tables of contents, hidden ones, from the lists of links under each heading."""
    trees = []
    for section in re.split(r"^## ", index, flags=re.MULTILINE)[1:]:
        caption, _, body = section.partition("\n")
        pages = [link.removesuffix(".md") for link in re.findall(r"\]\(([^):#]+\.md)\)", body)]
        if pages:
            trees.append(
                "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages])
            )
    return "".join(f"\n{tree}\n```\n" for tree in trees)


def _append_navigation(app: Sphinx, page: str, source: list[str]) -> None:
    del app
    if page == "index":
        source[0] += navigation(source[0])


def _write_maps(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        maps.write(Path(app.outdir) / "maps")


def setup(app: Sphinx) -> None:
    """The index's own lists are the sidebar; a `mermaid` block stays text.

    Its renderer would be a script from elsewhere.
    """
    app.connect("source-read", _append_navigation)
    app.connect("build-finished", _write_maps)
    app.add_lexer("console", Transcript)
    app.add_lexer("mermaid", TextLexer)
