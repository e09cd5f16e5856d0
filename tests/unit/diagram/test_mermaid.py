"""Pictures as Mermaid text."""

from __future__ import annotations

import re

import pytest

from multinet.diagram import diagram, mermaid
from tests.unit.diagram import environments as env

NODE = re.compile(r'^ *\w+(\["[^"<>]*(<br/>[^"<>]*)*"\]|\[\["[^"<>]*"\]\]|\(\["pod"\]\))$')
EDGE = re.compile(r"^ *\w+ (-->|-- eth0 -->|-\. net\d* \.->) \w+$")
FRAME = re.compile(r'^ *(subgraph \w+\["[^"<>]*(<br/>[^"<>]*)*"\]|end)$')


@pytest.mark.parametrize("name", env.ALL)
def test_every_line_is_of_the_language(name: str) -> None:
    lines = mermaid(diagram(env.ALL[name](), "x")).splitlines()
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert NODE.match(line) or EDGE.match(line) or FRAME.match(line), line
    assert sum("subgraph" in x for x in lines) == sum(x.strip() == "end" for x in lines)


@pytest.mark.parametrize("name", env.ALL)
def test_every_edge_is_between_things_that_are_there(name: str) -> None:
    lines = mermaid(diagram(env.ALL[name](), "x")).splitlines()
    known = {m[1] for line in lines if (m := re.match(r" *(?:subgraph )?(\w+)[\[(]", line))}
    ends = {w for line in lines if EDGE.match(line) for w in (line.split()[0], line.split()[-1])}
    assert ends <= known


def test_it_shows_what_the_svg_shows() -> None:
    text = mermaid(diagram(env.few(), "x"))
    for part in (
        "default/storage",
        "10.20.0.0/24",
        "254 addresses",
        "VLAN 200",
        "MTU 9000",
        "net3",
    ):
        assert part in text, part


def test_hundreds_of_networks_stay_within_what_github_draws() -> None:
    text = mermaid(diagram(env.vlans(2000), "x"))
    assert len(text) < 50_000, "Mermaid's maxTextSize"
    assert text.count("-->") + text.count(".->") < 500, "Mermaid's maxEdges"
