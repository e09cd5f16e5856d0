"""The real `__main__.py` under the SDK's monitor: what it registers, on what, in which order."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pulumi
import pytest

from multinet import render
from multinet.names import PROJECT
from multinet.stack import stackfile

NAD = "kubernetes:k8s.cni.cncf.io/v1:NetworkAttachmentDefinition"


def plan(project: Path, config: dict[str, Any]) -> render.Plan:
    return render.run(project / "__main__.py", PROJECT, "test", config)


def dev(project: Path, stack: str = "dev") -> dict[str, Any]:
    return dict(stackfile.read(project / f"Pulumi.{stack}.yaml").config)


def by_name(of: render.Plan) -> dict[str, render.Planned]:
    return {r.name: r for r in of.resources}


def test_components_have_their_types_and_every_resource_a_component_above_it(project: Path) -> None:
    found = plan(project, dev(project))
    types = {r.name: r.type for r in found.resources}
    assert types["primary-cni"] == "multinet:index:PrimaryCni"
    assert types["multus"] == "multinet:index:Multus"
    assert types["multinet"] == "multinet:index:Environment"
    assert types["networks"] == "multinet:index:Networks"
    assert types["macvlan-conf"] == NAD
    for resource in found.resources:
        if resource.type.startswith("kubernetes:"):
            assert "multinet:index:" in resource.urn, f"{resource.name} has no component above it"


@pytest.mark.parametrize("count", [0, 1, 100])
def test_a_network_is_one_resource_and_the_rest_is_at_most_twenty(
    project: Path, count: int
) -> None:
    networks = {
        f"net-{i}": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": f"br{i}"}}
        for i in range(count)
    }
    config = {"primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"}}
    found = plan(project, {**config, "networks": networks}).resources
    assert Counter(r.type == NAD for r in found)[True] == count
    stack = 1  # of Pulumi's own, which a plan leaves out
    assert len(found) + stack <= count + 20


def test_everything_goes_to_the_explicit_cluster(project: Path) -> None:
    found = plan(project, dev(project) | {"context": "staging"})
    cluster = by_name(found)["cluster"]
    assert cluster.inputs["context"] == "staging"
    for resource in found.resources:
        if resource.type.startswith("kubernetes:"):
            assert cluster.urn in resource.dependencies, f"{resource.name} uses another provider"


def test_crds_come_before_networks_and_the_primary_before_multus(project: Path) -> None:
    order = [r.name for r in plan(project, dev(project)).resources]
    for earlier, later in (
        ("primary-cni-chart", "multus-daemonset"),
        ("multus-crd", "macvlan-conf"),
        ("multus-config", "multus-daemonset"),
        ("multus-role-binding", "multus-daemonset"),
    ):
        assert order.index(earlier) < order.index(later), f"{earlier} must come before {later}"


def test_outputs_are_those_of_the_contract(project: Path) -> None:
    assert plan(project, dev(project)).outputs == {
        "primaryCni": {
            "plugin": "calico",
            "version": "v3.31.7",
            "confFile": "10-calico.conflist",
            "podCidrs": ["10.233.64.0/18"],
        },
        "multus": {
            "enabled": True,
            "mode": "thick",
            "version": "v4.3.0",
            "namespace": "kube-system",
        },
        "networks": {
            "macvlan-conf": {
                "namespace": "default",
                "reference": "default/macvlan-conf",
                "type": "macvlan",
                "annotation": {"k8s.v1.cni.cncf.io/networks": "default/macvlan-conf"},
                "subnets": ["192.168.1.0/24"],
            }
        },
    }


def test_cilium_is_told_not_to_be_exclusive(project: Path) -> None:
    chart = by_name(plan(project, dev(project, "cilium")))["primary-cni-chart"]
    assert chart.inputs["chart"] == "cilium"
    assert chart.inputs["values"]["cni"]["exclusive"] is False


def test_an_existing_primary_and_a_foreign_multus_create_only_networks(project: Path) -> None:
    config = dev(project) | {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "multus": {"enabled": False},
    }
    objects = [r.name for r in plan(project, config).resources if r.type.startswith("kubernetes:")]
    assert objects == ["macvlan-conf"]


def test_a_bad_configuration_is_refused_before_anything_is_registered(project: Path) -> None:
    config = dev(project) | {"multus": {"mode": "thik"}, "netwroks": {}}
    with pytest.raises(pulumi.RunError) as refused:
        plan(project, config)
    text = str(refused.value)
    assert "2 problems, nothing of it was created" in text
    assert "multinet:multus.mode" in text
    assert "did you mean 'networks'?" in text


def test_the_kubeconfig_never_appears_in_a_plan(project: Path) -> None:
    secret = '{"apiVersion": "v1", "kind": "Config", "users": [{"user": {"token": "hunter2"}}]}'
    found = plan(project, dev(project) | {"kubeconfig": secret})
    assert by_name(found)["cluster"].inputs["kubeconfig"] == "[secret]"
    assert "hunter2" not in repr(found)


def test_it_does_without_the_modules_that_describe_all_of_kubernetes(tmp_path: Path) -> None:
    """They take half a second to load, of every `up` and of every preview."""
    file = tmp_path / "Pulumi.test.yaml"
    primary = "{plugin: existing, confFile: 10-x.conflist, podCidrs: [10.233.64.0/18]}"
    network = "{config: {cniVersion: 1.0.0, type: bridge, bridge: br1}}"
    file.write_text(
        f"config:\n  multinet:primaryCni: {primary}\n  multinet:networks: {{lan: {network}}}\n"
    )
    command = [sys.executable, "-X", "importtime", str(Path(sys.executable).with_name("multinet"))]
    ran = subprocess.run(
        [*command, "render", "-f", str(file), "-o", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "pulumi_kubernetes" in loaded
    assert {x for x in loaded if x.startswith("pulumi_kubernetes.core")} == set()
