"""Reads what a Kubespray inventory sets for the nodes of its cluster."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.nodes import MappingNode

from multinet.kubespray.ansible import ini, places, variables, yaml_inventory
from multinet.kubespray.ansible.documents import (
    Encrypted,
    Given,
    NotKubespray,
    Sealed,
    YamlFile,
    text_of,
)
from multinet.kubespray.ansible.groups import ALL, Groups
from multinet.kubespray.ansible.places import Places
from multinet.kubespray.ansible.variables import Elsewhere

__all__ = ["Given", "Inventory", "NotKubespray", "Sealed", "read"]

CONTROL_PLANE: Final = ("kube_control_plane", "kube-master")
WORKERS: Final = ("kube_node", "kube-node")
# Kubespray's first play puts nodes into these groups, whether the inventory declares them or not.
CLUSTER: Final = ("k8s_cluster", "k8s-cluster")
_OLD: Final = {"kube_control_plane": "kube-master", "kube_node": "kube-node"}
_EXTRA: Final = "--extra-vars"


@dataclasses.dataclass(frozen=True)
class Inventory:
    """What was read.

    Attributes:
        given: name → variable, after precedence, of the node that stands for all: the first one
            of the control plane, on which Kubespray makes the cluster's own objects.
        skipped: file or place → why nothing of it was read.
        read: files that were read, in order.
        nodes: the cluster's nodes; none where no inventory file names them.
        elsewhere: variable → the values that other nodes have.
        declared: groups that inventory files declare or group_vars are for.
    """

    given: dict[str, Given]
    skipped: dict[str, str]
    read: Sequence[str] = ()
    nodes: Sequence[str] = ()
    elsewhere: Mapping[str, Sequence[Elsewhere]] = dataclasses.field(default_factory=dict)
    declared: frozenset[str] = frozenset()


def read(path: Path, extra: Sequence[str] = ()) -> Inventory:
    """Read an inventory.

    Args:
        path: an inventory's file or directory, a directory group_vars, or one file of variables.
        extra: as ansible-playbook takes them with `-e`: `@FILE`, `name=value …`, or YAML.

    Raises NotKubespray where there is no such file, it cannot be read, or it is none of these.
    """
    try:
        found = _of_directory(path) if path.is_dir() else _of_file(path)
        return _with_extra(found, extra)
    except OSError as error:
        raise NotKubespray(f"{error.filename or path} cannot be read: {error.strerror}") from None


def _of_directory(path: Path) -> Inventory:
    groups = Groups()
    skipped: dict[str, str] = {}
    here = path.absolute()  # what is named `.` has a name as well
    if here.parent.name == "group_vars":
        files = variables.Files(places.of_group_vars(here.parent))
        given = files.of(here.parent.parent, "group_vars", here.name)
        return Inventory(given, files.skipped, files.read)
    if here.name == "group_vars":
        reason = "is beside group_vars, and was not asked for: name the inventory's directory"
        skipped |= {file.name: reason for file in places.inventories(here.parent)}
        return _of(groups, places.of_group_vars(here), skipped)
    where = places.of_directory(here)
    for file in where.files:
        _add(file, where, groups, skipped)
    if len(skipped) == len(where.files) and not (path / "group_vars").is_dir():
        others = "".join(f"; {name} {reason}" for name, reason in skipped.items())
        instead = places.instead_of(path)
        raise NotKubespray(f"holds no inventory file and no group_vars: name {instead}{others}")
    return _of(groups, where, skipped)


def _of_file(path: Path) -> Inventory:
    if not path.exists():
        raise NotKubespray("does not exist")
    text = text_of(path, path.name)
    kind = _kind(path, text)
    if kind == "variables":
        given = YamlFile(text, path.name).variables()
        return Inventory({g.name: g for g in given}, {}, [path.name])
    if kind not in ("ini", "yaml"):
        raise NotKubespray(f"{path.name} {kind}")
    groups = Groups()
    _parse(kind, text, path.name, groups)
    return _of(groups, places.of_file(path.absolute()), {})


def _of(groups: Groups, where: Places, skipped: dict[str, str]) -> Inventory:
    files = variables.Files(where)
    control_plane = [host for name in CONTROL_PLANE for host in groups.members(name)]
    workers = [host for name in WORKERS for host in groups.members(name)]
    nodes = [*dict.fromkeys(control_plane + workers)]
    nodes = nodes or [host for name in CLUSTER for host in groups.members(name)]
    also: list[tuple[str, Sequence[str]]] = [(name, nodes) for name in CLUSTER]
    also += [(new, groups.members(old)) for new, old in _OLD.items()]
    orders = groups.orders(also)
    shared: dict[tuple[str, ...], variables.Variables] = {}

    def of_groups(node: str) -> variables.Variables:
        order = orders.get(node, tuple(sorted(CLUSTER)))
        if order not in shared:
            shared[order] = variables.of_groups(groups, where, files, order)
        return shared[order]

    each = [(n, of_groups(n), variables.of_host(groups, where, files, n)) for n in nodes]
    taken = {**each[0][1], **each[0][2]} if each else dict(of_groups(""))
    elsewhere = variables.differing(taken, each)
    used = {ALL, *(name for order in shared for name in order)}
    for name, whose in variables.unused(where, used, nodes):
        none = "is no node of this inventory" if nodes else "is not known without an inventory file"
        has = "has no node of the cluster" if nodes else "need not hold every node"
        skipped[name] = f"is for {whose}, which {none if whose.startswith('host') else has}"
    for place, what in groups.ignored.items():
        skipped[place] = what
    declared = frozenset(groups.groups) | {
        places.group_of(entry) for entry in where.entries("group_vars")
    }
    read = [where.shown(file) for file in where.files if where.shown(file) not in skipped]
    return Inventory(taken, skipped | files.skipped, read + files.read, nodes, elsewhere, declared)


def _add(file: Path, where: Places, groups: Groups, skipped: dict[str, str]) -> None:
    """Add an inventory file of a directory, or note why it is none."""
    name = where.shown(file)
    try:
        text = text_of(file, name)
    except Encrypted:
        skipped[name] = "is encrypted by Ansible Vault"
        return
    kind = _kind(file, text)
    if kind in ("ini", "yaml"):
        _parse(kind, text, name, groups)
    elif kind == "variables":
        skipped[name] = (
            f"is no inventory file; if ansible-playbook gets it, give it with -e @{name}"
        )
    else:
        skipped[name] = kind


def _parse(kind: str, text: str, name: str, groups: Groups) -> None:
    if kind == "ini":
        ini.add(text, name, groups)
    else:
        yaml_inventory.add(YamlFile(text, name), groups)


def _kind(path: Path, text: str) -> str:
    """What a file is: `ini`, `yaml` or `variables`; else why nothing can be read of it."""
    if text.startswith("#!"):
        return "is a program that makes an inventory: only Ansible runs it"
    if path.suffix == ".toml":
        return "is TOML, which is not read: write the inventory as INI or YAML"
    if path.suffix in (".ini", ".cfg"):
        return "ini"
    try:
        file = YamlFile(text, path.name)
    except NotKubespray:
        if path.suffix:
            raise
        return "ini"
    if yaml_inventory.asks_a_plugin(file):
        return "asks an inventory plugin for the hosts: only Ansible runs it"
    if yaml_inventory.is_inventory(file):
        return "yaml"
    is_mapping = file.root is None or isinstance(file.root, MappingNode)
    return "variables" if is_mapping or path.suffix else "ini"


def _with_extra(inventory: Inventory, extra: Sequence[str]) -> Inventory:
    """The inventory with extra variables, which win over everything and hold for every node."""
    given: dict[str, Given] = {}
    files = []
    for text in extra:
        if text.startswith("@"):
            path = Path(text[1:])
            if not path.exists():
                raise NotKubespray(f"{_EXTRA} {text}: does not exist")
            given |= {g.name: g for g in YamlFile(text_of(path, text[1:]), text[1:]).variables()}
            files.append(text[1:])
        else:
            given |= {name: Given(name, value, _EXTRA) for name, value in _words(text).items()}
    elsewhere = {k: v for k, v in inventory.elsewhere.items() if k not in given}
    return dataclasses.replace(
        inventory,
        given=inventory.given | given,
        read=[*inventory.read, *files],
        elsewhere=elsewhere,
    )


def _words(text: str) -> dict[str, Any]:
    if text.lstrip().startswith(("{", "[")):
        return {given.name: given.value for given in YamlFile(text, _EXTRA).variables()}
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise NotKubespray(f"{_EXTRA} {text!r}: {error}") from None
    pairs = [word.partition("=") for word in words]
    for name, equals, _ in pairs:
        if not equals:
            raise NotKubespray(f"{_EXTRA} {text!r}: {name} sets nothing: give NAME=VALUE or @FILE")
    return {name: value for name, _, value in pairs}
