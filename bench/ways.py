"""multinet's own ways onto a cluster: the engine, and kubectl with what was rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import rig
from multinet.findings import errors
from rig.demo import engine, manifests, nodes
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file


class Way(Protocol):
    """Brings the same environment onto a cluster. A second `up` is given nothing new."""

    def up(self) -> str:
        """Install or update, until Multus is rolled out; what the tool said that it changed."""
        ...

    def down(self) -> None:
        """Remove it as far as the tool can; what it leaves is measured."""
        ...


class Engine:
    """`pulumi up`, and the steps on the node that it takes where nodes are declared.

    The node has no sshd: the scripts that the engine would send run in it as they are, the check
    each time, the change once, since an unchanged script is not run again.
    """

    def __init__(self, cluster: rig.Cluster, mode: str, scratch: Path) -> None:
        self._node = RigCluster(cluster.name)
        project = engine.workspace(scratch)
        overrides = {**self._node.overrides(), "multus": {"mode": mode}}
        self._file = write_stack_file(project, overrides)
        self._stack = engine.stack(project, cluster.kubeconfig)
        self._prepared = False

    def up(self) -> str:
        if self._prepared:
            found = nodes.check(self._node, self._file)
        else:
            found = nodes.prepare(self._node, self._file).findings
        if wrong := errors(found):
            raise rig.RigError("; ".join(str(finding) for finding in wrong))
        self._prepared = True
        changes = engine.up(self._stack, lambda _line: None)
        return ", ".join(f"{count} {what}" for what, count in sorted(changes.items()))

    def down(self) -> None:
        self._stack.destroy(suppress_progress=True)
        nodes.undo(self._node, self._file)


class Kubectl:
    """`kubectl apply` of the rendered manifests alone; rendering is a part of it.

    An engine also runs the program.
    """

    def __init__(self, cluster: rig.Cluster, mode: str, scratch: Path) -> None:
        self._cluster = cluster
        overrides = {**RigCluster(cluster.name).overrides(), "multus": {"mode": mode}}
        self._file = write_stack_file(scratch, overrides)
        self._out = scratch / "out"

    def up(self) -> str:
        manifests.render_environment(self._file, self._out)
        said = manifests.apply(self._out, self._cluster)
        return f"{sum(line.endswith('serverside-applied') for line in said)} applied"  # a server-side apply does not say whether it changed any

    def down(self) -> None:
        for path in sorted((self._out / "manifests").glob("[0-9]*.yaml"), reverse=True):
            # Foreground: what Multus's pods do at their end has been done when this returns.
            how = ("--ignore-not-found", "--wait", "--cascade=foreground")
            self._cluster.kubectl("delete", *how, "-f", str(path))
