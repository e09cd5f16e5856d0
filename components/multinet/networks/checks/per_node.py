"""Which networks can be on one node, as far as their nodeSelectors tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from multinet.findings import Finding
from multinet.networks.checks.view import NetworkView

_Labels = frozenset[tuple[str, str]]


def on_each_node(
    views: Sequence[NetworkView], check: Callable[[Sequence[NetworkView]], Iterable[Finding]]
) -> Iterator[Finding]:
    """What a check finds of each network among those that can be on a node with it.

    The check is given them in their order, and need not know of nodes; what it finds of a network
    is taken from the one time in which all of that network's neighbours were there.
    """
    for own, near in neighbourhoods(views):
        names = {view.name for view in own}
        yield from (finding for finding in check(near) if finding.path[1] in names)


def neighbourhoods(
    views: Sequence[NetworkView],
) -> Iterator[tuple[list[NetworkView], list[NetworkView]]]:
    """The networks of each nodeSelector, and with them all that can be on a node of theirs.

    Two selectors exclude each other if they want different values of one label. Both lists are in
    the networks' order. Where none selects nodes, there is one neighbourhood: everything.

    The time grows with the neighbourhoods' sizes: selectors are joined by the labels that they
    have in common, not compared in pairs.
    """
    places: dict[_Labels, list[int]] = defaultdict(list)
    for i, view in enumerate(views):
        places[frozenset(view.node_selector.items())].append(i)
    joined = _Join(places)
    for labels, own in places.items():
        near = sorted(i for other in joined.agreeing(labels) for i in places[other])
        yield [views[i] for i in own], [views[i] for i in near]


class _Join:
    """Selectors by the names of their labels, indexed by the values of some when first asked."""

    def __init__(self, selectors: dict[_Labels, list[int]]) -> None:
        self._by_names: dict[frozenset[str], list[_Labels]] = defaultdict(list)
        for labels in selectors:
            self._by_names[_names(labels)].append(labels)
        self._index: dict[tuple[frozenset[str], frozenset[str]], dict[_Labels, list[_Labels]]] = {}

    def agreeing(self, labels: _Labels) -> Iterator[_Labels]:
        """Those that want nothing else of the labels which both name."""
        for names in self._by_names:
            common = names & _names(labels)
            yield from self._indexed(names, common).get(_of(labels, common), ())

    def _indexed(
        self, names: frozenset[str], common: frozenset[str]
    ) -> dict[_Labels, list[_Labels]]:
        if (names, common) not in self._index:
            index = self._index[names, common] = defaultdict(list)
            for labels in self._by_names[names]:
                index[_of(labels, common)].append(labels)
        return self._index[names, common]


def _names(labels: _Labels) -> frozenset[str]:
    return frozenset(name for name, _ in labels)


def _of(labels: _Labels, names: frozenset[str]) -> _Labels:
    return frozenset(label for label in labels if label[0] in names)
