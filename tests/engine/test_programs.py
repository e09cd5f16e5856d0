"""Programs of users' own, made of multinet's components, on the real engine and node."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi import automation
from ruamel.yaml import YAML

import rig
from rig.demo import engine
from rig.demo.clusters import RigCluster
from tests.conftest import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.cluster]
EXAMPLE = ROOT / "examples" / "large"
STACK = "large"
ROWS = 100
HALLS = ("hall1", "hall2")
"""The namespaces of those rows; a program that is not about them does not make them."""


@pytest.fixture
def large(tmp_path: Path, cluster: rig.Cluster) -> Iterator[automation.Stack]:
    """The example of hundreds of networks on the rig, with the first hundred of them."""
    project = tmp_path / "project"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
    table = project / "networks.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[: ROWS + 1]))
    yaml = YAML()
    described = yaml.load(project / "Pulumi.yaml")
    described["runtime"]["options"]["virtualenv"] = str(ROOT / ".venv")
    yaml.dump(described, project / "Pulumi.yaml")
    file = project / f"Pulumi.{STACK}.yaml"
    document = yaml.load(file)
    # The rig has a primary of its own.
    document["config"]["multinet:primaryCni"] = RigCluster().overrides()["primaryCni"]
    document["config"]["multinet:nodes"] = {}  # the rig's node has no SSH server
    yaml.dump(document, file)
    for hall in HALLS:
        cluster.kubectl("create", "namespace", hall)
    stack = engine.stack(project, cluster.kubeconfig, STACK)
    try:
        yield stack
    finally:
        with contextlib.suppress(automation.CommandError):
            stack.destroy()
        cluster.kubectl("delete", "namespace", *HALLS, "--wait")


def test_a_table_becomes_networks_and_a_second_up_changes_nothing(
    large: automation.Stack, cluster: rig.Cluster
) -> None:
    created = engine.up(large, lambda _line: None)
    assert set(created) == {"create"}
    found = cluster.kubectl("get", "net-attach-def", "-A", "-o", "name").split()
    assert len(found) == ROWS
    again: list[str] = []
    assert set(engine.up(large, again.append)) == {"same"}, "\n".join(again)


def test_a_mistake_in_the_table_is_refused_before_anything_is_created(
    large: automation.Stack, cluster: rig.Cluster
) -> None:
    table = Path(large.workspace.work_dir) / "networks.csv"
    table.write_text(f"{table.read_text()}wide,hall1,5000,10.120.0.0/24,1500\n")
    with pytest.raises(automation.CommandError) as refused:
        engine.up(large, lambda _line: None)
    assert "multinet:networks.wide.config.vlan" in str(refused.value)
    assert not cluster.kubectl("get", "net-attach-def", "-A", "-o", "name", check=False)
