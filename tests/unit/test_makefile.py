"""`make` alone, as somebody who has just cloned the project runs it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_make_alone_lists_every_target_with_what_it_does() -> None:
    ran = subprocess.run(["make"], cwd=ROOT, capture_output=True, check=True, text=True)
    told = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", ran.stdout, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert phony is not None
    assert set(told) == set(phony[1].split())
    assert {"up", "preview", "destroy", "refresh", "demo", "test", "check", "bench"} <= set(told)
    assert "prints the step's own code" in ran.stdout
