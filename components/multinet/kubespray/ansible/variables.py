"""The variables of a cluster's nodes, by Ansible's precedence.

From the weakest to the strongest: what inventory files set for `all` and for groups, group_vars
of `all` and of groups (beside the inventory, then beside playbooks), what inventory files set for
a host, host_vars, and extra variables. Of a host's groups the deeper one wins, then the one with
the higher `ansible_group_priority`, then the later one in the alphabet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from multinet.kubespray.ansible import documents, places
from multinet.kubespray.ansible.documents import Encrypted, Given, NotKubespray
from multinet.kubespray.ansible.groups import ALL, Groups
from multinet.kubespray.ansible.places import Places
from multinet.untrusted import bounded_yaml

_MOST_FILES = 1000
Variables = dict[str, Given]


@dataclasses.dataclass(frozen=True)
class Elsewhere:
    """A value that a variable has on other nodes than the one that is taken for all.

    Attributes:
        given: None where it is not set there.
        nodes: their names, sorted.
    """

    given: Given | None
    nodes: Sequence[str]


class Files:
    """Reads the files of group_vars and host_vars, each once, and notes what it could not read."""

    def __init__(self, where: Places) -> None:
        self._where = where
        self._read: dict[Path, Variables] = {}
        self._named: dict[tuple[Path, str, str], Variables] = {}
        self.read: list[str] = []
        self.skipped: dict[str, str] = {}

    def of(self, directory: Path, folder: str, name: str) -> Variables:
        """What `folder` (group_vars, host_vars) of a directory sets for a group or host."""
        key = (directory, folder, name)
        if key not in self._named:
            files, shadowed = places.files_of(directory / folder, name)
            merged: Variables = {}
            for file in files:
                merged |= self._of_file(file)
            for file in shadowed:
                beside = self._where.shown(directory / folder / name)
                reason = f"Ansible reads {beside} in its place"
                self.skipped[self._where.shown(file)] = reason
            self._named[key] = merged
        return self._named[key]

    def _of_file(self, file: Path) -> Variables:
        if file in self._read:
            return self._read[file]
        shown = self._where.shown(file)
        if len(self._read) >= _MOST_FILES:
            raise NotKubespray(f"{shown}: there are more than {_MOST_FILES} files of variables")
        found: Variables = {}
        try:
            found = {given.name: given for given in documents.variables(file, shown)}
            self.read.append(shown)
        except Encrypted:
            self.skipped[shown] = "is encrypted by Ansible Vault"
        self._read[file] = found
        if sum(map(len, self._read.values())) > bounded_yaml.MAX_VALUES:
            raise NotKubespray(f"{shown}: more than {bounded_yaml.MAX_VALUES} variables are set")
        return found


def of_groups(groups: Groups, where: Places, files: Files, order: Sequence[str]) -> Variables:
    """What a host's groups set; `order`: of those groups, without `all`."""
    merged: Variables = dict(groups.group(ALL).variables)
    for name in order:
        if name in groups.groups:
            merged |= groups.groups[name].variables
    for names in ([ALL], order):
        for directory in (where.inventory, *where.playbooks):
            for name in names:
                merged |= files.of(directory, "group_vars", name)
    return merged


def of_host(groups: Groups, where: Places, files: Files, host: str) -> Variables:
    """What is set for one host alone."""
    merged = dict(groups.hosts.get(host, {}))
    for directory in (where.inventory, *where.playbooks):
        merged |= files.of(directory, "host_vars", host)
    return merged


def differing(
    taken: Mapping[str, Given], others: Iterable[tuple[str, Variables, Variables]]
) -> dict[str, list[Elsewhere]]:
    """Variables that are not the same on all nodes: name → the values that are not `taken`.

    others: each node, what its groups set (one object for the nodes of the same groups), and
    what is set for it alone.
    """
    found: dict[str, dict[str, tuple[Given | None, list[str]]]] = {}
    of_group: dict[int, set[str]] = {}
    alone: set[str] = set()
    listed = list(others)
    for _, _, own in listed:
        alone |= own.keys()
    for node, shared, own in listed:
        if id(shared) not in of_group:
            names = taken.keys() | shared.keys()
            of_group[id(shared)] = {n for n in names if _differs(taken.get(n), shared.get(n))}
        for name in of_group[id(shared)] | alone:
            given = own.get(name) or shared.get(name)
            if _differs(taken.get(name), given):
                key = repr(given.value) if given else ""
                found.setdefault(name, {}).setdefault(key, (given, []))[1].append(node)
    return {
        name: [Elsewhere(given, sorted(nodes)) for given, nodes in values.values()]
        for name, values in found.items()
    }


def _differs(one: Given | None, other: Given | None) -> bool:
    if one is None or other is None:
        return one is not other
    return one is not other and repr(one.value) != repr(other.value)


def unused(where: Places, groups: Iterable[str], hosts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Entries of group_vars and host_vars that are for none of these, with what they are for."""
    for folder, known in (("group_vars", {*groups}), ("host_vars", {*hosts})):
        for entry in where.entries(folder):
            name = places.group_of(entry)
            if name not in known and not name.startswith("."):
                yield where.shown(entry), f"{'group' if folder == 'group_vars' else 'host'} {name}"
