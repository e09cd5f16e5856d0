"""What a run of verify works with: the cluster, what is known of it, and how pods are started."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from multinet.live import Cluster, Object
from multinet.stack.settings import StackSettings
from multinet.verify.addresses import Held, Holder, held, neighbours
from multinet.verify.before import Before
from multinet.verify.causes import Facts
from multinet.verify.declared import Declared
from multinet.verify.pods import Started

Tell = Callable[[str], None]


class Others:
    """What pods that are not of a run have on its networks.

    Args:
        networks: all of the stack.
        pods: the cluster's pods as they were before the run.
    """

    def __init__(
        self, cluster: Cluster, networks: Sequence[Declared], pods: Sequence[Object]
    ) -> None:
        self._cluster = cluster
        self._pods = pods
        self._near = neighbours(networks)

    def held(self, network: Declared, own: Held) -> Held:
        """Address → pods on the network's segment. Those that could be in the way are there still."""
        found = held(self._pods, self._near[network.name])
        return {
            address: [h for h in holders if self._is_there(h)]
            if len(holders) > 1 or address in own
            else holders
            for address, holders in found.items()
        }

    def _is_there(self, holder: Holder) -> bool:
        pod = self._cluster.pod(*holder.pod.split("/", 1))
        return pod is not None and not pod["metadata"].get("deletionTimestamp")


@dataclasses.dataclass(frozen=True)
class Site:
    """What pods are started with.

    Attributes:
        run: the run's id.
        image: of the pods.
        others: what pods that are not of the run have.
        parallel: nodes looked at together.
        timeout: seconds that a pod may take to start.
    """

    cluster: Cluster
    settings: StackSettings
    before: Before
    run: str
    image: str
    others: Others
    parallel: int
    timeout: float
    tell: Tell

    def facts(self, node: str, parent: str = "") -> Facts:
        """What is known around a pod on a node. `parent`: the link of its network."""
        dirs = self.settings.multus.dirs
        down = self.before.multus.down(node)
        return Facts(
            dirs.bin, dirs.conf, parent, self.before.exclusive, down, self.before.book.why(node)
        )

    def said(self, started: Started) -> list[str]:
        """All that is said about why a pod does not run."""
        plan = started.plan
        return [
            *started.texts,
            *self.before.multus.errors(self.cluster, plan.node, plan.name),
        ]
