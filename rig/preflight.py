"""What a machine must have for a rig, asked without changing anything on it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

from rig.parts.debian import (
    CONTROL_PLANE_COMMANDS,
    NODE_COMMANDS,
    can_install,
    missing_packages,
)
from rig.paths import search_path, which

_CAPABILITIES = {"CAP_NET_ADMIN": 12, "CAP_SYS_CHROOT": 18, "CAP_SYS_ADMIN": 21}

_PROBES = {
    "veth": "ip link add probe0 type veth peer name probe1",
    "bridge": "ip link add probe2 type bridge",
    "macvlan": "ip link add probe3 link probe0 type macvlan mode bridge",
    "overlayfs": "mount -t tmpfs none /mnt && cd /mnt && mkdir u w m && "
    "mount -t overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w none m",
}
"""Kernel features a node cannot do without: each is tried in namespaces that end at once."""

_NFTABLES = (
    "nft add table ip probe && nft add chain ip probe nat '{ type nat hook output priority 0 ; }'"
)


def can_run(*, node: bool = True) -> list[str]:
    """What this machine lacks for a rig, one sentence each; empty where one can run.

    ``node`` False asks for a bare API server only. Packages that could be installed (root on
    Debian) are not counted as missing.
    """
    if sys.platform != "linux":
        return [f"the rig needs Linux, this is {platform.system()}"]
    missing = []
    if platform.machine() not in ("x86_64", "aarch64"):
        missing.append(f"no parts are known to build for {platform.machine()}")
    if os.geteuid() != 0:
        missing.append("the rig needs root for namespaces, mounts and links")
    lacking = [name for name, bit in _CAPABILITIES.items() if not _has(bit)]
    if lacking:
        missing.append(f"missing capabilities: {', '.join(lacking)}")
    if not os.access("/sys/fs/cgroup", os.W_OK):
        missing.append("/sys/fs/cgroup is absent or read-only")
    packages = missing_packages(NODE_COMMANDS if node else CONTROL_PLANE_COMMANDS)
    if packages and not can_install():
        missing.append(f"packages not installed: {', '.join(packages)}")
    if missing:
        return missing
    return _missing_features(node)


def _has(capability: int) -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False


def _missing_features(node: bool) -> list[str]:
    if _try("true") is not None:
        return [f"namespaces cannot be made: {_try('true')}"]
    if which("ip") is None:
        return []
    wanted = _PROBES if node else {name: _PROBES[name] for name in ("veth", "overlayfs")}
    script = "\n".join(
        f"( {command} ) >/dev/null 2>&1 || echo {name}" for name, command in wanted.items()
    )
    said = _run(script).stdout.split()
    return [f"the kernel lacks {name}" for name in said]


def nftables_work() -> bool:
    """Whether the kernel and the nft command can translate addresses."""
    return _try(_NFTABLES) is None


def _try(script: str) -> str | None:
    """None where a script succeeds in namespaces of its own, else what it said."""
    ran = _run(script)
    return None if ran.returncode == 0 else (ran.stderr.strip() or f"status {ran.returncode}")


def _run(script: str) -> subprocess.CompletedProcess[str]:
    argv = ["unshare", "--mount", "--net", "--pid", "--fork", "--", "sh", "-c", script]
    environment = {**os.environ, "PATH": search_path()}
    return subprocess.run(
        argv, capture_output=True, text=True, check=False, env=environment, cwd="/"
    )
