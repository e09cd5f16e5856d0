"""The component plugin, on the real engine: from a Python SDK made of its schema, and from YAML."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation
from ruamel.yaml import YAML

import rig
from multinet.component_plugin.provider import schema
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import engine
from rig.demo.environment import PROJECT_DIR, STACK

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

VENV = str(PROJECT_DIR / ".venv")
PYTHON = f'''\
import pulumi
import pulumi_multinet as multinet

cni = multinet.PrimaryCni(
    "cni", plugin=multinet.PrimaryCniPlugin.EXISTING, conf_file="{PRIMARY_CONFLIST}"
)
multus = multinet.Multus("multus", mode="thick", primary_conf_file=cni.conf_file)
after = pulumi.ResourceOptions(depends_on=[multus])
config = {{"cniVersion": "1.0.0", "type": "bridge", "bridge": "br-plug", "mtu": 1400}}
config["ipam"] = {{"type": "host-local", "subnet": "10.95.0.0/24"}}
network = multinet.Network("plugged", config=config, opts=after)
pulumi.export("annotation", network.annotation)
pulumi.export("subnets", network.subnets)
pulumi.export("version", multus.version)
'''
REFUSED = """\
import pulumi_multinet as multinet

wrong = {"cniVersion": "1.0.0", "type": "macvlan", "mtu": "1500"}
multinet.Network("wrong", namespace="Default", config=wrong)
"""
WITH_SECRET = """\
import pulumi
import pulumi_multinet as multinet

config = {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br-hidden"}
hidden = multinet.Network("hidden", config=pulumi.Output.secret(config))
pulumi.export("type", hidden.type)
"""
IN_YAML: dict[str, Any] = {
    "cni": {
        "type": "multinet:PrimaryCni",
        "properties": {"plugin": "existing", "confFile": PRIMARY_CONFLIST},
    },
    "multus": {
        "type": "multinet:Multus",
        "properties": {"primaryConfFile": "${cni.confFile}", "mode": "thin"},
    },
    "plugged": {
        "type": "multinet:Network",
        "options": {"dependsOn": ["${multus}"]},
        "properties": {
            "config": {
                "cniVersion": "1.0.0",
                "type": "bridge",
                "bridge": "br-plug",
                "ipam": {"type": "host-local", "subnet": "10.95.0.0/24"},
            }
        },
    },
}


@dataclasses.dataclass
class Project:
    """A project that uses the plugin as a directory on this machine."""

    directory: Path
    stack: automation.Stack

    def program(self, text: str) -> None:
        (self.directory / "__main__.py").write_text(text)

    def refusal(self) -> str:
        with pytest.raises(automation.CommandError) as refused:
            self.stack.up()
        return str(refused.value)


@contextlib.contextmanager
def using_plugin(to: Path, cluster: rig.Cluster, program: dict[str, Any]) -> Iterator[Project]:
    """A project and the plugin beside it, run in the tests' virtual environment."""
    plugin = to / "plugin"
    shutil.copytree(PROJECT_DIR / "plugin", plugin, ignore=shutil.ignore_patterns("venv"))
    yaml = YAML()
    document = yaml.load(plugin / "PulumiPlugin.yaml")
    document["runtime"]["options"]["virtualenv"] = VENV
    yaml.dump(document, plugin / "PulumiPlugin.yaml")
    directory = to / "user"
    directory.mkdir()
    plugins = {"providers": [{"name": "multinet", "path": str(plugin)}]}
    yaml.dump({"name": "user", "plugins": plugins, **program}, directory / "Pulumi.yaml")
    project = Project(directory, engine.stack(directory, cluster.kubeconfig, STACK))
    try:
        yield project
    finally:
        project.stack.destroy()


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python SDK that Pulumi makes of the schema."""
    to = tmp_path_factory.mktemp("sdk")
    file = to / "schema.json"
    file.write_text(json.dumps(schema()))
    command = ["pulumi", "package", "gen-sdk", str(file), "--language", "python"]
    environment = {"PULUMI_HOME": str(to / "home"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    subprocess.run(
        [*command, "--out", str(to)], check=True, capture_output=True, env=_with(environment)
    )
    # What an installer adds, without the setuptools that this SDK would be built with.
    info = to / "python" / "pulumi_multinet-0.1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\nName: pulumi_multinet\nVersion: 0.1.0\n"
    )
    return to / "python"


def _with(more: dict[str, str]) -> dict[str, str]:
    return os.environ | more


def test_a_python_program_uses_the_components_by_their_sdk(
    cluster: rig.Cluster, tmp_path: Path, sdk: Path
) -> None:
    python = {"runtime": {"name": "python", "options": {"virtualenv": VENV}}}
    with using_plugin(tmp_path, cluster, python) as project:
        shutil.copytree(sdk, project.directory, dirs_exist_ok=True)
        project.program(PYTHON)
        outputs = project.stack.up().outputs
        assert outputs["annotation"].value == {"k8s.v1.cni.cncf.io/networks": "default/plugged"}
        assert outputs["subnets"].value == ["10.95.0.0/24"]
        nad = json.loads(cluster.kubectl("get", "net-attach-def", "plugged", "-o", "json"))
        assert json.loads(nad["spec"]["config"])["mtu"] == 1400
        again = project.stack.up().summary.resource_changes or {}
        assert set(again) == {"same"}, "a second update changed something"

        project.program(PYTHON + WITH_SECRET)
        outputs = project.stack.up().outputs
        assert outputs["type"].secret
        (file,) = (tmp_path / "state").rglob(f"stacks/user/{STACK}.json")
        state = file.read_text()
        assert "br-hidden" not in state, "a secret input is in the state in plain text"
        assert "br-plug" in state

        project.program(PYTHON + REFUSED)
        said = project.refusal()
        assert "Network 'wrong' is refused: 2 problems" in said, said
        for code in ("[not-a-dns-label] namespace", "[wrong-type] config.mtu"):
            assert code in said
        assert "in _made" not in said, "a traceback of the plugin is shown"
    assert "plugged" not in cluster.kubectl("get", "net-attach-def", "-o", "name", check=False)


@pytest.mark.skipif(
    shutil.which("pulumi-language-yaml") is None, reason="pulumi-language-yaml is not on PATH"
)
def test_a_yaml_program_uses_the_components(cluster: rig.Cluster, tmp_path: Path) -> None:
    outputs = {"annotation": "${plugged.annotation}", "mode": "${multus.mode}"}
    program = {"runtime": "yaml", "resources": IN_YAML, "outputs": outputs}
    with using_plugin(tmp_path, cluster, program) as project:
        preview = project.stack.preview()
        assert preview.change_summary
        made = project.stack.up().outputs
        assert made["annotation"].value == {"k8s.v1.cni.cncf.io/networks": "default/plugged"}
        assert made["mode"].value == "thin"
        assert "plugged" in cluster.kubectl("get", "net-attach-def", "-o", "name")


def test_the_served_schema_is_the_one_that_the_engine_binds(tmp_path: Path) -> None:
    """As a binary plugin: a directory is installed first, for which a network is needed."""
    binary = tmp_path / "pulumi-resource-multinet"
    main = PROJECT_DIR / "plugin" / "__main__.py"
    binary.write_text(f'#!/bin/sh\nexec {sys.executable} {main} "$@"\n')
    binary.chmod(0o755)
    environment = {"PULUMI_HOME": str(tmp_path / "home"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    done = subprocess.run(
        ["pulumi", "package", "get-schema", str(binary)],
        check=True,
        capture_output=True,
        text=True,
        env=_with(environment),
    )
    served = json.loads(done.stdout)
    assert set(served["resources"]) == set(schema()["resources"])
    assert set(served["types"]) == set(schema()["types"])
