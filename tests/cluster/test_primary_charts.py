"""The real charts of Calico and Cilium: what helm makes of them is what a real API server gets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet import versions
from multinet.names import OWNER
from multinet.primary_cni.charts import NAMESPACES
from multinet.primary_cni.cilium import IMAGES
from multinet.primary_cni.rules import line_of
from multinet.primary_cni.values import chart_values
from multinet.render.images import images_of
from multinet.render.yaml import dump
from multinet.stack.load import check_config
from rig.demo import manifests as demo
from rig.demo.environment import write_stack_file
from rig.demo.manifests import wait_for_crd
from tests.cluster import primary

pytestmark = pytest.mark.cluster

MIRROR = "mirror.example.org:5000/x"
ENVIRONMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "calico": ("calico", {}),
    "calico with BGP, IPv6 and a mirror": (
        "calico",
        {
            "podCidrs": ["10.9.0.0/16", "fd00:10::/112"],
            "calico": {"bgp": True, "encapsulation": "IPIP", "encapsulationIpv6": "None"},
            "registry": MIRROR,
            "mtu": 1400,
        },
    ),
    "calico with values that this chart does not know": (
        "calico",
        {"values": {"goldmane": {"enabled": True}, "whisker": {"enabled": True}}},
    ),
    "cilium": ("cilium", {}),
    "cilium with Hubble": ("cilium", {"cilium": {"hubble": True}}),
    "cilium with native routing, IPv6 and a mirror": (
        "cilium",
        {
            "podCidrs": ["10.9.0.0/16", "fd00:10::/112"],
            "cilium": {
                "routingMode": "native",
                "nativeRoutingCidr": "10.9.0.0/16",
                "nativeRoutingCidrIpv6": "fd00:10::/112",
                "portMap": True,
            },
            "registry": MIRROR,
        },
    ),
    **{f"cilium {line}": ("cilium", {"line": line}) for line in primary.CILIUM_LINES},
    **{f"calico {line}": ("calico", {"line": line}) for line in primary.CALICO_LINES},
}


def test_every_line_that_counts_as_tried_is_tried_here() -> None:
    for plugin, lines, more in (
        ("calico", versions.CALICO_LINES, primary.CALICO_LINES),
        ("cilium", versions.CILIUM_LINES, primary.CILIUM_LINES),
    ):
        here = {line_of(primary.VERSIONS[plugin]), *(line_of(f"{line}.0") for line in more)}
        assert here == set(lines.tried)


@pytest.fixture(autouse=True)
def _helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTINET_HELM", str(rig.parts.ensure(*primary.PARTS).binary("helm")))


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> dict[str, Any]:
    plugin, options = ENVIRONMENTS[request.param]
    return primary.environment(plugin, **options)


def test_rendering_twice_gives_the_same_bytes(environment: dict[str, Any], project: Path) -> None:
    first, second = ([dump(m) for m in primary.manifests(project, environment)] for _ in range(2))
    assert first == second


def test_the_objects_are_those_of_helm_template(environment: dict[str, Any], project: Path) -> None:
    settings, _ = check_config(environment)
    assert settings is not None
    plugin = settings.primary_cni.plugin
    values = chart_values(settings.primary_cni, settings.multus)
    theirs = primary.helm_template(environment, NAMESPACES[plugin], values)
    ours = [
        m
        for m in primary.manifests(project, environment)
        if m["kind"] != "Namespace" or plugin == "cilium"
    ]
    by_key = {primary.key(m): m for m in theirs}
    for manifest in ours:
        # Charts leave a release's namespace out of some objects; helm puts it in at install.
        kind, namespace, name = primary.key(manifest)
        bare = (kind, "", name)
        wanted = by_key.pop((kind, namespace, name), None) or by_key.pop(bare, None)
        assert wanted is not None, f"{kind} {name} is not in the chart"
        wanted["metadata"].setdefault("namespace", namespace)
        manifest["metadata"].setdefault("namespace", "")
        # Whose it is, which a chart cannot know.
        (manifest["metadata"].get("annotations") or {}).pop(OWNER, None)
        for each in (manifest, wanted):
            each["metadata"]["annotations"] = each["metadata"].get("annotations") or {}
        if kind == "Installation":
            _leave_out_the_operators_own(wanted["spec"])
        assert manifest == wanted
    assert by_key == {}, "nothing of the chart is left out"


def _leave_out_the_operators_own(spec: dict[str, Any]) -> None:
    """What the chart of 3.32 writes out, and the operator takes for what is not there."""
    for key, value in {
        "controlPlaneNodeSelector": {},
        "controlPlaneReplicas": 2,
        "controlPlaneTolerations": [],
        "nonPrivileged": "Disabled",
    }.items():
        if spec.get(key) == value:
            del spec[key]


def test_what_cilium_reads_when_it_starts_is_read_after_a_change(project: Path) -> None:
    def pods(**options: Any) -> dict[str, Any]:
        found = primary.manifests(project, primary.environment("cilium", **options))
        named = [m for m in found if m["metadata"]["name"] in ("cilium", "cilium-operator")]
        return {m["kind"]: m["spec"]["template"] for m in named if "template" in m.get("spec", {})}

    before, changed = pods(), pods(mtu=1400)
    assert before.keys() == changed.keys() == {"DaemonSet", "Deployment"}
    assert changed["DaemonSet"] != before["DaemonSet"]
    assert changed["Deployment"] != before["Deployment"]
    assert pods() == before


def test_a_real_api_server_takes_it_and_a_second_apply_changes_nothing(
    environment: dict[str, Any], project: Path, fresh_api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    api_server, files = fresh_api_server, []
    for i, manifest in enumerate(primary.manifests(project, environment)):
        files.append(tmp_path / f"{i:02d}.yaml")
        files[-1].write_text(dump(manifest))
    versions = [_apply(api_server, file) for file in files]
    crds = api_server.kubectl("get", "crd", "-o", "name").split()
    for crd in crds:
        wait_for_crd(api_server.kubectl, crd)
    assert [_apply(api_server, file) for file in files] == versions
    if environment["primaryCni"]["plugin"] == "cilium":
        config = api_server.kubectl("-n", "kube-system", "get", "cm", "cilium-config", "-o", "json")
        assert json.loads(config)["data"]["cni-exclusive"] == "false"
    else:
        assert "installations.operator.tigera.io" in " ".join(crds)


def _apply(api_server: rig.ControlPlane, file: Path) -> str:
    """Apply one object, and wait for a CRD; what does not change keeps its generation."""
    said = api_server.kubectl("apply", "--server-side", "-f", str(file), "-o", "json")
    found = json.loads(said)
    if found["kind"] == "CustomResourceDefinition":
        name = f"crd/{found['metadata']['name']}"
        wait_for_crd(api_server.kubectl, name)
        found = json.loads(api_server.kubectl("get", name, "-o", "json"))
    return str(found["metadata"].get("generation", found["metadata"]["resourceVersion"]))


@pytest.mark.parametrize("owner", ["helm", "kubectl"])
def test_what_is_rendered_for_anothers_cilium_sets_one_key_and_takes_none_away(
    owner: str, project: Path, fresh_api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    cluster = fresh_api_server
    cilium = primary.environment("cilium", cilium={"exclusive": True})
    theirs = [m for m in primary.manifests(project, cilium) if m["metadata"]["name"] in OTHERS]
    text = "---\n".join(dump(m) for m in theirs)
    install = ("apply", "--server-side", "--force-conflicts", f"--field-manager={owner}")
    cluster.kubectl(*install, "-f", "-", input=text)
    before, generation = _cilium(cluster)
    assert before["cni-exclusive"] == "true"
    ours = {"plugin": "existing", "confFile": "05-cilium.conflist", "waitForRollout": False,
            "adopt": {"plugin": "cilium"}}  # fmt: skip
    overrides = {"primaryCni": ours, "multus": {"enabled": False}, "networks": {}}
    demo.render_environment(write_stack_file(tmp_path, overrides), tmp_path / "out")

    demo.apply(tmp_path / "out", cluster)
    assert _cilium(cluster) == (before | {"cni-exclusive": "false"}, generation + 1)
    demo.apply(tmp_path / "out", cluster)
    assert _cilium(cluster)[1] == generation + 1, "restarted once, not each time"

    cluster.kubectl(*install, "-f", "-", input=text)
    assert _cilium(cluster)[0]["cni-exclusive"] == "true", "their next upgrade"
    time.sleep(1)  # managed fields are dated in seconds
    demo.apply(tmp_path / "out", cluster)
    assert _cilium(cluster)[0] == before | {"cni-exclusive": "false"}
    restarted = _cilium(cluster)[1]
    assert restarted > generation + 1, "its agents read the key again"

    cluster.kubectl("-n", "kube-system", "delete", "daemonset", "cilium")
    with pytest.raises(rig.CommandError, match='"cilium" not found'):
        demo.apply(tmp_path / "out", cluster)


OTHERS = ("cilium-config", "cilium")


def _cilium(cluster: rig.ControlPlane) -> tuple[dict[str, str], int]:
    """The agents' configuration, and the generation of their DaemonSet."""
    get = ("-n", "kube-system", "get", "-o", "json")
    config = json.loads(cluster.kubectl(*get, "configmap/cilium-config"))
    agents = json.loads(cluster.kubectl(*get, "daemonset/cilium"))
    return config["data"], agents["metadata"]["generation"]


@pytest.fixture
def everything_on() -> dict[str, Any]:
    """Whatever of Cilium's chart has an image of its own."""
    off: dict[str, Any] = {"enabled": True}
    return {
        "hubble": {"relay": off, "ui": off, "tls": {"auto": {"method": "cronJob"}}},
        "nodeinit": off,
        "preflight": off,
        "clustermesh": {
            "useAPIServer": True,
            "apiserver": {"tls": {"auto": {"method": "cronJob"}}},
        },
    }


@pytest.mark.parametrize("line", ["", *primary.CILIUM_LINES])
def test_with_a_mirror_no_image_comes_from_elsewhere(
    line: str, everything_on: dict[str, Any], project: Path
) -> None:
    config = primary.environment(
        "cilium", line, registry=MIRROR, values=everything_on, cilium={"hubble": True}
    )
    found = images_of(primary.manifests(project, config))
    assert len(found) >= 9
    assert [image for image in found if not image.startswith(f"{MIRROR}/")] == []
    calico = images_of(primary.manifests(project, primary.environment("calico", registry=MIRROR)))
    assert [*calico] == [f"{MIRROR}/tigera/operator:v1.34.13"]


def test_every_image_of_ciliums_chart_is_known() -> None:
    from ruamel.yaml import YAML

    chart = rig.parts.ensure(*primary.PARTS).chart("cilium")
    values = YAML(typ="safe", pure=True).load((chart / "values.yaml").read_text())
    # The DNS proxy is for users who build its image themselves: the chart names none.
    assert dict(_images(values)) == dict(IMAGES)


def _images(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        if value.get("repository"):
            yield path, value["repository"].split("/", 1)[1]
        for name, item in value.items():
            yield from _images(item, (*path, name))
