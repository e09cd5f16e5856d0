"""Machines with sshd for the tests of this directory, and environments that declare them."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.findings import errors
from multinet.nodes import script
from multinet.stack import StackSettings
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs
from tests.ssh import machines, sshd

OWNER = "multinet/test"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without an sshd there is nothing to test against."""
    if lacking := sshd.missing():
        for item in items:
            if Path(__file__).parent in item.path.parents and "machines" in str(item.keywords):
                item.add_marker(pytest.mark.skip(reason="; ".join(lacking)))


@pytest.fixture
def lan(tmp_path: Path) -> Iterator[machines.Lan]:
    """An empty network; what is added to it is gone after the test."""
    with machines.lan(tmp_path) as network:
        yield network


Declare = Callable[..., StackSettings]


@pytest.fixture
def declare(lan: machines.Lan) -> Declare:
    """Settings of a stack whose nodes are the LAN's machines.

    Keyword arguments: `nodes` (name → further settings), `networks`, `multus`, `primary`.
    """

    def settings(
        nodes: dict[str, dict[str, Any]] | None = None,
        networks: dict[str, Any] | None = None,
        multus: dict[str, Any] | None = None,
        primary: dict[str, Any] | None = None,
    ) -> StackSettings:
        declared: dict[str, dict[str, Any]] = {}
        for name, machine in lan.machines.items():
            declared[name] = reached(lan, machine.port) | (nodes or {}).get(name, {})
        for name, more in (nodes or {}).items():
            declared.setdefault(name, reached(lan, more.get("port", 1)) | more)
        config = {
            "primaryCni": primary or {"plugin": "existing", "confFile": "10-test.conflist"},
            "networks": networks or {},
            "nodes": declared,
            "multus": multus or {},
        }
        stack, findings = check_config(config)
        assert stack is not None, [str(f) for f in errors(findings)]
        return stack

    return settings


def reached(lan: machines.Lan, port: int) -> dict[str, Any]:
    """How a machine is reached: by the loopback's port, with the LAN's key."""
    return {
        "host": "127.0.0.1",
        "port": port,
        "privateKey": lan.key.read_text(),
        "hostKey": " ".join(Path(f"{lan.host_key}.pub").read_text().split()[:2]),
        "dialAttempts": 5,
        "dialTimeout": 5,
    }


def apply_script(stack: StackSettings, name: str) -> str:
    """The script that the engine would send to a node."""
    return script.apply(name, stack.nodes[name], node_needs(name, stack.nodes[name], stack), OWNER)


def preflight_script(stack: StackSettings, name: str) -> str:
    return script.preflight(name, stack.nodes[name], node_needs(name, stack.nodes[name], stack))


def macvlan(master: str, **more: Any) -> dict[str, Any]:
    """A network on a link, without addresses of its own."""
    return {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": master, **more}}


def plugins_archive(names: tuple[str, ...], text: str = "a plugin") -> tuple[bytes, str]:
    """An archive as the CNI project publishes it, and its SHA-256."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, mode in (*((name, 0o755) for name in names), ("LICENSE", 0o644)):
            content = f"#!/bin/sh\necho {name}: {text}\n".encode()
            entry = tarfile.TarInfo(f"./{name}")
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


EVERYTHING: dict[str, Any] = {
    "links": {
        "br7": {"kind": "bridge", "ports": ["eth2"], "mtu": 1400},
        "eth1": {"mtu": 1450, "promisc": True, "change": True},
    },
    "sysctls": {"net.ipv4.ip_forward": "1", "net.ipv4.conf.all.accept_local": "1"},
    "modules": ["bridge"],
}
"""One of each kind of change that this kernel can make."""
