"""What `import-kubespray` writes for a chart is what the real chart makes objects of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rig
from multinet import render
from multinet.kubespray.parity import OF_PLUGIN
from multinet.kubespray.rows.row import Row
from multinet.render.yaml import dump
from tests.cluster import primary
from tests.unit.kubespray.importing import imported
from tests.unit.kubespray.test_parity import OTHER

pytestmark = pytest.mark.cluster


@pytest.fixture(autouse=True)
def _helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTINET_HELM", str(rig.parts.ensure(*primary.PARTS).binary("helm")))


def chart_values(plugin: str) -> list[Row]:
    return [r for r in OF_PLUGIN[plugin] if r.read and r.ours.startswith("primaryCni.values.")]


def from_kubespray(plugin: str, tmp_path: Path) -> dict[str, Any]:
    """An environment of every variable that is a chart value, none at its default."""
    inventory = tmp_path / "all.yml"
    lines = [f"{row.name}: {OTHER[row.name]}" for row in chart_values(plugin)]
    inventory.write_text("\n".join([f"kube_network_plugin: {plugin}", *lines, ""]))
    config = imported(inventory).config
    there = primary.environment(plugin)["primaryCni"]
    return {"primaryCni": config["primaryCni"] | there, "multus": {"enabled": False}}


def test_felixs_variables_become_felixs_configuration(project: Path, tmp_path: Path) -> None:
    config = from_kubespray("calico", tmp_path)
    wanted = config["primaryCni"]["values"]["defaultFelixConfiguration"]
    found = primary.manifests(project, config)
    (felix,) = [m for m in found if m["kind"] == "FelixConfiguration"]
    assert felix["metadata"]["name"] == "default"
    assert felix["spec"] == {k: v for k, v in wanted.items() if k != "enabled"}
    assert len(felix["spec"]) >= 15
    (installation,) = [m for m in found if m["kind"] == "Installation"]
    assert installation["spec"]["calicoNetwork"]["containerIPForwarding"] == "Enabled"
    assert installation["spec"]["cni"]["ipam"] == {"type": "HostLocal"}


def test_ciliums_variables_change_what_its_chart_makes(project: Path, tmp_path: Path) -> None:
    """Each of them by itself: a value that the chart does not know changes nothing."""
    every = from_kubespray("cilium", tmp_path)
    whole = rendered(project, every)
    for row in chart_values("cilium"):
        without = rendered(project, without_value(every, row.ours.split(".")))
        assert without != whole, f"{row.name}: the chart does not read {row.ours}"


def rendered(project: Path, config: dict[str, Any]) -> list[str]:
    """Every object; or what the chart says of values that it refuses."""
    found, missing = render.manifests_of(primary.plan(project, config))
    return [*(dump(m) for m in found), *missing.values()]


def without_value(config: Any, path: list[str]) -> Any:
    if not path:
        return None
    rest = {k: v for k, v in config.items() if k != path[0]}
    below = without_value(config[path[0]], path[1:])
    return rest if below is None else rest | {path[0]: below}
