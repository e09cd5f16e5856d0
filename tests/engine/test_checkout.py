"""Pulumi by itself in a fresh checkout, and by make: what a user types, and what it leaves behind."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from rig.demo.clusters import RigCluster
from rig.demo.environment import STACK, write_stack_file

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


class Checkout:
    """A copy of what is committed, or would be, and nothing else."""

    def __init__(self, project: Path, directory: Path, cluster: rig.Cluster) -> None:
        self.path = directory / "checkout"
        self.path.mkdir()
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=project, capture_output=True, check=True).stdout
        copy = ["tar", "--create", "--null", "--files-from=-", "--ignore-failed-read"]
        tar = subprocess.run(copy, cwd=project, input=names, capture_output=True, check=True)
        subprocess.run(["tar", "--extract"], cwd=self.path, input=tar.stdout, check=True)
        write_stack_file(self.path, RigCluster().overrides())
        (directory / "state").mkdir()
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")},
            "KUBECONFIG": str(cluster.kubeconfig),
            "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(directory / "home"),
        }

    def run(self, *command: str, check: bool = True, **more: str) -> str:
        """What it prints; with `check`, it has to end well."""
        ran = subprocess.run(
            command,
            cwd=self.path,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        said = ran.stdout + ran.stderr
        print(f"$ {' '.join(command)}\n{said[-4000:]}")
        assert not check or ran.returncode == 0, said
        return said


@pytest.fixture
def checkout(project: Path, tmp_path: Path, cluster: rig.Cluster) -> Checkout:
    return Checkout(project, tmp_path, cluster)


def test_pulumi_alone_brings_a_fresh_checkout_up_with_what_is_locked(checkout: Checkout) -> None:
    checkout.run("pulumi", "stack", "init", STACK)
    said = checkout.run("pulumi", "up", "--yes", "--skip-preview", "--color", "never")
    assert "No module named" not in said
    assert "multus-daemonset" in said
    try:
        frozen = checkout.run(".venv/bin/python", "-m", "pip", "list", "--format", "freeze")
        installed = {
            re.sub(r"[._]", "-", name).lower(): version
            for name, _, version in (line.partition("==") for line in frozen.splitlines())
        }
        lines = (checkout.path / "requirements.txt").read_text().splitlines()
        locked = dict(x.split(" ")[0].split("==") for x in lines if "==" in x)
        assert {"pulumi", "pydantic"} <= locked.keys()
        others = {name for name, version in locked.items() if installed.get(name) != version}
        assert others <= {"colorama"}, "that one is Windows's"
        assert "multinet" not in installed
        again = checkout.run("pulumi", "up", "--yes", "--skip-preview", "--color", "never")
        assert "unchanged" in again
    finally:
        checkout.run("pulumi", "destroy", "--yes", "--skip-preview", "--color", "never")


def test_a_preview_by_make_leaves_nothing_of_a_stack_that_is_not_there(
    checkout: Checkout, project: Path
) -> None:
    (checkout.path / ".venv").symlink_to(project / ".venv")
    file = checkout.path / f"Pulumi.{STACK}.yaml"
    before = file.read_text()
    script = ("sh", "scripts/pulumi.sh")
    said = checkout.run(*script, "preview", STACK, PULUMI_ARGS="--yes --color never")
    assert "to create" in said
    assert file.read_text() == before, "a preview changes no file"
    assert STACK not in checkout.run("pulumi", "stack", "ls")
    args: dict[str, Any] = {"PULUMI_ARGS": "--yes --skip-preview --color never"}
    said = checkout.run(*script, "up", STACK, **args)
    assert "encryptionsalt" in said, "what was added to a file that is committed is said"
    try:
        after = YAML(typ="safe").load(file)
        assert after.pop("encryptionsalt")
        assert after == YAML(typ="safe").load(before), "Pulumi writes it anew"
        assert "unchanged" in checkout.run(*script, "preview", STACK, **args)
        assert STACK in checkout.run("pulumi", "stack", "ls"), "one that is there stays"
        assert "unchanged" in checkout.run(*script, "refresh", STACK, **args)
    finally:
        checkout.run(*script, "destroy", STACK, **args)
