"""host-local's books, which lie on the nodes' disks: a pod on each node reads them, and frees."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from multinet.cni.types import Address
from multinet.live import Cluster, Object
from multinet.networks.checks.view import NetworkView
from multinet.nodes import script
from multinet.preflight import pod
from multinet.preflight.each_node import Options, Question, ask_each, linux_nodes
from multinet.stack.settings import StackSettings

_LINES = 200_000
_AT_ONCE = 250
"""Entries that a pod frees: what it runs is one argument, of which Linux takes 128 KiB."""
_FREED_WITHIN = 180.0
_SETTLED = 300
"""Seconds after which whoever was given an address runs: the kubelet gives a sandbox four minutes."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """An address that the books of a node have as given out.

    Attributes:
        directory: of the network's books there.
        sandbox: whom it was given to. runs: whether that has processes.
        age: seconds since.
        gone: whether nobody has it; see `judged`.
    """

    node: str
    directory: str
    address: Address
    sandbox: str
    age: int
    runs: bool
    gone: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"address": str(self.address), "node": self.node, "sandbox": self.sandbox}


@dataclasses.dataclass(frozen=True)
class Books:
    """Those of all nodes that could be asked.

    Attributes:
        unread: node → why it could not.
    """

    entries: Sequence[Entry] = ()
    unread: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def judged(
        self, view: NetworkView, held: Mapping[str, Collection[Address]], unsure: Collection[str]
    ) -> list[Entry]:
        """Entries of a network's books, each with whether nobody has it.

        Args:
            held: node → addresses that pods there say they have; of others nothing is known.
            unsure: nodes with a pod that may have more than it says. A directory is shared by all
                networks of one name, whoever declares them, so it may be on any.
        """
        directories = {*directories_of(view)}
        return [
            dataclasses.replace(entry, gone=_is_gone(entry, held, unsure))
            for entry in self.entries
            if entry.directory in directories
        ]


def directories_of(view: NetworkView) -> Iterator[str]:
    """Where a node keeps a network's books; nothing where others hand out."""
    for _, ipam in view.config.addressing:
        if directory := ipam.allocations_dir(view.config.name(view.name)):
            yield directory


def read_books(cluster: Cluster, stack: StackSettings, views: Iterable[NetworkView]) -> Books:
    """Read them by a short-lived pod on each node. Raises live.ClusterError."""
    directories = sorted({d for view in views for d in directories_of(view)})
    if not directories:
        return Books()
    text = script.reads_books(directories)
    question = Question[list[Entry] | str](
        script=lambda _name, _live: text,
        read=_read,
        unasked=lambda _name, why: why,
        lines=_LINES,
        processes=True,
    )
    answers = ask_each(cluster, stack, linux_nodes(cluster), question, Options())
    entries = [e for found in answers.values() if not isinstance(found, str) for e in found]
    return Books(entries, {n: why for n, why in answers.items() if isinstance(why, str)})


@dataclasses.dataclass(frozen=True)
class Freed:
    """What became of entries that were to be freed.

    Attributes:
        kept: what could not be, in words; an address that somebody has by now is not among it.
    """

    addresses: Sequence[str] = ()
    kept: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"freed": list(self.addresses), "notFreed": list(self.kept)}

    def __add__(self, other: Freed) -> Freed:
        return Freed([*self.addresses, *other.addresses], [*self.kept, *other.kept])


def free_entries(cluster: Cluster, stack: StackSettings, entries: Sequence[Entry]) -> Freed:
    """Free them. Raises live.ClusterError.

    One that was given to another sandbox meanwhile, or whose sandbox runs, is left.
    """
    by_node: dict[str, list[Entry]] = {}
    for entry in entries:
        by_node.setdefault(entry.node, []).append(entry)
    found = Freed()
    while by_node:
        found += _free(cluster, stack, {name: of[:_AT_ONCE] for name, of in by_node.items()})
        by_node = {name: of[_AT_ONCE:] for name, of in by_node.items() if len(of) > _AT_ONCE}
    return found


def _free(cluster: Cluster, stack: StackSettings, by_node: Mapping[str, Sequence[Entry]]) -> Freed:
    directories = {name: sorted({e.directory for e in of}) for name, of in by_node.items()}

    def text(name: str, _live: Object) -> str:
        here = {d: pod.writable_at(number) for number, d in enumerate(directories[name])}
        return script.frees(
            (e.directory, here[e.directory], str(e.address), e.sandbox) for e in by_node[name]
        )

    question = Question[Freed](
        script=text,
        read=_freed,
        unasked=lambda name, why: Freed(kept=[f"{len(by_node[name])} on {name}: {why}"]),
        lines=_LINES,
        writable=lambda name: tuple(directories[name]),
        processes=True,
    )
    nodes = {name: node for name, node in linux_nodes(cluster).items() if name in by_node}
    answers = ask_each(cluster, stack, nodes, question, Options(timeout=_FREED_WITHIN))
    gone = Freed(kept=[f"{len(by_node[n])} on {n}: it is gone" for n in by_node if n not in nodes])
    return sum(answers.values(), gone)


def _is_gone(
    entry: Entry, held: Mapping[str, Collection[Address]], unsure: Collection[str]
) -> bool:
    return not (
        entry.runs
        or entry.age < _SETTLED
        or entry.node in unsure
        or entry.node not in held
        or entry.address in held[entry.node]
    )


def _read(node: str, said: str) -> list[Entry] | str:
    """What the pod printed, or why that is no answer: its log may be cut off at either end."""
    lines = said.splitlines()
    if not lines or lines[-1] != "read":
        return "its pod did not say all"
    return [entry for line in lines if (entry := _entry(node, line))]


def _entry(node: str, line: str) -> Entry | None:
    word, *fields = line.split("\t")
    if word != "entry" or len(fields) != 5:
        return None
    directory, address, sandbox, age, state = fields
    try:
        return Entry(
            node, directory, ipaddress.ip_address(address), sandbox, int(age), state == "runs"
        )
    except ValueError:
        return None  # a file of somebody else's


def _freed(node: str, said: str) -> Freed:
    lines = [line.split("\t") for line in said.splitlines()]
    of = {word: [f[2] for f in lines if len(f) == 3 and f[0] == word] for word in ("freed", "kept")}
    kept = [f"{len(of['kept'])} on {node}: its books cannot be written"] if of["kept"] else []
    if not lines or lines[-1] != ["read"]:
        kept.append(f"{node}: its pod did not say all; look again")
    return Freed(of["freed"], kept)
