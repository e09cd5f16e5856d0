"""Wherever a Kubespray inventory says something, it is read, by Ansible's precedence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.kubespray.importing import imported, inventory, refused, shown

NODES = """\
    [kube_control_plane]
    cp1 ansible_host=192.0.2.1

    [etcd:children]
    kube_control_plane

    [kube_node]
    worker[1:3]
    """
CILIUM = "kube_network_plugin: cilium\n"


def test_variables_in_an_ini_inventory_are_read(tmp_path: Path) -> None:
    """A Cilium inventory does not become Calico."""
    path = inventory(tmp_path / "x", {
        "inventory.ini": NODES + """
    [k8s_cluster:children]
    kube_control_plane
    kube_node

    [k8s_cluster:vars]
    kube_network_plugin=cilium
    cilium_mtu = 9000
    cilium_enable_hubble=True
    cilium_cluster_name="east" # quotes and a comment
    """,
        "group_vars/all/all.yml": "---\nbin_dir: /usr/local/bin\n",
    })  # fmt: skip
    found = imported(path)
    assert found.primary["plugin"] == "cilium"
    assert found.primary["mtu"] == 9000
    assert found.primary["cilium"]["hubble"] is True
    assert found.primary["values"]["cluster"] == {"name": "east"}
    assert found.report["read"] == ["inventory.ini", "group_vars/all/all.yml"]


YAML_INVENTORY = """\
    all:
      hosts:
        cp1: {ansible_host: 192.0.2.1, ip: 192.0.2.1}
        worker1: {ansible_host: 192.0.2.2}
      vars:
        kube_pods_subnet: 10.64.0.0/16
      children:
        kube_control_plane:
          hosts: {cp1: }
        kube_node:
          hosts:
            worker1:
        k8s_cluster:
          children:
            kube_control_plane:
            kube_node:
          vars: {kube_network_plugin: cilium, cilium_l2announcements: yes}
    """


@pytest.mark.parametrize("name", ["hosts.yaml", "hosts.yml", "hosts", "hosts.json"])
def test_variables_in_a_yaml_inventory_are_read(name: str, tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {name: YAML_INVENTORY})
    found = imported(path)
    assert found.primary["plugin"] == "cilium"
    assert found.primary["podCidrs"] == ["10.64.0.0/16"]
    assert found.primary["values"]["l2announcements"] == {"enabled": True}, "yes is true"


FILES = {
    "inventory.ini": NODES + "\n    [all:vars]\n    cilium_mtu=1400\n",
    "group_vars/all/all.yml": "---\n# nothing is set here\n",
    "group_vars/k8s_cluster/k8s-cluster.yml": CILIUM,
}


@pytest.mark.parametrize(
    ("part", "mtu"),
    [
        (".", 1400),
        ("inventory.ini", 1400),
        ("group_vars", None),
        ("group_vars/k8s_cluster", None),
        ("group_vars/k8s_cluster/k8s-cluster.yml", None),
    ],
)
def test_path_is_any_part_of_an_inventory(part: str, mtu: int | None, tmp_path: Path) -> None:
    found = imported(inventory(tmp_path / "x", FILES) / part)
    assert found.primary["plugin"] == "cilium"
    assert found.primary.get("mtu") == mtu
    if part == "group_vars":
        assert "inventory.ini" in found.report["notRead"], "what was not asked for is named"


def test_a_directory_may_be_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inventory(tmp_path / "mine", FILES))
    assert "# Made from mine by" in imported(Path()).text
    monkeypatch.chdir("group_vars")
    assert imported(Path()).primary["plugin"] == "cilium"


# Each level is stronger than those before it.
LEVELS = {
    "inventory file, all": ("inventory.ini", "\n    [all:vars]\n    calico_mtu={}\n"),
    "inventory file, a parent": ("inventory.ini", "\n    [k8s_cluster:vars]\n    calico_mtu={}\n"),
    "inventory file, a child": ("inventory.ini", "\n    [kube_node:vars]\n    calico_mtu={}\n"),
    "group_vars/all": ("group_vars/all.yml", "calico_mtu: {}\n"),
    "beside the playbook, all": ("../../group_vars/all.yml", "calico_mtu: {}\n"),
    "group_vars of a parent": ("group_vars/k8s_cluster/a.yml", "calico_mtu: {}\n"),
    "group_vars of a parent, a later file": ("group_vars/k8s_cluster/b.yml", "calico_mtu: {}\n"),
    "group_vars of a child": ("group_vars/kube_node.yml", "calico_mtu: {}\n"),
    "beside the playbook, a group": ("../../group_vars/k8s_cluster.yml", "calico_mtu: {}\n"),
    "inventory file, a host": ("inventory.ini", "\n    [kube_node]\n    w calico_mtu={}\n"),
    "host_vars": ("host_vars/w.yml", "calico_mtu: {}\n"),
    "beside the playbook, a host": ("../../host_vars/w", "calico_mtu: {}\n"),
}


@pytest.mark.parametrize("strongest", range(len(LEVELS)), ids=list(LEVELS))
def test_precedence_is_ansibles(strongest: int, tmp_path: Path) -> None:
    files = {
        "inventory.ini": "    [k8s_cluster:children]\n    kube_node\n\n    [kube_node]\n    w\n",
        "../../cluster.yml": "- import_playbook: playbooks/cluster.yml\n",
        "group_vars/k8s_cluster/k8s-net-calico.yml": "kube_network_plugin: calico\n",
    }
    for i, (name, text) in enumerate([*LEVELS.values()][: strongest + 1]):
        files[name] = files.get(name, "") + text.format(1300 + i)
    found = imported(inventory(tmp_path / "inventory" / "x", files))
    assert found.primary["mtu"] == 1300 + strongest, found.report["read"]


def test_of_groups_side_by_side_the_later_name_wins_unless_one_has_priority(tmp_path: Path) -> None:
    groups = "[kube_node]\nw\n[rack_a]\nw\n[rack_b]\nw\n"
    sets = "[rack_a:vars]\ncalico_mtu=1401\n[rack_b:vars]\ncalico_mtu=1402\n"
    usual = inventory(tmp_path / "x", {"hosts.ini": groups + sets})
    assert imported(usual).primary["mtu"] == 1402
    priority = "[rack_a:vars]\nansible_group_priority=10\n"
    other = inventory(tmp_path / "y", {"hosts.ini": groups + sets + priority})
    assert imported(other).primary["mtu"] == 1401


def test_k8s_cluster_holds_every_node_also_where_no_file_says_so(tmp_path: Path) -> None:
    """Kubespray's first play puts them there, as its sample inventory relies on."""
    path = inventory(tmp_path / "x", {
        "inventory.ini": NODES,
        "group_vars/k8s_cluster.yml": CILIUM,
    })  # fmt: skip
    assert imported(path).primary["plugin"] == "cilium"


def test_extra_variables_win_over_everything(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", FILES | {"host_vars/cp1.yml": "cilium_mtu: 1300\n"})
    (tmp_path / "site.yml").write_text("cilium_mtu: 8900\ncilium_cluster_id: 7\n")
    found = imported(path, "-e", f"@{tmp_path}/site.yml", "-e", "cilium_cluster_name=west x=1")
    assert found.primary["mtu"] == 8900
    assert found.primary["values"]["cluster"] == {"id": 7, "name": "west"}
    assert "gives" not in refused(path, "-e", "cilium_mtu"), "no traceback"
    assert "NAME=VALUE" in refused(path, "-e", "cilium_mtu")
    assert "does not exist" in refused(path, "-e", "@nowhere.yml")


def test_a_value_that_only_some_nodes_have_is_named(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", FILES | {
        "host_vars/worker2.yml": "cilium_mtu: 9000\nip: 192.0.2.7\n",
        "group_vars/kube_control_plane.yml": "calico_mtu: 1\n",
        "group_vars/gpu.yml": "cilium_mtu: 1\n",
        "host_vars/gone.yml": "cilium_mtu: 1\n",
    })  # fmt: skip
    found = imported(path)
    assert found.primary["mtu"] == 1400, "of the first node of the control plane"
    assert "worker2 only" in found.lost()["cilium_mtu"]
    assert "1400" not in found.lost()
    assert set(found.report["notRead"]) == {"group_vars/gpu.yml", "host_vars/gone.yml"}
    assert "ip" not in found.lost(), "what has nothing to do with pod networking may differ"


UNREAD = {
    "a program": ("hosts", "#!/usr/bin/env python3\n", "only Ansible runs it"),
    "a plugin": ("aws.yml", "plugin: amazon.aws.aws_ec2\n", "asks an inventory plugin"),
    "TOML": ("hosts.toml", "[kube_node.hosts]\n", "TOML"),
    "variables of another tool": ("cluster.yml", "cilium_mtu: 9\n", "-e @cluster.yml"),
    "encrypted": ("hosts.yml", "$ANSIBLE_VAULT;1.1;AES256\n61\n", "Ansible Vault"),
    "encrypted variables": (
        "group_vars/all/vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n61\n", "Ansible Vault",
    ),
    "shadowed": ("group_vars/k8s_cluster.yml", "cilium_mtu: 9\n", "Ansible reads group_vars/k8s_"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREAD)
def test_a_file_that_is_not_read_is_named(case: str, tmp_path: Path) -> None:
    name, text, reason = UNREAD[case]
    path = inventory(tmp_path / "x", FILES | {name: text})
    found = imported(path)
    assert reason in found.report["notRead"][name]
    assert name in found.text
    assert f"not read {name}" in shown(path)
    assert found.primary["plugin"] == "cilium"


@pytest.mark.parametrize("text", ["", "---\n", "---\n# all of it is commented out\n", "~\n"])
def test_a_document_with_nothing_in_it_is_no_mistake(text: str, tmp_path: Path) -> None:
    names = ("group_vars/all/aws.yml", "group_vars/k8s_cluster/x.yml", "group_vars/etcd.yml")
    path = inventory(tmp_path / "x", FILES | dict.fromkeys(names, text))
    assert imported(path).primary["plugin"] == "cilium"


def test_an_inventory_that_sets_nothing_is_kubesprays_own_defaults(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {"inventory.ini": NODES, "group_vars/all.yml": "---\n"})
    found = imported(path)
    assert found.primary["plugin"] == "calico"
    assert found.report["notCarried"] == []


BROKEN = {
    "a section of its own": ("[kube_node:variables]\n", "inventory.ini:1"),
    "a line that sets nothing": ("[all:vars]\n\nkube_network_plugin\n", "inventory.ini:3"),
    "a quote that is not closed": ("[kube_node]\nw a='b\n", "inventory.ini:2"),
    "a range without an end": ("[kube_node]\nw[1:]\n", "inventory.ini:2"),
    "a million hosts": ("[kube_node]\nw[1:1000000]\n", "more than"),
    "groups in a circle": ("[a:children]\nb\n[b:children]\na\n", "contain each other"),
    "a priority in words": ("[a:vars]\nansible_group_priority=high\n", "inventory.ini:2"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_inventory_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    text, told = BROKEN[case]
    assert told in refused(inventory(tmp_path / "x", {"inventory.ini": text}))


@pytest.mark.parametrize("text", [
    "all: {hosts: [a, b]}\n", "all: {vars: [a]}\n", "all: {children: {b: 5}}\n",
    "all: {children: {b: {children: {all: {hosts: {x: }}}}}}\n",
])  # fmt: skip
def test_a_broken_yaml_inventory_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    assert "hosts.yml:1" in refused(inventory(tmp_path / "x", {"hosts.yml": text}))


def test_a_directory_of_inventories_says_which_to_name(tmp_path: Path) -> None:
    inventory(tmp_path / "checkout/inventory/mine", FILES)
    for folder in ("checkout", "checkout/inventory"):
        said = refused(tmp_path / folder)
        assert "no group_vars" in said
        assert "inventory/mine" in said


def test_merge_keys_and_anchors_are_those_of_yaml(tmp_path: Path) -> None:
    path = inventory(tmp_path / "x", {"group_vars/all.yml": """\
        kube_network_plugin: cilium
        base: &base {debug: {enabled: true}, healthPort: 9880}
        cilium_extra_values:
          <<: *base
          healthPort: 9881
        """})  # fmt: skip
    values = imported(path).primary["values"]
    assert values == {"debug": {"enabled": True}, "healthPort": 9881}
