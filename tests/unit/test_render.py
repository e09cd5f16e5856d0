"""`multinet render`: same input, same bytes; what is written is what was declared."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from multinet.stack import stackfile
from tests.unit.rendering import manifests, render

pytestmark = pytest.mark.usefixtures("no_helm")


def digest(directory: Path) -> dict[str, str]:
    return {
        str(p.relative_to(directory)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in directory.rglob("*")
        if p.is_file()
    }


def nad(directory: Path, name: str = "macvlan-conf") -> dict[str, Any]:
    (found,) = (
        m
        for m in manifests(directory).values()
        if m["kind"] == "NetworkAttachmentDefinition" and m["metadata"]["name"] == name
    )
    return found


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_rendering_twice_gives_the_same_bytes(stack: str, project: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        code, output = render(project, tmp_path / name, "-s", stack)
        assert code == 4, output
        assert "not rendered" in output, "the missing chart is named"
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_the_nad_holds_exactly_what_the_file_declares(
    stack: str, project: Path, tmp_path: Path
) -> None:
    render(project, tmp_path / "out", "-s", stack)
    declared = stackfile.read(project / f"Pulumi.{stack}.yaml").config
    expected = declared["networks"]["macvlan-conf"]["config"] | {"name": "macvlan-conf"}
    assert json.loads(nad(tmp_path / "out")["spec"]["config"]) == expected


def test_the_order_of_keys_in_the_file_does_not_matter(project: Path, tmp_path: Path) -> None:
    one = {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br1", "isGateway": True}
    for name, config in (("one", one), ("two", dict(reversed(one.items())))):
        file = tmp_path / name / "Pulumi.test.yaml"
        file.parent.mkdir()
        networks = {"blue": {"config": config}}
        primary = {"plugin": "existing", "confFile": "10-x.conflist"}
        file.write_text(
            json.dumps({"config": {"multinet:networks": networks, "multinet:primaryCni": primary}})
        )
        code, output = render(project, file.parent / "out", "-f", str(file))
        assert code == 0, output
    rendered = [nad(tmp_path / name / "out", "blue") for name in ("one", "two")]
    assert rendered[0] == rendered[1]


def test_a_label_that_yaml_once_took_for_a_boolean_is_text_for_kubectl(
    project: Path, tmp_path: Path
) -> None:
    """It reads YAML 1.1, and the API server refuses a label that is true."""
    file = tmp_path / "Pulumi.test.yaml"
    words = ["yes", "No", "on", "OFF", "y", "n"]
    labels = {f"l{i}": word for i, word in enumerate(words)}
    network = {"labels": labels, "config": {"cniVersion": "1.0.0", "type": "bridge"}}
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    config = {"multinet:networks": {"blue": network}, "multinet:primaryCni": primary}
    file.write_text(json.dumps({"config": config}))
    assert render(project, tmp_path / "out", "-f", str(file))[0] == 0
    (path,) = (tmp_path / "out/manifests").glob("*-blue.yaml")
    once = YAML(typ="safe")
    once.version = "1.1"
    assert labels.items() <= once.load(path)["metadata"]["labels"].items()


def test_files_are_in_the_order_of_dependencies(project: Path, tmp_path: Path) -> None:
    render(project, tmp_path / "out")
    kinds = [m["kind"] for m in manifests(tmp_path / "out").values()]
    assert kinds.index("CustomResourceDefinition") < kinds.index("NetworkAttachmentDefinition")
    assert kinds.index("ConfigMap") < kinds.index("DaemonSet")
    kustomization = YAML(typ="safe").load(tmp_path / "out/manifests/kustomization.yaml")
    assert kustomization["resources"] == list(manifests(tmp_path / "out"))


def test_manifests_carry_no_annotations_of_the_engine(project: Path, tmp_path: Path) -> None:
    render(project, tmp_path / "out")
    for name, manifest in manifests(tmp_path / "out").items():
        assert "pulumi.com/" not in json.dumps(manifest), name


def test_the_summary_shows_networks_findings_and_what_is_missing(
    project: Path, tmp_path: Path
) -> None:
    render(project, tmp_path / "out")
    text = (tmp_path / "out" / "summary.md").read_text()
    for part in ("```mermaid", "default/macvlan-conf", "192.168.1.200", "tigera-operator"):
        assert part in text


def test_a_directory_with_other_files_is_not_touched(project: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    code, output = render(project, tmp_path)
    assert code == 2
    assert "no render wrote" in output
    assert [p.name for p in tmp_path.iterdir()] == ["precious.txt"]


def test_a_refused_environment_writes_nothing(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("config:\n  multinet:multus: {mode: thik}\n")
    code, output = render(project, tmp_path / "out", "-f", str(file))
    assert code == 2
    assert "multinet:multus.mode" in output
    assert not (tmp_path / "out").exists()


def test_json_lists_what_was_written(project: Path, tmp_path: Path) -> None:
    code, output = render(project, tmp_path / "out", "-s", "dev", "--json")
    assert code == 4
    document = json.loads(output)
    assert document["manifests"] == list(manifests(tmp_path / "out"))
    assert list(document["missingCharts"]) == ["tigera-operator v3.31.7"]
