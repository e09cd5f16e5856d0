"""The parts are pinned in one place, with checksums, and nothing else is named there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rig import parts
from rig.errors import BuildError, RigError
from rig.parts import build, catalog
from rig.parts.golang import Go
from rig.progress import Progress

PINNED = {
    "kubernetes": "v1.37.2",
    "etcd": "v3.6.5",
    "containerd": "v2.4.2",
    "cni-plugins": "v1.9.1",
    "multus": "v4.3.0",
    "multus-previous": "v4.2.4",
    "helm": "v3.22.0",
    "cilium": "v1.20.2",
    "whereabouts": "v0.9.4",
    "cilium-1.19": "v1.19.4",
    "cilium-1.18": "v1.18.8",
    "cilium-agent": "v1.20.2",
}
QUIET = Progress(quiet=True)


@pytest.mark.parametrize(("part", "version"), PINNED.items())
def test_versions_are_read_from_go_mod(part: str, version: str) -> None:
    assert parts.version_of(part) == version


@pytest.mark.parametrize("part", [p for p in catalog.GO_PARTS.values() if p.module])
def test_the_checksum_of_each_parts_module_is_recorded(part: catalog.GoPart) -> None:
    sums = (part.directory / "go.sum").read_text()
    assert f"{part.module} {part.version} h1:" in sums


@pytest.mark.parametrize("part", catalog.CHART_PARTS.values())
def test_the_checksum_of_each_charts_module_is_recorded(part: catalog.ChartPart) -> None:
    assert f"{part.module} {part.version} h1:" in (part.directory / "go.sum").read_text()


@pytest.mark.parametrize("part", catalog.AGENT_PARTS)
def test_agents_are_built_for_who_asks_and_for_nobody_else(part: str) -> None:
    assert part in catalog.GO_PARTS
    assert part not in (*catalog.DEFAULT_PARTS, *catalog.NODE_PARTS)


def test_calicos_agents_are_of_the_plugins_own_release_and_say_so() -> None:
    agents, plugin = catalog.GO_PARTS["calico-agents"], catalog.GO_PARTS["calico"]
    assert agents.version == plugin.version
    assert f"main.VERSION={catalog.CALICO_RELEASE}" in agents.ldflags
    replaced = [
        re.findall(r"^\t(\S+ => \S+ v\S+)$", (part.directory / "go.mod").read_text(), re.MULTILINE)
        for part in (agents, plugin)
    ]
    assert replaced[0] == replaced[1] != []


def test_kubernetes_staging_modules_are_of_the_same_release() -> None:
    text = (catalog.PARTS_DIR / "kubernetes" / "go.mod").read_text()
    replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) (v\S+)$", text, re.MULTILINE)
    assert len(replaced) == 33
    expected = PINNED["kubernetes"].replace("v1.", "v0.")
    assert {(name == target, version) for name, target, version in replaced} == {(True, expected)}


def test_kubernetes_says_its_version() -> None:
    flags = catalog.GO_PARTS["kubernetes"].ldflags
    assert "version.gitVersion=v1.37.2" in flags
    assert "version.gitMinor=37" in flags


def test_helm_believes_in_the_rigs_kubernetes() -> None:
    assert "chartutil.k8sVersionMinor=37" in catalog.GO_PARTS["helm"].ldflags


def test_every_module_can_be_built_by_the_go_that_is_asked_for() -> None:
    assert catalog.required_go() >= (1, 26)


def test_an_unknown_part_is_named_with_the_known_ones() -> None:
    with pytest.raises(RigError, match=r"no such part: kubelett; there are kubernetes,"):
        parts.ensure("kubelett")


def test_a_binary_of_no_ensured_part_is_named() -> None:
    with pytest.raises(RigError, match="no ensured part has a binary 'kubectl'"):
        parts.Parts().binary("kubectl")


def fake_go(tmp_path: Path, script: str) -> Go:
    command = tmp_path / "go"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return Go(command, "go1.99.0", "linux/none")


def test_a_part_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTINET_CACHE", str(tmp_path / "cache"))
    count = tmp_path / "count"
    # The output directory follows -o: pause is our own code and small.
    go = fake_go(
        tmp_path, f'echo >>{count}; while [ "$1" != -o ]; do shift; done; touch "$2/pause"'
    )
    part = catalog.GO_PARTS["pause"]
    first = build.build_go_part(part, go, QUIET)
    assert (first / "pause").exists()
    assert build.build_go_part(part, go, QUIET) == first
    assert count.read_text() == "\n"
    newer = Go(go.command, "go1.99.1", go.target)
    assert build.build_go_part(part, newer, QUIET) != first, "another Go builds another entry"


def test_a_failed_build_tells_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTINET_CACHE", str(tmp_path / "cache"))
    go = fake_go(tmp_path, "echo 'main.go:7: undefined: x' >&2; exit 2")
    with pytest.raises(BuildError, match=r"pause v1 failed \(status 2\)[\s\S]*undefined: x"):
        build.build_go_part(catalog.GO_PARTS["pause"], go, QUIET)
    left = {path.name for path in (tmp_path / "cache" / "rig").glob("pause-*")}
    assert not left, "a failed build left an entry"


def test_a_build_that_leaves_a_binary_out_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTINET_CACHE", str(tmp_path / "cache"))
    with pytest.raises(BuildError, match="left no pause"):
        build.build_go_part(catalog.GO_PARTS["pause"], fake_go(tmp_path, "exit 0"), QUIET)


def test_a_go_that_is_too_old_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rig.parts import golang

    monkeypatch.setenv("MULTINET_CACHE", str(tmp_path / "cache"))
    old = fake_go(tmp_path, 'echo \'{"GOVERSION":"go1.19.8","GOOS":"linux","GOARCH":"amd64"}\'')
    monkeypatch.setattr(golang, "which", lambda _command: old.command)
    asked: list[Path] = []

    def install(home: Path) -> None:
        asked.append(home)
        raise BuildError("no index in a test")

    monkeypatch.setattr(golang, "_install", install)
    with pytest.raises(BuildError, match="no index in a test"):
        golang.ensure_go(QUIET)
    assert len(asked) == 1
