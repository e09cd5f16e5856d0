"""OpenSSH's server: the installed one, or Debian's package unpacked into the cache.

Unpacked, not installed: installing it would start a service and make host keys on the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from rig.parts.debian import can_install
from rig.paths import cache_root, which

_PACKAGES = ("openssh-server", "libwrap0")


def missing() -> list[str]:
    """Why there can be no sshd here; empty where there can."""
    if which("sshd") or _unpacked() or can_install():
        return []
    return ["sshd is not installed, and this is no Debian to take openssh-server from (as root)"]


def command() -> tuple[Path, dict[str, str]]:
    """Path of sshd, and the environment it needs. Downloads where it has to."""
    if installed := which("sshd"):
        return installed, {}
    root = _unpacked() or _download()
    libraries = ":".join(str(p) for p in root.glob("usr/lib/*-linux-gnu"))
    return root / "usr/sbin/sshd", {"LD_LIBRARY_PATH": libraries}


def _place() -> Path:
    return cache_root().parent / "tests" / "sshd"


def _unpacked() -> Path | None:
    return _place() if (_place() / "usr/sbin/sshd").is_file() else None


def _download() -> Path:
    _place().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_place().parent) as scratch:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for argv in (["apt-get", "-q", "update"], ["apt-get", "-q", "download", *_PACKAGES]):
            subprocess.run(argv, cwd=scratch, check=True, capture_output=True, env=environment)
        for package in Path(scratch).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, f"{scratch}/root"], check=True)
        shutil.rmtree(_place(), ignore_errors=True)
        (Path(scratch) / "root").rename(_place())
    return _place()
