"""Commands that come from Debian packages."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable

from rig.errors import BuildError, CannotRunError
from rig.paths import which
from rig.progress import Progress

NODE_COMMANDS = {
    # Not built from its Go module: without libseccomp it refuses the pods' seccomp profiles.
    "runc": "runc",
    "busybox": "busybox-static",
    "ip": "iproute2",
    "nft": "nftables",
    "iptables": "iptables",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "pivot_root": "util-linux",
    "mount": "mount",
}
"""Command → Debian package, for a whole node."""

CONTROL_PLANE_COMMANDS = {
    name: NODE_COMMANDS[name] for name in ("ip", "nsenter", "pivot_root", "mount")
}
"""The same for a bare API server."""


def missing_packages(commands: dict[str, str]) -> list[str]:
    """Packages whose command is not installed, sorted."""
    return sorted({package for command, package in commands.items() if which(command) is None})


def can_install() -> bool:
    """Whether missing packages could be installed: root, and apt-get is there."""
    return os.geteuid() == 0 and which("apt-get") is not None


def ensure_packages(commands: dict[str, str], progress: Progress) -> None:
    """Install the packages of commands that are not there.

    Raises CannotRunError where this user or system cannot install packages, BuildError where
    apt fails.
    """
    missing = missing_packages(commands)
    if not missing:
        return
    if not can_install():
        raise CannotRunError([f"packages not installed: {', '.join(missing)}"])
    with progress.step(f"installing {', '.join(missing)} (apt-get)"):
        _apt(["update"])
        _apt(["install", "-y", "--no-install-recommends", *missing])


def _apt(arguments: Iterable[str]) -> None:
    argv = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(
        argv,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        said = (ran.stdout + ran.stderr).strip()[-2000:]
        raise BuildError(f"`{' '.join(argv)}` failed (status {ran.returncode}):\n{said}")
