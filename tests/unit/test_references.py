"""Images and registries: what no node can pull is refused, in every place where one is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.multus.settings import MultusSettings
from multinet.settings.references import read_reference
from tests.unit.validating import Verdict, validate

PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "multus": ("multinet:multus.registry", {"multus": {}}),
    "calico": ("multinet:primaryCni.registry", {"primaryCni": {"plugin": "calico"}}),
    "cilium": ("multinet:primaryCni.registry", {"primaryCni": {"plugin": "cilium"}}),
}

GOOD = [
    "registry.example.org",
    "registry.example.org/mirror",
    "registry.example.org/mirror/",
    "registry.example.org:5000/a/b",
    "Registry.Example.org/mirror",
    "localhost",
    "localhost:5000/mirror",
    "192.0.2.10:5000",
    "[2001:db8::1]:5000/mirror",
    "quay.io/team_a/m--x",
]

BAD = [
    "http://registry.example.org",
    "https://registry.example.org/mirror",
    "oci://registry.example.org",
    "registry.example.org/Mirror",
    "registry.example.org/mirror:v1",
    "registry.example.org/mirror:latest",
    "registry.example.org/mirror@sha256:" + "0" * 64,
    "/",
    "//",
    "/mirror",
    "registry.example.org//mirror",
    "registry.example.org:/mirror",
    "registry.example.org:port",
    "registry..example.org",
    "-registry.example.org",
    "registry.example.org/a b",
    " registry.example.org",
    "registry.example.org/-a",
    "registry.example.org/" + "a" * 250,
]


def _with(place: str, registry: str) -> Verdict:
    section = {key: {**value, "registry": registry} for key, value in PLACES[place][1].items()}
    return validate(**section)


@pytest.mark.parametrize("registry", GOOD)
@pytest.mark.parametrize("place", PLACES)
def test_a_registry_is_taken(place: str, registry: str) -> None:
    found = _with(place, registry)
    assert (found.errors, found.warnings) == ({}, {})


@pytest.mark.parametrize("registry", BAD)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_registry_is_refused(place: str, registry: str) -> None:
    path, _ = PLACES[place]
    assert _with(place, registry).errors == {path: "not-a-registry"}


@pytest.mark.parametrize("place", PLACES)
def test_a_registry_without_a_host_is_told(place: str) -> None:
    path, _ = PLACES[place]
    found = _with(place, "mirror/team")
    assert (found.errors, found.warnings) == ({}, {path: "registry-without-host"})


@pytest.mark.parametrize(
    ("registry", "instead"),
    [
        ("https://registry.example.org/mirror", "write registry.example.org/mirror"),
        ("registry.example.org/Mirror", "write registry.example.org/mirror"),
        ("registry.example.org/mirror:v1", "name the registry alone"),
    ],
)
def test_the_way_out_says_what_to_write(registry: str, instead: str) -> None:
    assert instead in _with("multus", registry).text("not-a-registry")


@pytest.mark.parametrize("registry", GOOD)
def test_what_is_put_after_a_registry_is_a_reference(registry: str) -> None:
    image = MultusSettings(registry=registry).effective_image
    assert read_reference(image) is not None, image


@pytest.mark.parametrize(
    ("plugin", "values", "path"),
    [
        ("cilium", {"image": {"repository": "https://x.example/cilium"}}, "image.repository"),
        ("cilium", {"image": {"override": "http://x.example/cilium:v1"}}, "image.override"),
        ("calico", {"tigeraOperator": {"registry": "http://x.example"}}, "tigeraOperator.registry"),
    ],
)
def test_a_scheme_among_chart_values_is_refused(
    plugin: str, values: dict[str, Any], path: str
) -> None:
    found = validate(primaryCni={"plugin": plugin, "values": values})
    assert found.errors == {f"multinet:primaryCni.values.{path}": "not-an-image"}


@pytest.mark.parametrize("image", ["https://x.example/busybox:1", "x.example/Busybox:1", "b:"])
def test_verify_takes_no_image_that_nodes_refuse(image: str, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(json.dumps({"config": {"multinet:multus": {}}}))

    ran = CliRunner().invoke(app, ["verify", "-f", str(file), "--image", image])

    assert ran.exit_code == 2, ran.output
    assert "image" in ran.output
