"""whereabouts by its add-on, as a user has it: one line brings all of it, and no more than it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet import render, versions
from multinet.addons.whereabouts import crds
from multinet.cli.app import app
from multinet.names import PROJECT
from rig.parts.build import module_directory
from rig.parts.catalog import GO_PARTS
from rig.parts.golang import ensure_go
from rig.progress import Progress

PRIMARY = {"plugin": "existing", "confFile": "10-x.conflist"}


def network(**ipam: Any) -> dict[str, Any]:
    whole = {"type": "whereabouts", "range": "10.66.0.0/16", **ipam}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": whole}
    return {"config": config}


def stack(**sections: Any) -> dict[str, Any]:
    return {
        "primaryCni": PRIMARY,
        "networks": {"lan": network()},
        "addons": {"whereabouts": True},
        **sections,
    }


def planned(project: Path, config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name of the resource → its manifest."""
    plan = render.run(project / "__main__.py", PROJECT, "test", config)
    return {r.name: r.inputs for r in plan.resources if r.type.startswith("kubernetes:")}


def pod_of(manifest: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = manifest["spec"]["template"]["spec"]
    return spec


def validated(tmp_path: Path, config: dict[str, Any]) -> list[dict[str, Any]]:
    """What `multinet validate` finds."""
    file = tmp_path / "Pulumi.test.yaml"
    with file.open("w") as out:
        YAML().dump({"config": {f"multinet:{key}": value for key, value in config.items()}}, out)
    ran = CliRunner().invoke(app, ["validate", "-f", str(file), "--json"])
    found: list[dict[str, Any]] = json.loads(ran.stdout)["findings"]
    return found


def of(found: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return [finding for finding in found if finding["code"] == code]


# --- what is created ----------------------------------------------------------------------


def test_one_line_brings_all_of_it(project: Path) -> None:
    found = planned(project, stack())

    assert {name for name in found if name.startswith("whereabouts-")} == {
        "whereabouts-ippools-crd",
        "whereabouts-overlappingrangeipreservations-crd",
        "whereabouts-nodeslicepools-crd",
        "whereabouts-agent-account",
        "whereabouts-controllers-account",
        "whereabouts-agent-role",
        "whereabouts-agent-cluster-role",
        "whereabouts-controllers-role",
        "whereabouts-controllers-cluster-role",
        "whereabouts-agent-role-binding",
        "whereabouts-agent-cluster-role-binding",
        "whereabouts-controllers-role-binding",
        "whereabouts-controllers-cluster-role-binding",
        "whereabouts-config",
        "whereabouts-daemonset",
        "whereabouts-reconciler",
    }
    image = f"ghcr.io/k8snetworkplumbingwg/whereabouts:{versions.WHEREABOUTS}"
    for name in ("whereabouts-daemonset", "whereabouts-reconciler"):
        assert [c["image"] for c in pod_of(found[name])["containers"]] == [image]


@pytest.mark.parametrize("given", [False, None])
def test_off_there_is_nothing_of_it(project: Path, given: bool | None) -> None:
    config = stack(addons={} if given is None else {"whereabouts": given})

    assert [name for name in planned(project, config) if name.startswith("whereabouts")] == []


def test_a_network_with_slices_brings_their_controller_and_its_rights(project: Path) -> None:
    sliced = network(node_slice_size="/24", network_name="lan") | {"namespace": "kube-system"}

    found = planned(project, stack(networks={"lan": sliced}))

    assert pod_of(found["whereabouts-slices"])["containers"][0]["command"] == [
        "/node-slice-controller"
    ]
    plain = planned(project, stack())
    for name in ("agent-role", "controllers-role", "controllers-cluster-role"):
        of_slices, without = found[f"whereabouts-{name}"], plain[f"whereabouts-{name}"]
        assert of_slices["rules"] != without["rules"], name


def test_the_settings_reach_it(project: Path) -> None:
    own = {
        "image": "registry.example.org/whereabouts:v0.9.4",
        "schedule": "*/5 1-3 * * mon",
        "reconcilerResources": {"limits": {"memory": "1Gi"}},
    }
    found = planned(project, stack(addons={"whereabouts": own}))

    (container,) = pod_of(found["whereabouts-reconciler"])["containers"]
    assert container["image"] == own["image"]
    assert container["command"][-1] == own["schedule"]
    assert container["resources"]["limits"] == {"memory": "1Gi"}


def test_it_comes_from_the_mirror_with_multus(project: Path) -> None:
    multus = {"registry": "registry.example.org/mirror"}
    found = planned(project, stack(multus=multus))
    (container,) = pod_of(found["whereabouts-daemonset"])["containers"]
    assert container["image"].startswith("registry.example.org/mirror/")


def test_there_is_one_reconciler_at_a_time_with_room(project: Path) -> None:
    """It knows of no other; upstream's 50Mi do not hold a list of some thousand pods."""
    deployment = planned(project, stack())["whereabouts-reconciler"]
    assert deployment["spec"]["replicas"] == 1
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    (container,) = pod_of(deployment)["containers"]
    assert container["resources"]["limits"] == {"memory": "512Mi"}


@pytest.mark.parametrize(
    "change", [{"multus": {"mode": "thin"}}, {"multus": {"image": "example.org/m:v1-thick"}}]
)
def test_the_reconciler_runs_anew_when_multus_changes_and_the_agents_do_not(
    project: Path, change: dict[str, Any]
) -> None:
    before, after = planned(project, stack()), planned(project, stack(**change))
    template = "template"
    reconciler, agent = "whereabouts-reconciler", "whereabouts-daemonset"
    assert before[reconciler]["spec"][template] != after[reconciler]["spec"][template]
    assert before[agent]["spec"][template] == after[agent]["spec"][template]


@pytest.mark.parametrize("distribution", ["kubeadm", "k3s", "rke2", "microk8s", "k0s", "talos"])
def test_its_file_is_where_the_plugin_looks_on_every_distribution(
    project: Path, distribution: str, tmp_path: Path
) -> None:
    config = stack(multus={"distribution": distribution})
    pod = pod_of(planned(project, config)["whereabouts-daemonset"])

    mounted = {v["name"]: v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v}
    (container,) = pod["containers"]
    mounts = {m["name"]: m["mountPath"] for m in container["volumeMounts"]}
    # GetFlatIPAM of whereabouts v0.9.4 looks there; the agent's own program below /host.
    assert mounted["net-dir"] == "/etc/cni/net.d"
    assert mounts["net-dir"] == "/host/etc/cni/net.d"
    env = {e["name"]: e.get("value") for e in container["env"]}
    assert env["MULTINET_BIN_DIR"] == mounts["bin-dir"] == f"/host{mounted['bin-dir']}"
    # So a network needs no configuration_path.
    assert of(validated(tmp_path, config), "whereabouts-file-elsewhere") == []


def test_no_pod_of_it_has_more_of_a_node_than_its_files(project: Path) -> None:
    found = planned(project, stack())
    (agent,) = pod_of(found["whereabouts-daemonset"])["containers"]
    assert agent["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]}
    (reconciler,) = pod_of(found["whereabouts-reconciler"])["containers"]
    assert reconciler["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert reconciler["securityContext"]["runAsNonRoot"] is True
    for container in (agent, reconciler):
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


# --- its kinds ----------------------------------------------------------------------------


def _meaning(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without its texts."""
    kept = {key: value for key, value in schema.items() if key != "description"}
    for key in ("properties",):
        if key in kept:
            kept[key] = {name: _meaning(one) for name, one in kept[key].items()}
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _meaning(kept[key])
    if "required" in kept:
        kept["required"] = sorted(kept["required"])
    return kept


def test_its_kinds_mean_what_those_that_it_is_released_with_do() -> None:
    progress = Progress(quiet=True)
    part = GO_PARTS["whereabouts"]
    assert part.module is not None
    assert part.version == versions.WHEREABOUTS
    module = module_directory(part.directory, part.module, ensure_go(progress))
    released = {}
    for path in (module / "doc" / "crds").glob("whereabouts.cni.cncf.io_*.yaml"):
        (crd,) = YAML(typ="safe").load_all(path)
        released[crd["metadata"]["name"]] = crd["spec"]

    own = {crd["metadata"]["name"]: crd["spec"] for crd in crds.custom_resource_definitions()}

    assert own.keys() == released.keys()
    for name, spec in released.items():
        for key in ("group", "scope", "names"):
            assert own[name][key] == spec[key], name
        (ours,), (theirs,) = own[name]["versions"], spec["versions"]
        for key in ("name", "served", "storage"):
            assert ours[key] == theirs[key], name
        mine, others = (_meaning(v["schema"]["openAPIV3Schema"]) for v in (ours, theirs))
        assert mine == others, name


# --- what is found ------------------------------------------------------------------------


def test_a_network_that_nobody_brings_whereabouts_for_is_told_with_the_line_that_mends_it(
    tmp_path: Path,
) -> None:
    (told,) = of(validated(tmp_path, stack(addons={})), "whereabouts-not-brought")

    assert told["severity"] == "warning", "a stack of before goes on"
    assert told["path"] == "multinet:networks.lan.config.ipam.type"
    assert "`whereabouts: true` to multinet:addons" in told["wayOut"]
    for given in (True, False):
        assert of(validated(tmp_path, stack(addons={"whereabouts": given})), told["code"]) == []


def test_of_several_it_is_told_once(tmp_path: Path) -> None:
    networks = {f"n{i}": network(range=f"10.{i}.0.0/16") for i in range(3)}
    (told,) = of(
        validated(tmp_path, stack(addons={}, networks=networks)), "whereabouts-not-brought"
    )
    assert told["path"] == "multinet:networks"


def test_nodes_that_have_it_already_need_nobody(tmp_path: Path) -> None:
    node = {"host": "192.0.2.1", "cniPlugins": {"provided": ["whereabouts"]}}
    config = stack(addons={}, nodes={"worker-1": node})
    assert of(validated(tmp_path, config), "whereabouts-not-brought") == []


def test_slices_have_to_be_where_whereabouts_keeps_them(tmp_path: Path) -> None:
    sliced = network(node_slice_size="/24", network_name="lan")
    (told,) = of(validated(tmp_path, stack(networks={"lan": sliced})), "slices-elsewhere")
    assert told["severity"] == "error"
    assert "namespace: kube-system" in told["wayOut"]

    there = {"lan": sliced | {"namespace": "kube-system"}}
    assert of(validated(tmp_path, stack(networks=there)), "slices-elsewhere") == []


def test_a_path_of_another_file_is_told(tmp_path: Path) -> None:
    path = "/var/lib/rancher/k3s/agent/etc/cni/net.d/whereabouts.d/whereabouts.conf"
    networks = {"lan": network(configuration_path=path)}
    (told,) = of(validated(tmp_path, stack(networks=networks)), "no-effect")
    assert "/etc/cni/net.d/whereabouts.d/whereabouts.conf" in told["rule"]


@pytest.mark.parametrize(
    "schedule",
    ["30 4 * *", "0 30 4 * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "@daily", "*/0 * * * *"],
)
def test_a_schedule_that_ends_the_program_is_refused(tmp_path: Path, schedule: str) -> None:
    config = stack(addons={"whereabouts": {"schedule": schedule}})
    (told,) = of(validated(tmp_path, config), "not-a-schedule")
    assert told["path"] == "multinet:addons.whereabouts.schedule"


@pytest.mark.parametrize(
    "schedule", ["30 4 * * *", "*/15 * * * *", "0,30 0-6/2 1 jan-mar sun", "? ? ? ? ?"]
)
def test_a_schedule_that_the_program_takes_is_taken(tmp_path: Path, schedule: str) -> None:
    config = stack(addons={"whereabouts": {"schedule": schedule}})
    assert of(validated(tmp_path, config), "not-a-schedule") == []
