"""Templates: plain references are filled, and what needs more than that is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.kubespray.importing import imported, inventory

OTHERS = """\
registry_host: "{{ site.mirror }}:5000"
site:
  mirror: mirror.example.org
  pods: 10.64.0.0/16
  names: [east, west]
number: 7
quoted: "1400"
nothing:
on: 'yes'
"""
FILLED: dict[str, tuple[str, Any]] = {
    "one": ("quay_image_repo: '{{ registry_host }}'", ("registry", "mirror.example.org:5000")),
    "in a text": (
        "quay_image_repo: '{{ registry_host }}/quay'", ("registry", "mirror.example.org:5000/quay"),
    ),
    "inside a mapping": ("kube_pods_subnet: '{{ site.pods }}'", ("podCidrs", ["10.64.0.0/16"])),
    "in brackets": ("kube_pods_subnet: \"{{site['pods']}}\"", ("podCidrs", ["10.64.0.0/16"])),
    "of a list": (
        "cilium_cluster_name: '{{ site.names[1] }}'", ("values", {"cluster": {"name": "west"}}),
    ),
    "a number": ("cilium_mtu: '{{ quoted }}'", ("mtu", 1400)),
    "with a default": ("cilium_mtu: '{{ nowhere | default(1400) }}'", ("mtu", 1400)),
    "with a default that is a reference": (
        "kube_pods_subnet: '{{ nowhere.pods | d(site.pods) }}'", ("podCidrs", ["10.64.0.0/16"]),
    ),
    "with a default that is not needed": (
        "cilium_mtu: '{{ quoted | default(groups.all) }}'", ("mtu", 1400),
    ),
    "by a filter": ("cilium_mtu: '{{ quoted | int }}'", ("mtu", 1400)),
    "two": (
        "cilium_cluster_name: '{{ site.names[0] }}-{{ number }}'",
        ("values", {"cluster": {"name": "east-7"}}),
    ),
    "a default of Kubespray": ("cilium_pool_cidr: '{{ kube_pods_subnet }}'",
                               ("podCidrs", ["10.233.64.0/18"])),
    "inside chart values": (
        "cilium_extra_values: {cluster: {id: '{{ number }}'}}", ("values", {"cluster": {"id": 7}}),
    ),
    "left out": ("cilium_mtu: '{{ nowhere | default(omit) }}'", ("mtu", None)),
}  # fmt: skip


@pytest.mark.parametrize("case", FILLED)
def test_a_plain_reference_is_filled(case: str, tmp_path: Path) -> None:
    line, (key, value) = FILLED[case]
    path = inventory(tmp_path / "x", {
        "group_vars/all.yml": OTHERS,
        "group_vars/k8s_cluster.yml": f"kube_network_plugin: cilium\n{line}\n",
    })  # fmt: skip
    found = imported(path)
    assert found.primary.get(key) == value
    assert not [lost for lost in found.report["notCarried"] if lost["jinja"]]


NAMED = {
    "not set": ("'{{ nowhere }}'", "nowhere is not set"),
    "Ansible's own": ("'{{ ansible_default_ipv4.mtu }}'", "known to Ansible only"),
    "a statement": ("'{% if jumbo %}9000{% endif %}'", "statements of Jinja"),
    "a calculation": ("'{{ number * 200 }}'", "more than a plain reference"),
    "a condition": ("'{{ 9000 if number else 1500 }}'", "more than a plain reference"),
    "another filter": ("'{{ site.names | length }}'", "more than a plain reference"),
    "a lookup": ("\"{{ lookup('env', 'MTU') }}\"", "more than a plain reference"),
    "a circle": ("'{{ cilium_mtu }}'", "leads back to itself"),
    "through one that is not set": ("'{{ through }}'", "nowhere is not set"),
    "a list in a text": ("'1{{ site.names }}'", "a list or a mapping"),
    "open braces": ("'{{ quoted'", "braces"),
    "sealed": ("'{{ sealed }}'", "sealed (!vault)"),
}


@pytest.mark.parametrize("case", NAMED)
def test_what_only_ansible_can_fill_is_named_with_the_reason(case: str, tmp_path: Path) -> None:
    text, reason = NAMED[case]
    path = inventory(tmp_path / "x", {
        "group_vars/all.yml": OTHERS + "through: '{{ nowhere }}'\nsealed: !vault |\n  6162\n",
        "group_vars/k8s_cluster.yml": f"kube_network_plugin: cilium\ncilium_mtu: {text}\n",
    })  # fmt: skip
    found = imported(path)
    assert "mtu" not in found.primary
    (lost,) = [one for one in found.report["notCarried"] if one["name"] == "cilium_mtu"]
    assert reason in lost["reason"]
    assert lost["jinja"]
    assert lost["value"] in found.text, "as it stands"


def test_a_value_that_differs_between_nodes_fills_nothing(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {
        "inventory.ini": "[kube_control_plane]\na ip=192.0.2.1\nb ip=192.0.2.2\n",
        "group_vars/all.yml": "calico_ip_auto_method: 'can-reach={{ ip }}'\n",
    })  # fmt: skip
    found = imported(path)
    assert "ip differs between nodes" in found.lost()["calico_ip_auto_method"]


def test_of_a_mapping_the_rest_is_carried_over(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {"group_vars/all.yml": """\
        kube_network_plugin: cilium
        cilium_extra_values:
          cluster: {id: 3, name: "{{ inventory_hostname }}"}
          extraArgs: ["--a", "{{ nowhere }}"]
        """})  # fmt: skip
    found = imported(path)
    assert found.primary["values"] == {"cluster": {"id": 3}}
    assert set(found.lost()) == {
        "cilium_extra_values.cluster.name",
        "cilium_extra_values.extraArgs",
    }


def test_a_variable_that_fills_another_is_not_called_unrelated(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {
        "group_vars/all.yml": OTHERS + "quay_image_repo: '{{ registry_host }}'\n",
    })  # fmt: skip
    report = imported(path).report
    assert report["carried"]["registry_host"] == "(in quay_image_repo)"
    assert report["carried"]["site"] == "(in quay_image_repo)"
    assert "number" in report["notAboutNetworking"]


def test_references_that_multiply_end(tmp_path: Path) -> None:
    text = "kube_network_plugin: cilium\nx0: [a, b, c, d, e, f, g, h]\ny0: abcdefgh\n"
    for i in range(1, 20):
        x, y = f"{{{{ x{i - 1} }}}}", f"{{{{ y{i - 1} }}}}"
        text += f"x{i}: {[x] * 8}\ny{i}: '{y * 8}'\n"
    text += "cilium_extra_values: {x: '{{ x19 }}', y: '{{ y19 }}'}\n"
    found = imported(inventory(tmp_path / "x", {"group_vars/all.yml": text}))
    assert "values" not in found.primary
    assert "longer than a value may be" in found.lost()["cilium_extra_values"]


def test_references_that_go_deep_end(tmp_path: Path) -> None:
    text = "kube_network_plugin: cilium\nx0: 1400\ncilium_mtu: '{{ x999 }}'\n"
    text += "".join(f"x{i}: '{{{{ x{i - 1} }}}}'\n" for i in range(1, 1000))
    found = imported(inventory(tmp_path / "x", {"group_vars/all.yml": text}))
    assert "nested too deeply" in found.lost()["cilium_mtu"]
