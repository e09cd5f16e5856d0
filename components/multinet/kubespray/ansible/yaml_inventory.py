"""Ansible's inventories in YAML form: groups with `hosts`, `children` and `vars`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from multinet.kubespray.ansible.documents import Given, NotKubespray, YamlFile
from multinet.kubespray.ansible.groups import Groups
from multinet.untrusted import bounded_yaml

_SECTIONS: Final = frozenset({"hosts", "children", "vars"})


def is_inventory(file: YamlFile) -> bool:
    """Whether a document looks like an inventory, and not like a file of variables.

    An inventory's top level holds groups only, and one of them at least says something.
    """
    if not isinstance(file.root, MappingNode):
        return False
    groups = [value for _, _, value in file.pairs(file.root)]
    says = [{key for key, _, _ in file.pairs(g)} for g in groups if isinstance(g, MappingNode)]
    return all(isinstance(g, MappingNode) or _is_null(g) for g in groups) and any(
        keys & _SECTIONS for keys in says
    )


def asks_a_plugin(file: YamlFile) -> bool:
    """Whether a document configures an inventory plugin, which asks elsewhere for the hosts."""
    root = file.root
    return isinstance(root, MappingNode) and any(key == "plugin" for key, _, _ in file.pairs(root))


def add(file: YamlFile, groups: Groups) -> None:
    """Add what an inventory says. Raises NotKubespray with the place that cannot be read."""
    assert isinstance(file.root, MappingNode)
    reader = _Reader(file, groups)
    try:
        for name, source, value in file.pairs(file.root):
            reader.group(name, value, source)
    except (bounded_yaml.TooMuch, RecursionError):
        raise NotKubespray(f"{file.name}: its groups are nested too deeply") from None


class _Reader:
    def __init__(self, file: YamlFile, groups: Groups) -> None:
        self._file = file
        self._groups = groups
        self._open: set[str] = set()

    def group(self, name: str, node: Node, source: str) -> None:
        """Add a group with what is below it."""
        self._groups.group(name)
        if _is_null(node):
            return
        if not isinstance(node, MappingNode):
            rule = "must be a mapping of hosts, children and vars"
            raise NotKubespray(f"{source}: group {name} {rule}")
        if name in self._open:
            raise NotKubespray(f"{source}: group {name} is below itself")
        self._open.add(name)
        for section, at, value in self._file.pairs(node):
            if not _is_null(value):
                self._section(name, section, at, value)
        self._open.remove(name)

    def _section(self, group: str, section: str, at: str, node: Node) -> None:
        what = f"{at}: {section} of group {group}"
        if section == "vars":
            for given in self._variables(node, what):
                self._groups.put(group, given)
        elif section == "children":
            for child, place, below in self._members(node, what):
                self.group(child, below, place)
                self._groups.child(group, child)
        elif section == "hosts":
            for host, place, own in self._members(node, what):
                own_given = self._variables(own, f"{place}: host {host}")
                self._groups.host(host, group, own_given, place)
        else:
            told = f"{section} is no section of group {group}: Ansible leaves it out"
            self._groups.ignored[at] = told

    def _members(self, node: Node, what: str) -> Iterator[tuple[str, str, Node]]:
        if isinstance(node, ScalarNode):  # a lone name needs no mapping
            yield str(node.value), f"{self._file.name}:{node.start_mark.line + 1}", _NOTHING
        elif isinstance(node, MappingNode):
            yield from self._file.pairs(node)
        else:
            raise NotKubespray(f"{what} must be a mapping of names")

    def _variables(self, node: Node, what: str) -> list[Given]:
        if _is_null(node):
            return []
        if not isinstance(node, MappingNode):
            raise NotKubespray(f"{what} must be a mapping of variables")
        return self._file.given(node)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.tag) == "tag:yaml.org,2002:null"


_NOTHING: Final = ScalarNode("tag:yaml.org,2002:null", "")
