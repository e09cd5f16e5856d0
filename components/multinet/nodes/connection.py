"""How pulumi-command reaches a node, and the commands that it starts there."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet.nodes.settings import NodeSettings, ProxySettings, SshSettings
from multinet.settings.types import Secret, reveal


def connection(name: str, node: NodeSettings) -> dict[str, Any]:
    """Arguments of remote.Command's `connection`."""
    dialling = {"dial_error_limit": node.dial_attempts, "per_dial_timeout": node.dial_timeout}
    arguments: dict[str, Any] = {**_ssh(node), "host": node.host or name, **dialling}
    if node.proxy:
        arguments["proxy"] = {**_proxy(node.proxy), **dialling}
    return arguments


def _proxy(proxy: ProxySettings) -> dict[str, Any]:
    return {**_ssh(proxy), "host": proxy.host}


def _ssh(settings: SshSettings) -> dict[str, Any]:
    return {
        "port": settings.port,
        "user": settings.user,
        "private_key": _secret(settings.private_key),
        "private_key_password": _secret(settings.private_key_password),
        "agent_socket_path": settings.agent_socket_path,
        "host_key": settings.host_key,
    }


def _secret(value: Secret | None) -> pulumi.Output[str] | None:
    text = reveal(value)
    return pulumi.Output.secret(text) if text is not None else None


def command(node: NodeSettings, *arguments: str) -> str:
    """Runs a script that comes over standard input, as root.

    Only these words are ever seen in the node's list of processes. `$SSH_CONNECTION` is
    spelled the same in every login shell; sudo would not hand it on.
    """
    root = "" if node.user == "root" and not node.local else "sudo -n "
    if node.local:
        root = '[ "$(id -u)" -eq 0 ] || set -- sudo -n; "$@" '
    return f"{root}{' '.join(['sh -s --', *arguments])}"


def look_command(node: NodeSettings) -> str:
    """Looks, and exits 0 whatever it finds: the report tells."""
    return command(node)


def change_command(node: NodeSettings, action: str, mends: int = 0) -> str:
    """`apply` or `undo`; over SSH the script learns which connection it must not cut.

    `mends`: how often the node has been mended, this time included.
    """
    connected = () if node.local else ("--ssh", '"$SSH_CONNECTION"')
    counted = ("--mend", str(mends)) if mends else ()
    return command(node, action, *connected, *counted)
