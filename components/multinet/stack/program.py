"""The settings of the running Pulumi program, from what the engine handed over."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from multinet.findings import Finding
from multinet.names import PROJECT, stack_key
from multinet.networks.resource import with_version
from multinet.rehearsal import is_rehearsal
from multinet.settle import is_later
from multinet.stack.across import prefixed
from multinet.stack.load import check_config
from multinet.stack.settings import StackSettings
from multinet.stack.settled import Look, SettledStack, settled_sections
from multinet.typed.base import tree

_PLAIN_TEXT = ("kubeconfig", "context")  # never JSON, even where a kubeconfig is written as JSON


Made = Mapping[str, Any] | Iterable[tuple[str, Any]]
"""A section that a program makes itself: name → typed or as in a stack file; or pairs of that."""


def settled(
    look: Look, *, networks: Made = (), nodes: Made = (), policies: Made = ()
) -> SettledStack:
    """The stack's configuration, and what the program adds to it, whose leaves may be Outputs.

    Args:
        look: at the cluster and the nodes.
        networks: more networks, typed or as under `multinet:networks`.
        nodes: more nodes, typed or as under `multinet:nodes`.
        policies: more policies, typed or as under `multinet:policies`.

    All of it is checked together, by the same rules as a stack file. Warnings go to the
    engine's log. Raises pulumi.RunError with every problem, which the engine shows without a
    traceback, when any of it is refused; a name that is given twice is refused as well.
    """
    _end_without_traceback()
    config = _configuration()
    made = {"networks": networks, "nodes": nodes, "policies": policies}
    wrong = [finding for section, more in made.items() for finding in _add(config, section, more)]

    def rules(raw: Mapping[str, Any]) -> tuple[StackSettings | None, list[Finding]]:
        checked, findings = check_config(raw)
        return checked, [*wrong, *findings]

    source = f"the configuration of stack {pulumi.get_stack()}"
    stack = settled_sections(config, source, look, rules, prefixed)
    # They stay until the program ends: Python's collector need not walk them again and again,
    # which was a third of what thousands of networks cost over plain dictionaries.
    gc.freeze()
    return stack


def require(*, networks: Made = (), nodes: Made = ()) -> StackSettings:
    """The checked settings: the stack's configuration, and what the program adds to it.

    As `settled`, but at once: no value may be an Output. `Environment.from_config` takes those.
    """
    stack = settled(lambda _known: None, networks=networks, nodes=nodes)
    if stack.whole.shape is None or not stack.whole.known:
        raise pulumi.RunError(
            "stack_settings are settings that are known, and some of these are outputs of other"
            " resources: give them to Environment.from_config"
        )
    return stack.whole.shape


def _end_without_traceback() -> None:
    """Let the engine end this program with a SIGINT that Python shows no traceback of.

    It does so when a resource has failed while the program waits, and says itself which and why. A
    handler that the program has set stays.
    """
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        and not is_rehearsal()
    ):
        # Without unwinding: the hooks' threads would be waited for.
        signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))


def _add(config: dict[str, Any], section: str, made: Made) -> Iterator[Finding]:
    """Put what the program made into a section; yield a finding for each that cannot go there."""
    given = config.get(section, {})
    if not isinstance(given, Mapping):
        return  # refused as it is
    if is_later(made):
        rule = "decides which resources there are, and cannot be an output of another one"
        yield Finding(
            "must-be-known", (stack_key(section),), rule, "make outputs of its values alone"
        )
        return
    whole = dict(given)
    for number, pair in enumerate(made.items() if isinstance(made, Mapping) else made):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            rule = f"must be a pair of name and value, not a {type(pair).__name__}"
            place = (stack_key(section), number)
            yield Finding("wrong-type", place, rule, "give a mapping, {'lan': …}")
            continue
        name, value = pair
        if name in whole:
            rule = "the name is given twice: only one would count"
            path = (stack_key(section), str(name))
            yield Finding("duplicate-key", path, rule, "rename or remove one of the two")
        whole.setdefault(name, tree(with_version(value)))
    if whole:
        config[section] = whole


def _configuration() -> dict[str, Any]:
    """All of the project's keys, also unknown ones; structured values arrive as JSON."""
    config: dict[str, Any] = {}
    for key, value in (CONFIG.get() or get_config_env()).items():
        namespace, _, name = key.partition(":")
        if namespace == PROJECT:
            config[name] = value if name in _PLAIN_TEXT else _decoded(value)
    return config


def _decoded(value: Any) -> Any:
    """Mappings, lists and booleans come as JSON; anything else stays the text that it is."""
    if value in ("true", "false"):
        return value == "true"
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
