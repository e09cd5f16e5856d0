"""What is generated is current, and what is written down is true."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bench import page as benchmarks
from docs import console, generate, proofs
from multinet import __version__
from multinet.cli.app import app
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.diagram import fit
from multinet.stack import schema


@pytest.mark.parametrize("name", generate.pages())
def test_a_generated_page_is_current(name: str) -> None:
    page = generate.REFERENCE / name
    assert page.read_text() == generate.pages()[name], "run `make docs`"


def test_the_page_of_benchmarks_shows_the_figures_that_are_kept() -> None:
    assert benchmarks.PAGE.read_text() == benchmarks.page(), "run `make docs`"


def test_every_plugin_says_how_it_was_proven() -> None:
    assert set(proofs.PLUGINS) == set(PLUGINS)
    assert set(proofs.IPAM) == set(IPAM_PLUGINS)


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_the_schema_accepts_the_shipped_environments(stack: str, project: Path) -> None:
    document = YAML(typ="safe").load(project / f"Pulumi.{stack}.yaml")
    jsonschema.validate(document, schema.stack_file_schema())


def test_the_schema_marks_a_mistyped_section() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"config": {"multinet:netwroks": {}}}, schema.stack_file_schema())


def test_an_editor_says_of_every_key_what_it_is() -> None:
    published = json.loads(CliRunner().invoke(app, ["schema"]).output)
    objects = {"": published["properties"]["config"], **published["$defs"]}
    silent = {
        f"{name}.{key}"
        for name, rules in objects.items()
        for key, rule in rules.get("properties", {}).items()
        if key != "type" and not rule.get("description")
    }
    assert silent == {"Ciphertext.secure"}  # which is not for people to write


def test_every_text_of_the_architectures_picture_stays_in_its_box(project: Path) -> None:
    picture = ET.parse(project / "docs" / "architecture.svg").getroot()
    boxes = [
        {key: float(box.attrib[key]) for key in ("x", "y", "width", "height")}
        for box in picture.iter(f"{SVG}rect")
        if box.attrib.get("class") != "page"
    ]
    seen = 0
    for text in picture.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        around = [
            b
            for b in boxes
            if b["y"] < y < b["y"] + b["height"] and b["x"] < x < b["x"] + b["width"]
        ]
        for box in around:
            bold = text.attrib["class"] == "h"
            half = fit.width(text.text or "", 13 if bold else 12, bold=bold) / 2
            room = min(x - box["x"], box["x"] + box["width"] - x)
            assert half <= room, f"{text.text!r} runs out of its box"
            seen += 1
    assert seen == 2 * len(boxes)


SVG = "{http://www.w3.org/2000/svg}"
PAGES = ["README.md", "CHANGELOG.md"]
PAGES += [str(p.relative_to(console.PROJECT)) for p in console.PAGES[1:]]


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str, project: Path) -> None:
    here = project / page
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", here.read_text()):
        if "://" not in target:
            assert (here.parent / target).exists(), f"{page} links to {target}"


def test_the_readme_shows_the_dev_environment_as_it_is(project: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (project / "README.md").read_text(), re.DOTALL)
    shown = [YAML(typ="safe").load(b) for b in blocks]
    dev = YAML(typ="safe").load(project / "Pulumi.dev.yaml")
    assert dev in shown


def test_the_version_is_printed() -> None:
    answer = CliRunner().invoke(app, ["--version"])
    assert (answer.exit_code, answer.output) == (0, f"multinet {__version__}\n")


def test_the_commands_page_has_every_option_and_exit_code_of_the_help() -> None:
    parts = re.split(r"^## (\S+)$", generate.pages()["commands.md"], flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert len(sections) > 5
    for name, section in sections.items():
        text = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
        shown = re.findall(r"(?<![\w-])--[a-z][a-z-]+", text.partition("─ Options")[2])
        options = set(shown) - {"--help"}
        assert options or name == "schema"
        assert {o for o in options if f"`{o}`" not in section} == set(), name
        codes = set(re.findall(r"\bExit (\d+):", text))
        assert codes == set(re.findall(r"^\| (\d+) \|", section, re.MULTILINE)), name
