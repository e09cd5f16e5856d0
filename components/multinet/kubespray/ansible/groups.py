"""An inventory's groups and hosts, and the order in which Ansible merges a host's groups."""

from __future__ import annotations

import dataclasses
import graphlib
import ipaddress
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from multinet.kubespray.ansible.documents import Given, NotKubespray

ALL: Final = "all"
_PRIORITY = "ansible_group_priority"
_MOST_HOSTS = 20_000
_LETTERS = string.ascii_letters
_RANGE = re.compile(r"\[(\w*):(\w+)(?::(\d+))?\]")
_PORT = re.compile(r":\d+\Z")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::\d+)?")


@dataclasses.dataclass
class Group:
    """A group as inventories declare it; later declarations add to it.

    Attributes:
        variables: of inventory files; group_vars come on top.
        children, hosts: names, in order; as keys, since a group may hold thousands.
        priority: `ansible_group_priority`: among groups of one depth the highest one wins.
    """

    variables: dict[str, Given] = dataclasses.field(default_factory=dict)
    children: dict[str, None] = dataclasses.field(default_factory=dict)
    hosts: dict[str, None] = dataclasses.field(default_factory=dict)
    priority: int = 1


class Groups:
    """Groups by name, and hosts with the variables that inventory files give them.

    ignored: place → what stands there that says nothing to Ansible.
    """

    def __init__(self) -> None:
        self.ignored: dict[str, str] = {}
        self.groups: dict[str, Group] = {ALL: Group()}
        self.hosts: dict[str, dict[str, Given]] = {}

    def group(self, name: str) -> Group:
        """A group, made where it is new."""
        return self.groups.setdefault(name, Group())

    def put(self, name: str, given: Given) -> None:
        """Set a variable of a group."""
        if given.name != _PRIORITY:
            self.group(name).variables[given.name] = given
            return
        try:
            self.group(name).priority = int(str(given.value))
        except ValueError:
            problem = f"{given.source}: {_PRIORITY} must be a whole number, not {given.value!r}"
            raise NotKubespray(problem) from None

    def child(self, parent: str, name: str) -> None:
        """Put a group below another."""
        self.group(name)
        self.group(parent).children[name] = None

    def host(self, pattern: str, group: str, given: Iterable[Given], source: str) -> None:
        """Put a host, or the hosts of a pattern like `node[1:3]`, into a group."""
        members = self.group(group).hosts
        variables = {one.name: one for one in given}
        for name in expanded(pattern, source):
            self.hosts.setdefault(name, {}).update(variables)
            members[name] = None
            if len(self.hosts) > _MOST_HOSTS:
                raise NotKubespray(f"{source}: the inventory names more than {_MOST_HOSTS} hosts")

    def members(self, name: str) -> list[str]:
        """The hosts of a group and of the groups below it; none where there is no such group."""
        found: dict[str, None] = {}
        below, seen = [name], {name}
        while below:
            group = self.groups.get(below.pop(0), Group())
            found |= group.hosts
            below += [child for child in group.children if child not in seen]
            seen.update(group.children)
        return list(found)

    def orders(self, also: Iterable[tuple[str, Iterable[str]]] = ()) -> dict[str, tuple[str, ...]]:
        """Each host's groups without `all`, those that win last: by depth, priority and name.

        also: group → hosts that are in it as well, as Kubespray's first play sees to. Raises
        NotKubespray where groups contain each other.
        """
        parents = self._parents()
        depth = _depths(parents)
        direct: dict[str, set[str]] = {host: set() for host in self.hosts}
        for name, hosts in [*((n, g.hosts) for n, g in self.groups.items() if n != ALL), *also]:
            depth.setdefault(name, 1)
            for host in hosts:
                direct[host].add(name)

        def rank(name: str) -> tuple[int, int, str]:
            return depth[name], self.groups.get(name, Group()).priority, name

        kept: dict[frozenset[str], tuple[str, ...]] = {}
        orders = {}
        for host, names in direct.items():
            key = frozenset(names)
            if key not in kept:
                kept[key] = tuple(sorted(_with_ancestors(key, parents), key=rank))
            orders[host] = kept[key]
        return orders

    def _parents(self) -> dict[str, set[str]]:
        parents: dict[str, set[str]] = {name: set() for name in self.groups if name != ALL}
        for name, group in self.groups.items():
            if ALL in group.children:
                raise NotKubespray(f"the group all is below {name}: it holds every other one")
            for child in group.children if name != ALL else ():
                parents[child].add(name)
        return parents


def _depths(parents: Mapping[str, set[str]]) -> dict[str, int]:
    """How far below `all` each group is, by its longest way up."""
    depth: dict[str, int] = {}
    try:
        for name in graphlib.TopologicalSorter(parents).static_order():
            depth[name] = 1 + max((depth[parent] for parent in parents[name]), default=0)
    except graphlib.CycleError as error:
        circle = ", ".join(map(str, error.args[1][:10]))
        raise NotKubespray(f"groups contain each other: {circle}") from None
    return depth


def _with_ancestors(names: Iterable[str], parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    above = list(names)
    while above:
        if (name := above.pop()) not in found:
            found.add(name)
            above += parents.get(name, ())
    return found


def expanded(pattern: str, source: str) -> Iterator[str]:
    """The hosts that a pattern stands for: `n[01:03]`, `n[a:c]`, `n[1:9:2]`; without its port."""
    if (literal := _BRACKETED.fullmatch(pattern)) and _is_address(literal[1]):
        yield literal[1]
        return
    pattern = pattern if _is_address(pattern) else _PORT.sub("", pattern)
    yield from _ranges(pattern, source)


def _ranges(pattern: str, source: str) -> Iterator[str]:
    no_range = f"{source}: {pattern} is no range of hosts, as node[1:3] or node[a:c]"
    found = _RANGE.search(pattern)
    if found is None:
        if "[" in pattern or not pattern:
            raise NotKubespray(no_range)
        yield pattern
        return
    first, last, step = found[1] or "0", found[2], int(found[3] or 1)
    names: Iterable[str] = ()
    if first.isdigit() and last.isdigit() and step:
        width = len(first) if first[0] == "0" and len(first) > 1 else 0
        if int(last) - int(first) > _MOST_HOSTS * step:
            raise NotKubespray(f"{source}: {pattern} stands for more than {_MOST_HOSTS} hosts")
        names = (str(n).zfill(width) for n in range(int(first), int(last) + 1, step))
    elif len(first) == len(last) == 1 and {first, last} <= {*_LETTERS} and step:
        names = _LETTERS[_LETTERS.index(first) : _LETTERS.index(last) + 1 : step]
    else:
        raise NotKubespray(no_range)
    for name in names:
        yield from _ranges(pattern[: found.start()] + name + pattern[found.end() :], source)


def _is_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False
