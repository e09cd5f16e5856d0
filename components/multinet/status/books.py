"""host-local's books, which lie on the nodes' disks: a pod on each node reads them, and frees."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from multinet.cni.types import Address
from multinet.live import Cluster
from multinet.networks.checks.view import NetworkView
from multinet.nodes import script
from multinet.preflight.each_node import Options, Question, ask_each, linux_nodes
from multinet.stack.settings import StackSettings

_LINES = 200_000
_SETTLED = 60  # seconds after which whoever was given an address runs, and says so


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
            held: node → addresses that pods there say they have.
            unsure: nodes with a pod that asks for the network and does not say what it has: it is
                being started, or Multus wrote nothing on it.
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


def free_entries(cluster: Cluster, stack: StackSettings, entries: Sequence[Entry]) -> list[str]:
    """Free them; returns the addresses that were. Raises live.ClusterError.

    One that was given to another sandbox meanwhile, or whose sandbox runs, is left.
    """
    by_node: dict[str, list[Entry]] = {}
    for entry in entries:
        by_node.setdefault(entry.node, []).append(entry)
    if not by_node:
        return []
    question = Question[list[str]](
        script=lambda name, _live: script.frees(
            (e.directory, str(e.address), e.sandbox) for e in by_node[name]
        ),
        read=_freed,
        unasked=lambda _name, _why: [],
        lines=_LINES,
        writable=lambda name: tuple(sorted({e.directory for e in by_node[name]})),
        processes=True,
    )
    nodes = {name: node for name, node in linux_nodes(cluster).items() if name in by_node}
    answers = ask_each(cluster, stack, nodes, question, Options())
    return [address for found in answers.values() for address in found]


def _is_gone(
    entry: Entry, held: Mapping[str, Collection[Address]], unsure: Collection[str]
) -> bool:
    return not (
        entry.runs
        or entry.age < _SETTLED
        or entry.node in unsure
        or entry.address in held.get(entry.node, ())
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


def _freed(_node: str, said: str) -> list[str]:
    lines = (line.split("\t") for line in said.splitlines())
    return [fields[2] for fields in lines if len(fields) == 3 and fields[0] == "freed"]
