"""The scripts of a node: what checks it, what changes it and undoes that, what plans. Pure."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from importlib import resources
from typing import Final

from multinet import paths
from multinet.multus.objects import NAME as MULTUS_ACCOUNT
from multinet.nodes import wanted
from multinet.nodes.inspection import inspection
from multinet.nodes.requirements import NodeNeeds
from multinet.nodes.settings import NodeSettings
from multinet.nodes.shell import assignment, call, function

_CHECK = ("common", "preflight_links", "preflight")
_APPLY = (
    *("journal", "files", "primary", "links", "vlans", "guard", "kernel", "units"),
    *("plugins", "apply"),
)
_KEPT = ("declared", "mends")


def preflight(name: str, node: NodeSettings, needs: NodeNeeds) -> str:
    """A script that looks and changes nothing; `--report`: exit 0 and let the report speak."""
    functions = [function("needs", inspection(node, needs))]
    return _script(f"checks node {name}", _facts(name, needs), functions, _CHECK)


def pod_preflight(name: str, node: NodeSettings, needs: NodeNeeds, multus: str) -> str:
    """The same for a pod of the host's network that has the node's files, read-only, in HOST.

    It prints its report and exits 0. `multus`: whose the cluster's Multus is: ours, theirs, unknown.
    """
    functions = [function("needs", inspection(node, needs))]
    facts = [*_facts(name, needs), assignment("HOST", HOST), assignment("MULTUS_IS", multus)]
    parts = (*_CHECK, "pods")
    return _script(f"looks at node {name} from a pod", facts, functions, parts)


def reads_books(directories: Iterable[str]) -> str:
    """What a pod runs that reads host-local's books in these directories, as scripts/books.sh says."""
    return _of_books([call("book", directory) for directory in directories])


def frees(entries: Iterable[tuple[str, str, str, str]]) -> str:
    """What a pod runs that frees entries: directory, where the pod has that, address, sandbox."""
    return _of_books([call("free_entry", *entry) for entry in entries])


def _of_books(calls: Iterable[str]) -> str:
    functions = [function("each_book", calls)]
    return _script("host-local's books", [assignment("HOST", HOST)], functions, ("pods", "books"))


HOST: Final = "/host"
"""Where a pod that looks has the node's files."""


def apply(name: str, node: NodeSettings, needs: NodeNeeds, owner: str) -> str:
    """A script that makes what is declared (`apply`) and takes it back (`undo`).

    `owner`: the stack; a node obeys one only.
    """
    upload = "" if node.local else wanted.upload_path(node)
    changes, kept = wanted.changes(node, needs), wanted.kept(node, needs)
    functions = [
        function("make", changes),
        function("kept", [call("keep", *entry) for entry in kept]),
        function("after_undo", [call("rm", "-f", upload)] if upload else []),
    ]
    plugins = "no" if node.cni_plugins.source == "check" else "yes"
    facts = [
        *_facts(name, needs),
        assignment("OWNER", owner),
        assignment("KEEP_PLUGINS", plugins),
        assignment("DECLARED", _checksum(changes, kept)),
    ]
    return _script(f"changes node {name}, or undoes that", facts, functions, ("common", *_APPLY))


def declared(node: NodeSettings, needs: NodeNeeds) -> str:
    """What is to be on the node, as a checksum: the node keeps that of what was last done."""
    return _checksum(wanted.changes(node, needs), wanted.kept(node, needs))


def _checksum(changes: Iterable[str], kept: Iterable[wanted.Keep]) -> str:
    text = "\n".join([*changes, *(" ".join(entry) for entry in kept)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_LAST: Final = 'main "$@" </dev/null'

PLAN_ENDS: Final = "multinet-plan"
"""Starts the last line of what `look` prints: the plan's exit status, what the node was declared
as, how often it was mended; `-` for what it does not know."""


def look(name: str, node: NodeSettings, needs: NodeNeeds, owner: str) -> str:
    """A script that only looks: the preflight's report, then what `apply` would change.

    `owner`: empty: whose the node is is not looked at.
    """
    parts = {
        "check": preflight(name, node, needs),
        "plan": apply(name, node, needs, owner),
    }
    # A shell of its own for each: they share names.
    functions = [f"{word}() (\n{text})" for word, text in parts.items()]
    kept = " ".join(f'"$(cat {paths.NODE_STATE}/{file} 2>/dev/null || echo -)"' for file in _KEPT)
    run = ["check --report", "plan apply --dry-run 2>&1", f'echo "{PLAN_ENDS}" "$?" {kept}']
    # Read whole before any of it runs: cut off after `plan apply`, it would change the node.
    functions.append("main() {\n" + "\n".join(f"    {line}" for line in run) + "\n}")
    head = f"#!/bin/sh\n# Written by multinet: looks at node {name}."
    return "\n\n".join([head, *functions, _LAST]) + "\n"


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
    return "\n\n".join([*body, _LAST]) + "\n"


@functools.cache
def _library(part: str) -> str:
    text = (resources.files("multinet.nodes") / "scripts" / f"{part}.sh").read_text("utf-8")
    return text.removeprefix("# shellcheck shell=sh\n").rstrip("\n")
