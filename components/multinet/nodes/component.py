"""The `NodeNetwork` component: what one node needs for its pods' networks."""

from __future__ import annotations

import pulumi

from multinet.command import local, remote
from multinet.kubernetes import owner
from multinet.nodes import script, wanted
from multinet.nodes.connection import change_command, connection
from multinet.nodes.requirements import NodeNeeds
from multinet.nodes.settings import NodeSettings


class NodeNetwork(pulumi.ComponentResource):
    """One node, brought to what is declared; deleting it restores what was there.

    What it makes has to outlive what is built on it: let Multus depend on it, so that Multus
    is gone when its leavings are cleared.

    Args:
        name: of the node in Kubernetes; its children are `<name>-apply` and, where the
            plugins' archive is uploaded, `<name>-plugins`.
        settings: how it is reached, and what is to be made on it.
        needs: what its networks need, from `requirements`.

    Outputs: node, networks (names of those whose pods can land on it).
    """

    def __init__(
        self,
        name: str,
        settings: NodeSettings,
        needs: NodeNeeds,
        opts: pulumi.ResourceOptions | None = None,
        *,
        _prefix: str = "",
    ) -> None:
        super().__init__("multinet:index:NodeNetwork", _prefix + name, None, opts)
        self._prefix = _prefix
        text = script.apply(name, settings, needs, owner())
        self._apply(name, settings, text, self._upload(name, settings))
        self.register_outputs({"node": name, "networks": list(needs.networks)})

    def _apply(
        self, name: str, node: NodeSettings, text: str, needs: list[pulumi.Resource]
    ) -> None:
        """The command that changes the node, and undoes that.

        The script is its standard input: a changed script is an update in place, and there are
        no triggers, which would replace (so undo and redo) instead (pulumi-command#189). A
        changed connection runs the script again, which then finds nothing to do (#447). On a
        node that is lost nothing is run, so destroy does not wait for it (#104).
        """
        run = None if node.lost else change_command(node, "apply")
        undo = None if node.lost else change_command(node, "undo")
        opts = pulumi.ResourceOptions(parent=self, depends_on=needs)
        if node.local:
            local.Command(
                f"{self._prefix}{name}-apply",
                create=run,
                update=run,
                delete=undo,
                stdin=text,
                add_previous_output_in_env=False,
                opts=opts,
            )
            return
        remote.Command(
            f"{self._prefix}{name}-apply",
            create=run,
            update=run,
            delete=undo,
            stdin=text,
            connection=remote.ConnectionArgs(**connection(name, node)),
            # sshd takes no environment by default, and the provider would warn each time.
            add_previous_output_in_env=False,
            opts=opts,
        )

    def _upload(self, name: str, node: NodeSettings) -> list[pulumi.Resource]:
        """The plugins' archive, where it comes from this machine."""
        if node.cni_plugins.source != "archive" or node.local or node.lost:
            return []
        copy = remote.CopyToRemote(
            f"{self._prefix}{name}-plugins",
            source=pulumi.FileAsset(wanted.local_archive(node)),
            remote_path=wanted.upload_path(node),
            connection=remote.ConnectionArgs(**connection(name, node)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return [copy]
