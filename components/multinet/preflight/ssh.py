"""Runs a node's scripts over the system's ssh: for people without the engine, and for tests.

Needs OpenSSH's client ≥ 8.4 on PATH. A private key from the settings lies in a file that only
the user can read, in memory where the system has such a place, until the session ends.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

from multinet.nodes.connection import change_command, look_command
from multinet.nodes.settings import NodeSettings, SshSettings
from multinet.settings.types import Ciphertext, reveal

_MEMORY = Path("/dev/shm")  # noqa: S108  only a directory of our own in it is used


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What a command on a node did. status 255: ssh itself failed, stderr says why."""

    status: int
    stdout: str
    stderr: str

    @property
    def unreachable(self) -> bool:
        """Whether the node was not reached at all."""
        return self.status == 255


class SshSession:
    """Connections to these nodes; a context manager that leaves no key behind.

    Args:
        nodes: name → settings.
        identity: a private key's file, for nodes whose key is absent or encrypted.
    """

    def __init__(self, nodes: Mapping[str, NodeSettings], identity: Path | None = None) -> None:
        self._nodes = dict(nodes)
        self._identity = identity
        self._directory = Path()

    def __enter__(self) -> SshSession:
        where = _MEMORY if os.access(_MEMORY, os.W_OK) else None
        self._directory = Path(tempfile.mkdtemp(prefix="multinet-", dir=where))
        try:
            config = "\n".join(line for name in self._nodes for line in self._config(name))
            own = Path.home() / ".ssh" / "config"
            users = f"\nHost *\n  Include {own}\n" if own.is_file() else "\n"
            (self._directory / "config").write_text(config + users, encoding="utf-8")
        except BaseException:
            shutil.rmtree(self._directory)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._directory)

    def look(self, name: str, script: str, seconds: float = 60) -> Ran:
        """Run a script that looks; its report is on stdout."""
        return self.run(name, look_command(self._nodes[name]), script, seconds)

    def change(self, name: str, script: str, action: str, seconds: float = 600) -> Ran:
        """Run an apply script with `apply` or `undo`."""
        return self.run(name, change_command(self._nodes[name], action), script, seconds)

    def run(self, name: str, command: str, stdin: str, seconds: float) -> Ran:
        """Run a command on the node; never raises for what happens there."""
        node = self._nodes[name]
        argv = ["/bin/sh", "-c", command]
        environment = dict(os.environ)
        if not node.local:
            password = reveal(node.private_key_password)
            batch = "no" if password else "yes"
            argv = ["ssh", "-T", "-F", str(self._directory / "config"), "-o", f"BatchMode={batch}"]
            argv += [_alias(name), command]
            environment |= self._askpass(password)
        try:
            ran = subprocess.run(
                argv,
                input=stdin.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
                env=environment,
            )
        except subprocess.TimeoutExpired:
            return Ran(255, "", f"no answer within {seconds:.0f} s")
        except OSError as error:
            return Ran(255, "", f"{argv[0]} cannot be started: {error.strerror}")
        return Ran(ran.returncode, _text(ran.stdout), _text(ran.stderr) + self._hint(name, ran))

    def _hint(self, name: str, ran: subprocess.CompletedProcess[bytes]) -> str:
        encrypted = isinstance(self._nodes[name].private_key, Ciphertext)
        if ran.returncode == 255 and encrypted and self._identity is None:
            return "\nits key is encrypted in the stack file: give --identity, or run an ssh-agent"
        return ""

    def _config(self, name: str) -> Iterator[str]:
        node = self._nodes[name]
        if node.local:
            return
        if node.proxy:
            yield from self._host(f"{_alias(name)}-proxy", node.proxy.host, node.proxy, node)
        yield from self._host(_alias(name), node.host or name, node, node)
        if node.proxy:
            yield f"  ProxyJump {_alias(name)}-proxy"

    def _host(self, alias: str, host: str, ssh: SshSettings, node: NodeSettings) -> Iterator[str]:
        yield f"Host {alias}"
        yield f"  HostName {host}"
        yield f"  Port {ssh.port}"
        yield f"  User {ssh.user}"
        yield f"  ConnectTimeout {node.dial_timeout}"
        yield "  LogLevel ERROR"
        if ssh.agent_socket_path:
            yield f'  IdentityAgent "{ssh.agent_socket_path}"'
        if identity := self._key(alias, ssh):
            yield f'  IdentityFile "{identity}"'
            yield "  IdentitiesOnly yes"
        if ssh.host_key:
            known = self._directory / f"{alias}.known"
            known.write_text(f"{alias} {ssh.host_key}\n", encoding="utf-8")
            yield f'  UserKnownHostsFile "{known}"'
            yield f"  HostKeyAlias {alias}"
            yield "  StrictHostKeyChecking yes"

    def _key(self, alias: str, ssh: SshSettings) -> Path | None:
        text = reveal(ssh.private_key)
        if text is None:
            return self._identity.resolve() if self._identity else None
        file = self._directory / f"{alias}.key"
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as key:  # noqa: PTH123
            key.write(text.rstrip("\n") + "\n")
        return file

    def _askpass(self, password: str | None) -> dict[str, str]:
        if password is None:
            return {}
        helper = self._directory / "askpass"
        with contextlib.suppress(FileExistsError), helper.open("x") as file:
            file.write('#!/bin/sh\nprintf "%s\\n" "$MULTINET_KEY_PASSWORD"\n')
        helper.chmod(0o700)
        return {
            "SSH_ASKPASS": str(helper),
            "SSH_ASKPASS_REQUIRE": "force",
            "MULTINET_KEY_PASSWORD": password,
        }


def _alias(name: str) -> str:
    return f"multinet-{name}"


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")
