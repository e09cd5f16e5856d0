"""The `NodeNetwork` component: what one node needs for its pods' networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from multinet import watch
from multinet.command import local, remote
from multinet.kubernetes import owner
from multinet.multus.settings import MultusSettings
from multinet.names import stack_key
from multinet.nodes import script, wanted
from multinet.nodes.connection import change_command, connection
from multinet.nodes.requirements import NodeNeeds, requirements
from multinet.nodes.settings import NodeSettings
from multinet.settle import Settled, both, settled
from multinet.typed import NodeArgs


class NodeNetwork(pulumi.ComponentResource):
    """One node, brought to what is declared; deleting it restores what was there.

    What it makes has to outlive what is built on it: let Multus depend on it, so that Multus
    is gone when its leavings are cleared.

    Args:
        name: of the node in Kubernetes; its children are `<name>-apply` and, where the
            plugins' archive is uploaded, `<name>-plugins`.
        settings: how it is reached, and what is to be made on it: NodeArgs, or a mapping with a
            stack file's keys.
        needs: what its networks need, from `requirements`; absent: nothing but the settings.
        mends: how often the node was found to differ from what was made there, this time
            included; a count that grows runs the command again.

    Outputs: node, networks (names of those whose pods can land on it).
    """

    def __init__(
        self,
        name: str,
        settings: NodeArgs | NodeSettings | Mapping[str, Any] | Settled[NodeSettings],
        needs: NodeNeeds | Settled[NodeNeeds] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        mends: int | pulumi.Output[int] = 0,
        _prefix: str = "",
    ) -> None:
        node = settled(NodeSettings, settings, f"node {name}", _PLAIN, (stack_key("nodes"), name))
        watch.declares("nodes", name, node)
        assert node.shape is not None, "every setting has a default"
        if needs is None:
            needs = node.then(lambda known: requirements(name, known, {}, MultusSettings(), None))
        needed = needs if isinstance(needs, Settled) else Settled(needs)
        super().__init__("multinet:index:NodeNetwork", _prefix + name, None, opts)
        self._name, self._prefix, self._node = name, _prefix, node
        by = owner()
        text = both(node, needed).map(lambda pair: script.apply(name, *pair, by))
        self._apply(text, self._run(mends), self._upload())
        self.register_outputs({"node": name, "networks": needed.map(lambda n: list(n.networks))})

    def _run(self, mends: int | pulumi.Output[int]) -> pulumi.Input[str] | None:
        """What makes the node as it is declared; nothing on one that is lost."""
        node = self._shape
        if node.lost:
            return None
        if isinstance(mends, int):
            return change_command(node, "apply", mends)
        return mends.apply(lambda count: change_command(node, "apply", count))

    def _apply(
        self,
        text: pulumi.Input[str],
        run: pulumi.Input[str] | None,
        needs: list[pulumi.Resource],
    ) -> None:
        """The command that changes the node, and undoes that.

        The script is its standard input: a changed script is an update in place, and there are
        no triggers, which would replace (so undo and redo) instead (pulumi-command#189). It has
        no read, so what somebody changed on the node since is seen by the preflight, and reaches
        the command as a count in `run` that the node keeps: the next `up` has the same again. A
        changed connection runs the script again, which then finds nothing to do (#447). On a
        node that is lost nothing is run, so destroy does not wait for it (#104).
        """
        node = self._shape
        undo = None if node.lost else change_command(node, "undo")
        opts = pulumi.ResourceOptions(parent=self, depends_on=needs)
        if node.local:
            local.Command(
                f"{self._prefix}{self._name}-apply",
                create=run,
                update=run,
                delete=undo,
                stdin=text,
                add_previous_output_in_env=False,
                opts=opts,
            )
            return
        remote.Command(
            f"{self._prefix}{self._name}-apply",
            create=run,
            update=run,
            delete=undo,
            stdin=text,
            connection=self._connection(),
            # sshd takes no environment by default, and the provider would warn each time.
            add_previous_output_in_env=False,
            opts=opts,
        )

    @property
    def _shape(self) -> NodeSettings:
        assert self._node.shape is not None
        return self._node.shape

    def _connection(self) -> pulumi.Input[remote.ConnectionArgs]:
        name = self._name
        return self._node.map(lambda node: remote.ConnectionArgs(**connection(name, node)))

    def _upload(self) -> list[pulumi.Resource]:
        """The plugins' archive, where it comes from this machine."""
        node = self._shape
        if node.cni_plugins.source != "archive" or node.local or node.lost:
            return []
        copy = remote.CopyToRemote(
            f"{self._prefix}{self._name}-plugins",
            source=pulumi.FileAsset(wanted.local_archive(node)),
            remote_path=wanted.upload_path(node),
            connection=self._connection(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return [copy]


_PLAIN = ("local", "lost", "user", "cniPlugins")
