"""A plugin type is one file and one line: those of the how-to are taken out, and put in again."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KNOWN = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-calico.conflist}
  multinet:networks:
    fabric:
      config:
        cniVersion: "1.0.0"
        type: ipoib
        master: ib0.8001
        ipam: {type: whereabouts, range: 10.57.2.0/24}
  multinet:nodes:
    w1: {host: 192.0.2.11, user: root, privateKey: {secure: v1:xyz}, hostKey: HOST_KEY}
encryptionsalt: v1:abc
"""
WRONG = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-calico.conflist}
  multinet:networks:
    one: {config: {cniVersion: "1.0.0", type: ipoib, mastr: ib0}}
    other: {config: {cniVersion: "1.0.0", type: ipoib, master: ib0, ipam: {type: dhcp}}}
"""
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8Zl1pY0G7l4gZkqk1p6s0s0s0s0s0s0s0s0s0s0s0s"

ASKED = """
import json, sys
from pathlib import Path
from typer.testing import CliRunner
from multinet.cli.app import app
from multinet.stack import load
from multinet.stack.needs import node_needs
from multinet.verify.declared import declared
from multinet.verify.plan import Choice, plan
import multinet

def run(*arguments):
    return CliRunner().invoke(app, arguments).output

stack = load(Path("known.yaml")).require()
networks = declared(stack)
nodes = ["w1", "w2"]
pods = plan(networks, Choice({"fabric": tuple(nodes)}, ()), nodes, None, "run")
print(json.dumps({
    "package": str(Path(multinet.__file__).parent),
    "wrong": run("validate", "--json", "-f", "wrong.yaml"),
    "diagram": run("diagram", "--format", "mermaid", "-f", "known.yaml"),
    "schema": run("schema"),
    "links": sorted(node_needs("w1", stack.nodes["w1"], stack).links),
    "parent": networks[0].parent,
    "planned": sorted({p.node for p in pods}),
    "must_talk": networks[0].reach.between(*nodes),
}))
"""


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "docs" / "how-to" / "add-a-plugin-type.md").read_text()


@pytest.fixture(scope="module")
def blocks(page: str) -> tuple[str, str]:
    """The plugin's file and the line that registers it, as the page shows them."""
    shown = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (file,) = (block for block in shown if block.startswith('"""ipoib'))
    (line,) = (block for block in shown if block.startswith("from multinet.cni.plugins.ipoib"))
    return file, line


def ask(package: Path) -> dict[str, Any]:
    """What the commands of that copy of the package say of the two stack files beside it."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": str(package.parent), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["package"] == str(package)
    answer["codes"] = {f["code"] for f in json.loads(answer["wrong"])["findings"]}
    return answer


def test_the_page_shows_the_file_and_the_line_as_they_are(
    project: Path, blocks: tuple[str, str]
) -> None:
    plugins = project / "components" / "multinet" / "cni" / "plugins"
    file, line = blocks
    assert (plugins / "ipoib.py").read_text() == file
    assert line in (plugins / "__init__.py").read_text()


def test_one_file_and_one_line_make_a_type_known_to_every_command(
    project: Path, blocks: tuple[str, str], tmp_path: Path
) -> None:
    file, line = blocks
    package = tmp_path / "multinet"
    shutil.copytree(project / "components" / "multinet", package)
    (tmp_path / "known.yaml").write_text(KNOWN.replace("HOST_KEY", HOST_KEY))
    (tmp_path / "wrong.yaml").write_text(WRONG)
    face = package / "cni" / "plugins" / "__init__.py"
    (package / "cni" / "plugins" / "ipoib.py").unlink()
    face.write_text(face.read_text().replace(line, ""))

    before = ask(package)
    assert before["codes"].isdisjoint({"missing-key", "unknown-key", "ipam-refused"})
    assert (before["links"], before["parent"]) == ([], "")
    assert "ipoib" not in before["schema"]
    assert "ib0.8001" not in before["diagram"]

    (package / "cni" / "plugins" / "ipoib.py").write_text(file)
    face.write_text(face.read_text() + line)
    after = ask(package)
    assert {"missing-key", "unknown-key", "ipam-refused"} <= after["codes"]
    assert (after["links"], after["parent"]) == (["ib0.8001"], "ib0.8001")
    assert (before["must_talk"], after["must_talk"]) == (None, True)
    assert before["planned"] == after["planned"] == ["w1", "w2"]
    assert '"const": "ipoib"' in after["schema"]
    assert "ib0.8001" in after["diagram"]
