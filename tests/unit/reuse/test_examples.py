"""Every example that uses the package runs, as far as an engine's stand-in can tell."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML

from multinet.networks.resource import summary
from multinet.networks.settings import NetworkSettings
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor

ANNOTATION = "k8s.v1.cni.cncf.io/networks"


def _network(namespace: str) -> NetworkSettings:
    config: Any = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}
    config["ipam"] = {"type": "host-local", "subnet": "10.1.0.0/24"}
    return NetworkSettings(config=config, namespace=namespace)


DECLARED = {
    "macvlan-conf": summary("macvlan-conf", _network("default")),
    "backend": summary("backend", _network("lab")),
}


OTHERS = {"organization/multinet/dev": {"networks": DECLARED}}


@pytest.fixture
def engine() -> Monitor:
    return Monitor(OTHERS)


def run(engine: Monitor, example: Path, **config: str) -> None:
    """Run an example's program, with its own defaults where `config` says nothing."""
    project = YAML(typ="safe").load(example / "Pulumi.yaml")
    defaults = {key: entry["default"] for key, entry in project["config"].items()}
    given = {f"{project['name']}:{key}": value for key, value in config.items()}

    def program() -> None:
        runpy.run_path(str(example / "__main__.py"), run_name="__main__")

    monitor.run(engine, program, project=project["name"], config={**defaults, **given})


def test_the_deployment_s_pods_ask_for_the_other_stack_s_networks(
    engine: Monitor, project: Path
) -> None:
    run(engine, project / "examples" / "attach")
    template = engine.made["two-networks"].inputs["spec"]["template"]
    wanted = "default/macvlan-conf,lab/backend@lan"
    assert template["metadata"]["annotations"] == {ANNOTATION: wanted}


def test_a_network_that_the_other_stack_does_not_have_is_refused(
    engine: Monitor, project: Path
) -> None:
    with pytest.raises(pulumi.RunError, match="did you mean 'backend'"):
        run(engine, project / "examples" / "attach", second="bakend")
    assert "two-networks" not in engine.made, "a Deployment that can never start was registered"


def test_the_components_are_made_with_the_program_s_own_provider(
    engine: Monitor, project: Path
) -> None:
    run(engine, project / "examples" / "components")
    types = {name: made.type for name, made in engine.made.items()}
    assert types["multus"] == "multinet:index:Multus"
    assert types["lab-storage"] == types["lab-sensors"]
    children = [made for made in engine.made.values() if made.type.startswith("kubernetes:")]
    assert {made.provider.split("::")[-2] for made in children} == {"cluster"}
    assert '"master": "eth0"' in engine.made["lab-sensors"].inputs["spec"]["config"]


def test_a_wrong_setting_is_refused_without_a_traceback(engine: Monitor, project: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"not-a-file-name.* confFile"):
        run(engine, project / "examples" / "components", confFile="/etc/cni/net.d/10-a.conf")
    assert set(engine.made) <= {"cluster"}
