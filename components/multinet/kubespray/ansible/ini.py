"""Ansible's inventories in INI form: groups, their children, their variables, hosts."""

from __future__ import annotations

import ast
import re
import shlex
import warnings
from typing import Any, Final

from multinet.kubespray.ansible.documents import Given, NotKubespray, usual
from multinet.kubespray.ansible.groups import Groups

_SECTION = re.compile(r"\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?")
_GROUP = re.compile(r"([^:\]\s]+)\s*(?:#.*)?")
_KINDS: Final = ("hosts", "children", "vars")
# A literal's reader takes time and memory with its brackets; a longer one stays text.
_LONGEST_LITERAL: Final = 20_000
_MOST_BRACKETS: Final = 200


def add(text: str, name: str, groups: Groups) -> None:
    """Add what an inventory says. Raises NotKubespray with the line that cannot be read."""
    group, kind = "ungrouped", "hosts"
    for number, raw in enumerate(text.splitlines(), start=1):
        line, source = raw.strip(), f"{name}:{number}"
        if not line or line[0] in "#;":
            continue
        if section := _SECTION.fullmatch(line):
            group, kind = section[1], section[2] or "hosts"
            if kind not in _KINDS:
                raise NotKubespray(
                    f"{source}: [{group}:{kind}] is no section: hosts, children, vars"
                )
            groups.group(group)
        elif line.startswith("[") and line.endswith("]"):
            raise NotKubespray(f"{source}: {line} is no section: [group], [group:vars]")
        elif kind == "hosts":
            _host(line, source, group, groups)
        elif kind == "vars":
            groups.put(group, _variable(line, source))
        elif child := _GROUP.fullmatch(line):
            groups.child(group, child[1])
        else:
            raise NotKubespray(f"{source}: {line} is no group's name")


def value_of(text: str) -> Any:
    """A value as the INI form has it: a literal of Python (`5`, `True`, `['a']`), else text."""
    brackets = sum(map(text.count, "([{"))
    if len(text) > _LONGEST_LITERAL or brackets > _MOST_BRACKETS:
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a backslash in a string, say
            return _plain(ast.literal_eval(text), text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text


def _plain(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item, text) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, text) for item in value]
    return usual(value, text)


def _host(line: str, source: str, group: str, groups: Groups) -> None:
    try:
        pattern, *words = shlex.split(line, comments=True)
    except ValueError as error:
        raise NotKubespray(f"{source}: {error}") from None
    groups.host(pattern, group, [_variable(word, source) for word in words], source)


def _variable(text: str, source: str) -> Given:
    name, equals, value = text.partition("=")
    if not equals:
        raise NotKubespray(f"{source}: {text} sets nothing: a variable is name=value")
    return Given(name.strip(), value_of(value.strip()), source)
