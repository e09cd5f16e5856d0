"""What `pulumi up` alone needs in a fresh checkout: requirements that install, locked, by themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = (".", "plugin", "examples/attach", "examples/components", "examples/large")
"""Directories of which Pulumi makes a virtual environment, from their requirements.txt."""

# Finds what the program imports where nothing but its requirements is installed: without the
# editable install that the tests' own environment has.
FIND = """\
import importlib.util, sys
sys.path[:] = [p for p in sys.path if not p.endswith("/components")]
sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in getattr(f, "__module__", "")]
source = open("__main__.py").read()
exec(compile(source[: source.index("from multinet")], sys.argv[1], "exec"), {"__file__": sys.argv[1]})
print(importlib.util.find_spec("multinet").origin)
"""


def _locked(text: str) -> dict[str, frozenset[str]]:
    """`name==version ; marker` → its hashes."""
    found: dict[str, frozenset[str]] = {}
    for entry in re.split(r"\n(?=[^ ])", re.sub(r"(?m)^ *#.*\n", "", text)):
        name, *hashes = (part.strip(" \\\n") for part in entry.split("--hash="))
        if name:
            found[name.strip()] = frozenset(hashes)
    return found


def test_the_program_s_requirements_are_the_lock_s_each_with_its_hashes(project: Path) -> None:
    program = _locked((project / "requirements.txt").read_text())
    lock = _locked((project / "requirements.lock").read_text())
    assert {"pulumi", "pulumi-kubernetes", "pydantic"} <= {n.partition("==")[0] for n in program}
    assert {name: lock.get(name) for name in program} == program
    assert all(program.values())


@pytest.mark.parametrize("where", PROGRAMS)
def test_what_pulumi_installs_for_a_program_leads_to_the_locked_ones(
    project: Path, where: str
) -> None:
    wanted = (project / where / "requirements.txt").read_text()
    for line in () if where == "." else [x for x in wanted.splitlines() if x[:1] != "#"]:
        option, _, file = line.partition(" ")
        assert option == "-r", "whatever else stands there is not locked"
        assert (project / where / file).resolve() == project / "requirements.txt"


@pytest.mark.parametrize("where", PROGRAMS)
def test_a_program_finds_multinet_without_its_being_installed(project: Path, where: str) -> None:
    program = str(project / where / "__main__.py")
    ran = subprocess.run(
        [sys.executable, "-c", FIND, program],
        cwd=project / where,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == str(project / "components/multinet/__init__.py"), ran.stderr
