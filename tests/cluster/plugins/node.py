"""A node of our own: network and mount namespaces in which the real plugins run."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from rig import parts
from rig.parts.build import build_go_part
from rig.parts.catalog import GoPart
from rig.parts.golang import ensure_go
from rig.progress import Progress

UPLINK_MTU = 1500
FURTHER = os.environ.get("MULTINET_CNI_PLUGINS", "")
"""Directories with plugins that the rig does not build, separated by `:`."""

_SETUP = f"""
set -e
for directory in /run/netns /var/lib/cni /run/cni; do
  mkdir -p $directory
  mount -t tmpfs multinet-test $directory
done
ip link set lo up
ip link add eth0 mtu {UPLINK_MTU} type veth peer name uplink mtu {UPLINK_MTU}
ip address add 192.0.2.2/24 dev eth0
ip link set eth0 up
ip link set uplink up
ip link add nic1 type veth peer name nic1-peer
ip route add default via 192.0.2.1
eval "$3"
exec "$0" /var/lib/cni/cache "$1${{2:+:$2}}"
"""

DRIVER = Path(__file__).resolve().parent / "driver"


@dataclasses.dataclass(frozen=True)
class _DriverPart(GoPart):
    """Our driver, built and cached as the rig builds its parts."""

    @property
    def directory(self) -> Path:
        return DRIVER


@dataclasses.dataclass(frozen=True)
class Answer:
    """What became of an attach.

    Attributes:
        stage: load, add, check or del where it failed; done.
        error: the plugin's, libcni's or Multus's message; empty when all went well.
        result: the CNI result of the ADD.
        links: the pod's links after ADD, as the kernel has them.
        left: links that DEL left in the pod.
        rules: the pod's routing rules after ADD, besides the kernel's own.
        left_rules: those that DEL left.
    """

    stage: str
    error: str = ""
    result: dict[str, Any] = dataclasses.field(default_factory=dict)
    links: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    left: list[str] = dataclasses.field(default_factory=list)
    rules: list[str] = dataclasses.field(default_factory=list)
    left_rules: list[str] = dataclasses.field(default_factory=list)

    @property
    def unsupported(self) -> bool:
        """Whether only this kernel is in the way: it lacks the kind of link."""
        return "operation not supported" in self.error


class Node:
    """Attaches networks in namespaces of its own, one after the other.

    Nothing in it reaches the machine's network, and all of it is gone with the process.
    `services`: shell commands that start what runs beside the plugins; `$1` is their directory.
    """

    def __init__(self, services: str = "") -> None:
        progress = Progress(quiet=True)
        driver = _DriverPart("cni-driver", ("driver",), packages=".")
        binary = build_go_part(driver, ensure_go(progress), progress) / "driver"
        plugins = parts.ensure("cni-plugins", progress=progress).directory("cni-plugins")
        unshare = ["unshare", "--net", "--mount", "--propagation", "private"]
        # Services end with the first process of a namespace for processes.
        unshare += ["--pid", "--fork", "--kill-child", "--mount-proc"]
        self._process = subprocess.Popen(
            [*unshare, "sh", "-c", _SETUP, str(binary), str(plugins), FURTHER, services],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # plugins and whereabouts log there, case by case
            text=True,
        )

    def __enter__(self) -> Node:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it ended early: attach has said so
            self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def attach(
        self,
        config: str,
        *,
        capabilities: dict[str, Any] | None = None,
        ips: Sequence[str] = (),
        mac: str = "",
        check: bool = False,
        whereabouts: bool = False,
    ) -> Answer:
        """Attach a pod to the network that a NAD with this `spec.config` is, and detach it.

        `ips`, `mac`: what the pod asks for, handed over as Multus does; `capabilities`: others.
        """
        request = {
            "name": "network",
            "config": config,
            "capabilities": capabilities or {},
            "ips": list(ips),
            "mac": mac,
            "check": check,
            "whereabouts": whereabouts,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the driver ended before it answered")
        return Answer(**json.loads(line))
