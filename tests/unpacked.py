"""Servers for tests: the installed one, or Debian's package unpacked into the cache.

Unpacked, not installed: installing it would start a service and make files on the machine.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from rig.parts.debian import can_install
from rig.paths import cache_root, which


@dataclasses.dataclass(frozen=True)
class Program:
    """A program below usr/sbin of the first of `packages`; the others bring its libraries."""

    name: str
    packages: tuple[str, ...]

    def missing(self) -> list[str]:
        """Why it cannot be had here; empty where it can."""
        if which(self.name) or self._unpacked() or can_install():
            return []
        package = self.packages[0]
        return [
            f"{self.name} is not installed, and this is no Debian to take {package} from (as root)"
        ]

    def command(self) -> tuple[Path, dict[str, str]]:
        """Its path, and the environment it needs. Downloads where it has to."""
        if installed := which(self.name):
            return installed, {}
        root = self._unpacked() or self._download()
        libraries = ":".join(str(p) for p in root.glob("usr/lib/*-linux-gnu"))
        return root / "usr/sbin" / self.name, {"LD_LIBRARY_PATH": libraries} if libraries else {}

    def _place(self) -> Path:
        return cache_root().parent / "tests" / self.name

    def _unpacked(self) -> Path | None:
        return self._place() if (self._place() / "usr/sbin" / self.name).is_file() else None

    def _download(self) -> Path:
        place = self._place()
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for argv in (["update"], ["download", *self.packages]):
                apt = ["apt-get", "-q", *argv]
                subprocess.run(apt, cwd=scratch, check=True, capture_output=True, env=environment)
            for package in Path(scratch).glob("*.deb"):
                subprocess.run(["dpkg-deb", "-x", package, f"{scratch}/root"], check=True)
            shutil.rmtree(place, ignore_errors=True)
            (Path(scratch) / "root").rename(place)
        return place
