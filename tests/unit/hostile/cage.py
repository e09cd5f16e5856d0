"""Runs a node's script where it can harm nothing, and tells what it called and what it wrote."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

_STUBS = ("ip", "modprobe", "sysctl", "systemctl", "ss", "tar", "curl", "wget", "bridge")
_PLACES = ("usr", "bin", "sbin", "lib", "lib64", "lib32", "libx32")
# A link is there when it is a card (eth…) or was made; every one has the same attributes.
_IP = r"""
case " $* " in
*" link add "*)
    while [ $# -gt 0 ]; do
        if [ "$1" = name ]; then printf '%s' "$2" >"/made/$(printf '%s' "$2" | sha256sum | cut -c 1-16)"; break; fi
        shift
    done ;;
*" link show "*)
    while [ "$1" != dev ]; do shift; done
    case $2 in
    eth*) ;;
    *) [ -e "/made/$(printf '%s' "$2" | sha256sum | cut -c 1-16)" ] || exit 1 ;;
    esac
    echo "7: some@other: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc noqueue state UP \\    link/ether" ;;
esac
"""
_RECORD = """#!/bin/sh
{ printf '%s\\0' "${0##*/}" "$@"; printf '\\1\\0'; } >>/record
"""


@functools.cache
def unavailable() -> str:
    """Why there is no cage here; empty where there is one."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return "a cage needs root and unshare"
    ran = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False)
    return "" if ran.returncode == 0 else "namespaces cannot be made here"


def build(directory: Path) -> None:
    """A root to lock a script into: the system's programs, stubs for those that change a node."""
    for name in (
        "stubs",
        "made",
        "work",
        "etc",
        "var/lib",
        "run",
        "opt",
        "tmp",
        "sys",
        "proc",
        "dev",
    ):
        (directory / name).mkdir(parents=True)
    (directory / "dev/null").touch()
    (directory / "record").touch()
    for name in _PLACES:
        source = Path("/", name)
        if source.is_symlink():
            (directory / name).symlink_to(source.readlink())
        elif source.is_dir():
            (directory / name).mkdir()
    for name in _STUBS:
        stub = directory / "stubs" / name
        stub.write_text(_RECORD + (_IP if name == "ip" else ""))
        stub.chmod(0o755)
    if awk := shutil.which("awk"):  # often a link into /etc
        (directory / "stubs/awk").symlink_to(Path(awk).resolve())


def run(directory: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the script as a node does, over standard input; mounts and network end with it."""
    mounts = "".join(
        f"mount --bind /{name} {directory}/{name} && mount -o remount,bind,ro {directory}/{name}\n"
        for name in _PLACES
        if (directory / name).is_dir() and not (directory / name).is_symlink()
    )
    enter = f"""set -eu
mount --bind /dev/null {directory}/dev/null
{mounts}
cd {directory}
exec chroot . /usr/bin/env -i PATH=/stubs:/usr/bin:/bin HOME=/work SSH_CONNECTION= \
    sh -c 'cd /work && exec sh -s -- "$@"' sh "$@"
"""
    command = ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", enter, "sh"]
    return subprocess.run(
        [*command, *arguments],
        input=script.encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )


def calls(directory: Path) -> list[tuple[str, ...]]:
    """What the stubs were called with, word by word."""
    words = (directory / "record").read_bytes().decode(errors="surrogateescape").split("\0")
    found: list[tuple[str, ...]] = []
    call: list[str] = []
    for word in words[:-1]:
        if word == "\1":
            found.append(tuple(call))
            call = []
        else:
            call.append(word)
    return found


def files(directory: Path) -> set[str]:
    """Every file and directory in the cage that it was not built with."""
    known = {"stubs", "made", "record", "dev", *_PLACES}
    return {
        "/" + str(path.relative_to(directory))
        for top in directory.iterdir()
        if top.name not in known
        for path in (top, *top.rglob("*"))
    } - {f"/{n}" for n in ("work", "etc", "var", "var/lib", "run", "opt", "tmp", "sys", "proc")}
