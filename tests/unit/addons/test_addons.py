"""Add-ons as a user has them: off unless said, and the same from every way of declaring them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner

from multinet import (
    AddonsArgs,
    CniPlugins,
    CniPluginsAddonArgs,
    Environment,
    EnvironmentArgs,
    Existing,
    PrimaryCniArgs,
    SiteArgs,
    environment,
    render,
)
from multinet.cli.app import app
from multinet.component_plugin.provider import ComponentPlugin
from multinet.multus.running import is_multus
from multinet.names import OWNER, PROJECT
from multinet.preflight.look import Seen
from multinet.preflight.ownership import ownership
from multinet.stack import stackfile
from tests.unit.preflight.test_ownership import stack
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor
from tests.unit.typed.test_program import later, refused, run

NETWORKS = {
    "lan": {
        "config": {
            "cniVersion": "1.0.0",
            "plugins": [
                {
                    "type": "macvlan",
                    "master": "eth0",
                    "ipam": {"type": "host-local", "subnet": "192.168.1.0/24"},
                },
                {"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}},
            ],
        }
    },
    "sriov": {"resourceName": "a.example/b", "config": {"cniVersion": "1.0.0", "type": "sriov"}},
}
STACK: dict[str, Any] = {
    "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
    "networks": NETWORKS,
}
OFF = {"addons": {"cniPlugins": False, "networkPolicy": False}, "policies": {}}
IMAGE = "docker.io/rancher/hardened-cni-plugins:v1.9.1-build20260819"


def planned(project: Path, config: dict[str, Any]) -> dict[str, render.Planned]:
    plan = render.run(project / "__main__.py", PROJECT, "test", config)
    return {r.name: r for r in plan.resources}


def before(name: str, found: dict[str, render.Planned]) -> set[str]:
    """What is made before a resource is: URNs of what it and those above it depend on."""
    by_urn = {resource.urn: resource for resource in found.values()}
    urns, waiting = set[str](), [found[name].urn]
    while waiting:
        for urn in by_urn[waiting.pop()].dependencies:
            if urn in by_urn and urn not in urns:
                urns.add(urn)
                waiting.append(urn)
    return urns


def container(found: dict[str, render.Planned]) -> dict[str, Any]:
    (made,) = found["cni-plugins-daemonset"].inputs["spec"]["template"]["spec"]["containers"]
    return dict(made)


def laid_out(found: dict[str, render.Planned]) -> list[str]:
    return list(container(found)["command"][2:])


@pytest.mark.parametrize("said", [{}, {"addons": {}}, OFF])
def test_who_asks_for_none_has_what_there_was_without_them(
    said: dict[str, Any], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = dict(stackfile.read(project / "Pulumi.dev.yaml").config)
    found = planned(project, dev | said)
    monkeypatch.setattr(environment, "ADDONS", {})
    without = planned(project, dev)

    assert found == without
    assert not [name for name in found if "plugins" in name or "policy" in name]


def test_it_brings_what_networks_call_and_nobody_else_does(project: Path) -> None:
    on = {"addons": {"cniPlugins": True}}
    assert laid_out(planned(project, STACK | on)) == ["host-local", "macvlan", "tuning"]
    calico = {"primaryCni": {"plugin": "calico", "podCidrs": ["10.233.64.0/18"]}}
    assert laid_out(planned(project, STACK | calico | on)) == ["macvlan"]
    chained = {"primaryCni": {"plugin": "cilium", "cilium": {"portMap": True}}}
    assert "portmap" in laid_out(planned(project, STACK | chained | on))
    named = {"addons": {"cniPlugins": {"plugins": ["vlan", "bridge", "vlan"]}}}
    assert laid_out(planned(project, STACK | named)) == ["bridge", "vlan"]


def test_its_objects_are_ours_and_networks_come_after_them(project: Path) -> None:
    found = planned(project, STACK | {"addons": {"cniPlugins": True}})
    ours = [r for r in found.values() if "cni-plugins-" in r.name and "kubernetes:" in r.type]
    assert {r.inputs["metadata"]["annotations"][OWNER] for r in ours} == {"multinet/test"}
    assert found["cni-plugins"].type == "multinet:index:CniPlugins"
    daemon_set = found["cni-plugins-daemonset"]
    multus = found["multus-daemonset"]
    assert {daemon_set.urn, multus.urn} <= before("lan", found)
    assert daemon_set.urn not in before("multus-daemonset", found), "Multus waits for none"
    assert multus.urn not in before("cni-plugins-daemonset", found)


def test_it_stands_in_multus_namespace_which_is_there_before(project: Path) -> None:
    found = planned(
        project, STACK | {"multus": {"namespace": "multus"}, "addons": {"cniPlugins": True}}
    )
    assert found["cni-plugins-daemonset"].inputs["metadata"]["namespace"] == "multus"
    assert found["multus-namespace"].urn in before("cni-plugins-config", found)


def test_its_pods_have_no_right_but_to_write_files(project: Path) -> None:
    found = planned(project, STACK | {"addons": {"cniPlugins": True}})
    pod = found["cni-plugins-daemonset"].inputs["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert "serviceAccountName" not in pod
    assert not pod.get("hostPID")
    paths = [v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v]
    assert paths == ["/opt/cni/bin"]
    assert container(found)["securityContext"]["capabilities"] == {
        "drop": ["ALL"],
        "add": ["DAC_OVERRIDE"],
    }


@pytest.mark.parametrize(
    ("multus", "path"),
    [
        ({"distribution": "k3s"}, "/var/lib/rancher/k3s/data/cni"),
        ({"cniBinDir": "/home/kubernetes/bin"}, "/home/kubernetes/bin"),
    ],
)
def test_the_directory_is_the_distributions(
    multus: dict[str, Any], path: str, project: Path
) -> None:
    found = planned(project, STACK | {"multus": multus, "addons": {"cniPlugins": True}})
    pod = found["cni-plugins-daemonset"].inputs["spec"]["template"]["spec"]
    assert [v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v] == [path]
    assert {"name": "PLUGINS_NODE_BIN", "value": path} in container(found)["env"]


def stack_file(directory: Path, **more: Any) -> Path:
    file = directory / "Pulumi.test.yaml"
    config = {f"multinet:{key}": value for key, value in {**STACK, **more}.items()}
    file.write_text(json.dumps({"config": config}))
    return file


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize(
    ("multus", "addon", "image"),
    [
        ({}, True, IMAGE),
        ({"registry": "mirror.example.org/x"}, True, IMAGE.replace("docker.io", "mirror.example.org/x")),
        ({}, {"image": "own.example.org/p:v1"}, "own.example.org/p:v1"),
    ],
)  # fmt: skip
def test_images_lists_it_from_its_mirror(
    multus: dict[str, Any], addon: Any, image: str, project: Path, tmp_path: Path
) -> None:
    file = stack_file(tmp_path, multus=multus, addons={"cniPlugins": addon})
    listed = invoke("images", "-C", str(project), "-f", str(file)).splitlines()
    assert image in listed


def test_diff_tells_what_is_switched_on(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    before = stack_file(tmp_path / "a")
    after = stack_file(tmp_path, addons={"cniPlugins": {"plugins": ["vlan"]}})
    told = json.loads(invoke("diff", "--json", "-f", str(before), "-f", str(after)))
    found = {d["path"]: d["b"] for d in told["differences"] if d["section"] == "addons"}
    assert found["cniPlugins.image"] == IMAGE
    assert found["cniPlugins.plugins"] == ["vlan"]


def objects(engine: Monitor) -> dict[str, Any]:
    return {
        made.inputs["metadata"]["name"]: json.loads(json.dumps(made.inputs).replace("project/", "multinet/"))
        for made in engine.made.values()
        if made.type.startswith("kubernetes:") and "cni-plugins" in made.inputs.get("metadata", {}).get("name", "")
        and made.inputs["kind"] == "DaemonSet"
    }  # fmt: skip


def test_stack_file_typed_python_and_the_component_alone_create_the_same(project: Path) -> None:
    by_file = {
        r.inputs["metadata"]["name"]: r.inputs
        for r in render.run(
            project / "__main__.py", PROJECT, "dev", STACK | {"addons": {"cniPlugins": True}}
        ).resources
        if r.name == "cni-plugins-daemonset"
    }

    def typed() -> None:
        args = EnvironmentArgs(
            primary_cni=PrimaryCniArgs(plugin=Existing(conf_file="10-x.conflist")),
            networks=NETWORKS,
            addons=AddonsArgs(cni_plugins=CniPluginsAddonArgs()),
        )
        Environment("edge", args)

    def alone() -> None:
        made = CniPlugins("plugins", CniPluginsAddonArgs(), SiteArgs(networks=NETWORKS))
        pulumi.export("plugins", made.told["plugins"])

    engine = Monitor()

    async def plugin() -> None:
        given = {"networks": NETWORKS}
        result = ComponentPlugin().construct("p", "multinet:index:CniPlugins", given)
        await pulumi.Output.from_input(result.urn).future()

    monitor.run(engine, plugin)
    assert list(by_file) == ["multinet-cni-plugins"]
    for found in (run(typed), run(alone), engine):
        made = objects(found)["multinet-cni-plugins"]["spec"]["template"]["spec"]
        expected = by_file["multinet-cni-plugins"]["spec"]["template"]["spec"]
        assert made["containers"][0]["image"] == expected["containers"][0]["image"]
        assert made["containers"][0]["command"] == expected["containers"][0]["command"]


def test_an_image_of_another_resource_is_waited_for() -> None:
    def program() -> None:
        addon = CniPluginsAddonArgs(image=later("own.example.org/p:v1"))
        args = EnvironmentArgs(networks=NETWORKS, addons=AddonsArgs(cni_plugins=addon))
        Environment("edge", args)

    made = objects(run(program))["multinet-cni-plugins"]["spec"]["template"]["spec"]
    assert made["containers"][0]["image"] == "own.example.org/p:v1"


def test_whether_it_runs_is_known_when_the_program_runs() -> None:
    def program() -> None:
        args = EnvironmentArgs(addons={"cniPlugins": later(True)})
        Environment("edge", args)

    said, engine = refused(program)
    assert "addons.cniPlugins" in said
    assert not engine.made


def test_what_is_wrong_is_told_at_its_path(tmp_path: Path) -> None:
    wrong = {"cniPlugins": {"plugins": ["macvlna"], "imagee": "x"}, "whereabotus": True}
    told = invoke("validate", "-f", str(stack_file(tmp_path, addons=wrong)))
    assert "multinet:addons.cniPlugins.plugins[0]" in told
    assert "macvlan" in told
    assert "multinet:addons.cniPlugins.imagee" in told
    assert "multinet:addons.whereabotus" in told
    told = invoke("validate", "-f", str(stack_file(tmp_path, addons={"cniPlugins": "yes"})))
    assert "true, false, or a mapping" in told


def test_of_all_that_a_stack_runs_only_multus_is_taken_for_multus(project: Path) -> None:
    ipam = {"type": "host-local", "subnet": "10.67.0.0/16"}
    leased = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": {"type": "dhcp"}}
    networks = {
        **NETWORKS,
        "own": {"config": {**leased, "ipam": ipam}, "perNode": {"blockSize": 24}},
        "leased": {"config": leased},
    }
    addons = {
        **dict.fromkeys(("cniPlugins", "whereabouts", "dhcpDaemon", "dynamicNetworks"), True),
        "networkPolicy": True,
        "sriov": {"pools": {"a.example/b": {"links": ["ens1f0"]}}},
    }
    found = planned(project, {**STACK, "networks": networks, "addons": addons})
    run_by = [r.inputs for r in found.values() if r.inputs.get("kind") == "DaemonSet"]
    for each in run_by:
        each["metadata"].setdefault("annotations", {})[OWNER] = "multinet/prod"

    assert [d["metadata"]["name"] for d in run_by if is_multus(d)] == ["multinet-multus"]
    assert len(run_by) == 9
    declared = stack(networks=networks, addons=addons)
    assert list(ownership(declared, "multinet/prod", Seen(daemon_sets=run_by))) == []
