"""The example environments as pictures; `make docs` writes them."""

from __future__ import annotations

from pathlib import Path

from multinet import names, render
from multinet.diagram import diagram, svg
from multinet.render.declared import declared
from multinet.stack import load, stackfile

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
ENVIRONMENTS = {
    "dev": PROJECT,
    "cilium": PROJECT,
    "airgapped": PROJECT,
    "edge": PROJECT,
    "large": PROJECT / "examples" / "large",
}
"""Stack → its project's directory."""


def picture(stack: str) -> str:
    """An example environment as SVG, with the networks that its program makes."""
    directory = ENVIRONMENTS[stack]
    file = stackfile.stack_path(directory, stack)
    settings = load(file).require()
    if directory != PROJECT:
        config = stackfile.read(file).config
        plan = render.run(directory / "__main__.py", names.PROJECT, stack, config)
        settings = declared(settings, plan)
    return svg(diagram(settings, file.name))


def main() -> None:
    """Write every picture."""
    for stack in ENVIRONMENTS:
        (HERE / f"{stack}.svg").write_text(picture(stack), encoding="utf-8")
