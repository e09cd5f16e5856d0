"""What `multinet render` wrote, on a real API server: accepted in its order, then unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from rig.demo import manifests
from rig.demo.environment import write_stack_file
from rig.demo.manifests import wait_for_crd

pytestmark = pytest.mark.cluster


def versions(control_plane: rig.ControlPlane, directory: Path) -> dict[str, str]:
    """resourceVersion of every rendered object, by file."""
    found = {}
    for path in sorted((directory / "manifests").glob("[0-9]*.yaml")):
        said = control_plane.kubectl("get", "-f", str(path), "-o", "json")
        found[path.name] = json.loads(said)["metadata"]["resourceVersion"]
    return found


def apply(control_plane: rig.ControlPlane, directory: Path) -> None:
    """File by file; a bare API server rolls nothing out, so workloads are not waited for."""
    for path in sorted((directory / "manifests").glob("[0-9]*.yaml")):
        control_plane.kubectl("apply", "--server-side", "-f", str(path))
        manifest = YAML(typ="safe").load(path.read_text())
        if manifest["kind"] == "CustomResourceDefinition":
            name = f"crd/{manifest['metadata']['name']}"
            wait_for_crd(control_plane.kubectl, name)


@pytest.mark.parametrize("mode", ["thick", "thin"])
@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_an_environment_is_accepted_and_a_second_apply_changes_nothing(
    stack: str, mode: str, api_server: rig.ControlPlane, tmp_path: Path, monkeypatch: Any
) -> None:
    parts = rig.parts.ensure("helm", "cilium", "tigera-operator")
    monkeypatch.setenv("MULTINET_HELM", str(parts.binary("helm")))
    chart = {"dev": "tigera-operator", "cilium": "cilium"}[stack]
    plugin = {"dev": "calico", "cilium": "cilium"}[stack]
    primary = {"plugin": plugin, "chart": {"path": str(parts.chart(chart))}}
    overrides = {"primaryCni": primary, "multus": {"mode": mode}}
    stack_file = write_stack_file(tmp_path, overrides, base=stack)
    rendered = manifests.render_environment(stack_file, tmp_path / "out")
    assert rendered.missing_charts == {}
    assert len(rendered.manifests) > 12, "the chart's objects are among them"

    apply(api_server, tmp_path / "out")
    before = versions(api_server, tmp_path / "out")
    apply(api_server, tmp_path / "out")
    assert versions(api_server, tmp_path / "out") == before
    if stack == "cilium":
        config = api_server.kubectl("-n", "kube-system", "get", "cm", "cilium-config", "-o", "json")
        assert json.loads(config)["data"]["cni-exclusive"] == "false"


def test_sriov_is_accepted_where_no_node_has_such_a_card(
    api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    """All that can be tried of its objects here: the API server takes no key that it does not know."""
    pools = {"example.com/fast": {"links": ["ens1f0#0-3"], "drivers": ["iavf"], "rdma": True}}
    config = {"cniVersion": "1.0.0", "type": "sriov"}
    overrides = {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "addons": {"sriov": {"pools": pools, "nodeSelector": {"example.com/sriov": "here"}}},
        "networks": {"fast": {"resourceName": "example.com/fast", "config": config}},
    }
    manifests.render_environment(write_stack_file(tmp_path, overrides), tmp_path / "out")
    apply(api_server, tmp_path / "out")
    before = versions(api_server, tmp_path / "out")
    apply(api_server, tmp_path / "out")
    assert versions(api_server, tmp_path / "out") == before
    assert len([name for name in before if "sriov" in name]) == 4
