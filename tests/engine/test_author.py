"""A program of an author's own, on the real engine: what is refused, when, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi import automation
from ruamel.yaml import YAML

from rig.demo import engine
from tests.conftest import ROOT

pytestmark = [pytest.mark.engine]
PROGRAM = """
import pulumi
from multinet import Bridge, HostLocal, Macvlan, Network
from pulumi_command import local

other = local.Command("other", create="printf 10.0.0.0/31").stdout
if pulumi.Config().get_bool("known"):
    Network("wrong", Macvlan(mode="brige", ipam=HostLocal(subnet=other)))
Network("lan", Bridge(bridge="br0", ipam=HostLocal(subnet=other)))
"""


@pytest.fixture
def stack(tmp_path: Path) -> automation.Stack:
    project = tmp_path / "project"
    project.mkdir()
    options = {"virtualenv": str(ROOT / ".venv")}
    document = {"name": "author", "runtime": {"name": "python", "options": options}}
    YAML().dump(document, project / "Pulumi.yaml")
    (project / "__main__.py").write_text(PROGRAM)
    return engine.stack(project, Path("/nonexistent/kubeconfig"), "dev")


def made(stack: automation.Stack) -> set[str]:
    resources = stack.export_stack().deployment.get("resources") or []
    return {r["urn"].rpartition("::")[2] for r in resources}


def test_a_wrong_value_of_another_resource_is_told_before_the_network_is_there(
    stack: automation.Stack,
) -> None:
    with pytest.raises(automation.CommandError) as refused:
        engine.up(stack, lambda _line: None)
    said = str(refused.value)
    assert "network lan is refused: 1 problem, it was not created" in said
    assert "error[subnet-too-small] config.ipam.subnet" in said
    assert "Traceback" not in said
    assert "other" in made(stack)
    assert "lan" not in made(stack)


def test_a_known_mistake_is_told_by_a_preview_and_nothing_is_created(
    stack: automation.Stack,
) -> None:
    stack.set_config("known", automation.ConfigValue("true"))
    for operation in (stack.preview, stack.up):
        with pytest.raises(automation.CommandError) as refused:
            operation()
        said = str(refused.value)
        assert "network wrong is refused: 1 problem, nothing of it was created" in said
        assert "error[unknown-value] config.mode" in said
        assert "Traceback" not in said
    assert not made(stack) & {"wrong", "lan"}
