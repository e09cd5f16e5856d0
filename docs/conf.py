"""Sphinx's configuration: `make docs` builds the pages to build/docs, without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

from multinet import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "multinet"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["pictures/README.md"]

# GitHub-flavoured Markdown alone, so that a plain git host shows the same pages.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = f"multinet {__version__}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
nitpicky = True


def setup(app: Sphinx) -> None:
    """A `mermaid` block stays text: its renderer would be a script from elsewhere."""
    app.add_lexer("mermaid", TextLexer)
