"""Ansible's own reader is the yardstick: both make the same of any inventory."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from multinet.kubespray import Inventory, read
from tests.unit.kubespray import by_ansible
from tests.unit.kubespray.arbitrary import VARIABLES, make_all

CASES = int(os.environ.get("MULTINET_DIFFERENTIAL_CASES", "40"))
ABSENT = "(absent)"


def by_them(files: list[Path], tmp_path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    ran = subprocess.run(
        [sys.executable, by_ansible.__file__],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS": "ignore",  # as Kubespray's ansible.cfg
        },
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return dict(json.loads(ran.stdout))


def by_us(inventory: Inventory) -> dict[str, dict[str, Any]]:
    """Each node's variables: those that are taken, and what is elsewhere otherwise."""
    found = {}
    for node in inventory.nodes:
        values = {name: given.value for name, given in inventory.given.items()}
        for name, others in inventory.elsewhere.items():
            for other in others:
                if node in other.nodes:
                    values[name] = other.given.value if other.given else ABSENT
        found[node] = {n: values.get(n, ABSENT) for n in VARIABLES}
    return found


@pytest.mark.skipif(importlib.util.find_spec("ansible") is None, reason="ansible-core is missing")
def test_any_inventory_means_to_us_what_it_means_to_ansible(tmp_path: Path) -> None:
    files = make_all(tmp_path, range(CASES))
    theirs = by_them([*files.values()], tmp_path)
    seen = 0
    for seed, file in files.items():
        ours = by_us(read(file))
        assert "cp1" in ours
        for node, values in ours.items():
            expected = {n: theirs[str(file)][node].get(n, ABSENT) for n in VARIABLES}
            assert values == expected, f"seed {seed}, {node} of {file}"
            seen += len(values)
    assert seen >= 5 * CASES
