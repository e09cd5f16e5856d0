"""The two scripts of a node: what checks it, and what changes it and undoes that. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib import resources

from multinet.multus.objects import NAME as MULTUS_ACCOUNT
from multinet.nodes import wanted
from multinet.nodes.inspection import inspection
from multinet.nodes.requirements import NodeNeeds
from multinet.nodes.settings import NodeSettings
from multinet.nodes.shell import assignment, call, function

_APPLY = ("journal", "files", "links", "vlans", "guard", "kernel", "units", "plugins", "apply")


def preflight(name: str, node: NodeSettings, needs: NodeNeeds) -> str:
    """A script that looks and changes nothing; `--report`: exit 0 and let the report speak."""
    functions = [function("needs", inspection(node, needs))]
    return _script(f"checks node {name}", _facts(name, needs), functions, ("common", "preflight"))


def apply(name: str, node: NodeSettings, needs: NodeNeeds, owner: str) -> str:
    """A script that makes what is declared (`apply`) and takes it back (`undo`).

    `owner`: the stack; a node obeys one only.
    """
    upload = "" if node.local else wanted.upload_path(node)
    functions = [
        function("make", wanted.changes(node, needs)),
        function("kept", [call("keep", *entry) for entry in wanted.kept(node, needs)]),
        function("after_undo", [call("rm", "-f", upload)] if upload else []),
    ]
    plugins = "no" if node.cni_plugins.source == "check" else "yes"
    facts = [
        *_facts(name, needs),
        assignment("OWNER", owner),
        assignment("KEEP_PLUGINS", plugins),
    ]
    return _script(f"changes node {name}, or undoes that", facts, functions, ("common", *_APPLY))


def _facts(name: str, needs: NodeNeeds) -> list[str]:
    return [
        assignment("NODE", name),
        assignment("CONF_DIR", needs.conf_dir),
        assignment("BIN_DIR", needs.bin_dir),
        assignment("MULTUS", "yes" if needs.multus else "no"),
        assignment("MULTUS_ACCOUNT", MULTUS_ACCOUNT),
    ]


def _script(
    title: str, facts: Iterable[str], functions: Iterable[str], parts: Iterable[str]
) -> str:
    """Nothing runs before the last line: a script that arrives cut off does nothing.

    It may come over standard input, so its commands must not read from there.
    """
    # shellcheck cannot tell which of the shared functions and values a script uses.
    head = ["#!/bin/sh", f"# Written by multinet: {title}.", "# shellcheck disable=SC2034,SC2317"]
    library = [_library(part) for part in parts]
    body = ["\n".join([*head, "set -eu"]), "\n".join(facts), *functions, *library]
    return "\n\n".join([*body, 'main "$@" </dev/null']) + "\n"


@functools.cache
def _library(part: str) -> str:
    text = (resources.files("multinet.nodes") / "scripts" / f"{part}.sh").read_text("utf-8")
    return text.removeprefix("# shellcheck shell=sh\n").rstrip("\n")
