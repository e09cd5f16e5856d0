"""Where the rig keeps things on the machine: one place for every directory choice."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from rig.errors import RigError

PACKAGE_DIR = Path(__file__).resolve().parent
"""The rig's own code."""

IMPORT_ROOT = PACKAGE_DIR.parent
"""What must be on PYTHONPATH for a process of ours to import the rig."""

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


def cache_root() -> Path:
    """Directory of built parts and images, shared by all rigs.

    ``$MULTINET_CACHE``, else ``$XDG_CACHE_HOME/multinet``, else ``~/.cache/multinet``; in it
    ``rig``. It is outside any checkout, so that a fresh clone finds what an earlier one built.
    """
    explicit = os.environ.get("MULTINET_CACHE")
    if explicit:
        return Path(explicit).resolve() / "rig"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache").resolve() / "multinet" / "rig"


def state_root() -> Path:
    """Directory with one subdirectory per running rig: ``$MULTINET_STATE`` or /var/lib/…."""
    return Path(os.environ.get("MULTINET_STATE") or "/var/lib/multinet-rig").resolve()


def checked_name(name: str) -> str:
    """Return ``name`` if it can name a rig, its state directory and its cgroup.

    Raises RigError otherwise: a name that left the state directory would be removed with it.
    """
    if not _NAME.fullmatch(name):
        raise RigError(
            f"a rig cannot be called {name!r}: use up to 32 lower-case letters, digits and "
            "dashes, with a letter or digit at both ends"
        )
    return name


def search_path() -> str:
    """PATH with the system's directories added: plain users' PATH often lacks the sbin ones."""
    return os.environ.get("PATH", "") + ":" + _SYSTEM_PATH


def which(command: str) -> Path | None:
    """Absolute path of an installed command, or None."""
    found = shutil.which(command, path=search_path())
    return Path(found).resolve() if found else None
