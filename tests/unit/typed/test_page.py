"""The page for Python authors: its programs run, and type checkers know their words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor


def blocks(project: Path) -> list[str]:
    """The Python of the part about Python."""
    page = (project / "docs" / "reuse.md").read_text(encoding="utf-8")
    part = page.split("## In every language")[0]
    return re.findall(r"```python\n(.*?)```", part, re.DOTALL)


def test_the_programs_of_the_page_run(project: Path) -> None:
    engine = Monitor()
    space: dict[str, Any] = {}
    monitor.run(engine, lambda: exec("\n".join(blocks(project)), space))
    assert {"lan", "edge-lan", "edge-multus"} <= engine.made.keys()
    assert space["annotation"] == {"k8s.v1.cni.cncf.io/networks": "default/lan,lab/backend@lan1"}
    assert "02:00:00:00:00:07" in str(space["fixed"])


WRONG = """
import pulumi
from multinet import Macvlan, MultusArgs, Network, Networks

Network("lan", Macvlan(mode="brige"))
Network("lan", Macvlan(mster="eth0"))
Networks("lab", {"lan": 7})
MultusArgs(mode="thik")
"""


def test_a_type_checker_takes_the_page_and_refuses_wrong_words(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "right.py").write_text("\n".join(blocks(project)))
    (tmp_path / "wrong.py").write_text(WRONG)
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", project / ".mypy_cache",
         "--config-file", project / "pyproject.toml", tmp_path / "right.py", tmp_path / "wrong.py"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wrong = [line for line in ran.stdout.splitlines() if "wrong.py" in line]
    assert "right.py" not in ran.stdout, ran.stdout
    lines = {int(line.split(":")[1]) for line in wrong}
    assert lines == {5, 6, 7, 8}, ran.stdout
