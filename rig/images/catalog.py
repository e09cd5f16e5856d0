"""The rig's images, under the names that real manifests use; nothing is ever pulled."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from rig.cluster.configs import PAUSE_IMAGE
from rig.errors import RigError
from rig.images.elf import is_static
from rig.images.oci import Directory, Entry, File, Image, Link, merge_archives, write_archive
from rig.parts import Parts, version_of
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root, which

BUSYBOX_IMAGE = "docker.io/library/busybox:1.35.0"
MULTUS_REPOSITORY = "ghcr.io/k8snetworkplumbingwg/multus-cni"

_FILE = "images.tar"
_MULTUS_BIN = "/usr/src/multus-cni/bin"
_SHELL = ("sh", "cat", "grep", "ln", "mv", "rm", "sed", "sleep", "stat", "tail", "test")
ROOT_USER = File(
    b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n", 0o644
)
ROOT_GROUP = File(b"root:x:0:\nnogroup:x:65534:\n", 0o644)


def pause(parts: Parts) -> Image:
    """The process that holds a pod's namespaces."""
    binary = _static(parts.binary("pause"))
    return Image(({"/pause": File(binary)},), entrypoint=("/pause",))


def busybox(_parts: Parts) -> Image:
    """Debian's static busybox with a link for each of its commands: a shell, ip, wget, httpd."""
    binary = busybox_binary()
    listed = subprocess.run([str(binary), "--list"], capture_output=True, check=True, text=True)
    entries: dict[str, Entry] = {
        f"/bin/{applet}": Link("busybox") for applet in listed.stdout.split()
    }
    entries |= {
        "/bin/busybox": File(binary),
        "/etc/passwd": ROOT_USER,
        "/etc/group": ROOT_GROUP,
        "/root": Directory(0o700),
        "/tmp": Directory(0o1777),  # noqa: S108 - of the image
    }
    return Image((entries,), cmd=("sh",))


def multus_thin(parts: Parts) -> Image:
    """Multus's thin image: no shell, no distribution, as upstream's distroless one."""
    at_root: dict[str, Entry] = {
        f"/{name}": Link(f"{_MULTUS_BIN}/{name}") for name in ("install_multus", "thin_entrypoint")
    }
    return Image((_multus_binaries(parts), at_root), entrypoint=("/thin_entrypoint",))


def multus_thick(parts: Parts) -> Image:
    """Multus's thick image: what upstream's gets from Debian and is relied on.

    Without /etc/passwd the daemon panics, and without /var/run it cannot find the network
    namespaces of pods. The shell and its commands are busybox's, where upstream's are Debian's; bash
    is the machine's.
    """
    around: dict[str, Entry] = {
        **_bash(),
        **{f"/bin/{name}": Link("busybox") for name in _SHELL},
        "/bin/busybox": File(busybox_binary()),
        "/root": Directory(0o700),
        "/run": Directory(),
        "/var/run": Link("/run"),
    }
    entrypoint = (f"{_MULTUS_BIN}/multus-daemon",)
    return Image((_multus_binaries(parts), around), entrypoint=entrypoint)


def _multus_binaries(parts: Parts) -> dict[str, Entry]:
    """The layer that both images share."""
    entries: dict[str, Entry] = {
        f"{_MULTUS_BIN}/{path.name}": File(_static(path))
        for path in parts.directory("multus").iterdir()
    }
    return entries | {
        "/etc/passwd": ROOT_USER,
        "/etc/group": ROOT_GROUP,
        "/tmp": Directory(0o1777),  # noqa: S108 - of the image
    }


def _bash() -> dict[str, Entry]:
    """The machine's bash and the libraries that it is linked with."""
    binary = which("bash")
    if binary is None:
        raise RigError("bash is not installed")
    listed = subprocess.run(["ldd", str(binary)], capture_output=True, check=True, text=True)
    libraries = re.findall(r"(/\S+) \(0x", listed.stdout)
    return {"/bin/bash": File(binary), **{name: File(Path(name)) for name in libraries}}


def kubectl(parts: Parts) -> Image:
    """kubectl alone, as Kubernetes publishes it with each release."""
    return Image(
        ({"/bin/kubectl": File(_static(parts.binary("kubectl")))},), entrypoint=("/bin/kubectl",)
    )


def busybox_binary() -> Path:
    """The machine's static busybox. Raises RigError where there is none."""
    binary = which("busybox")
    if binary is None:
        raise RigError("busybox is not installed: install Debian's busybox-static")
    return _static(binary)


def _static(path: Path) -> Path:
    if not is_static(path):
        raise RigError(f"{path} is not a static binary and cannot run alone in an image")
    return path


def recipes() -> dict[str, Callable[[Parts], Image]]:
    """Every default image: its reference → how it is made."""
    multus = f"{MULTUS_REPOSITORY}:{version_of('multus')}"
    return {
        PAUSE_IMAGE: pause,
        BUSYBOX_IMAGE: busybox,
        multus: multus_thin,
        f"{multus}-thick": multus_thick,
    }


def ensure_archive(parts: Parts) -> Path:
    """One archive of the default images, made once per set of binaries.

    One, since a node is to read once what they share. Raises RigError where a binary is missing or
    not static.
    """
    found = which("busybox")
    made_from = [*Path(__file__).parent.glob("*.py")]
    made_from += [found] if found else []
    key = digest_of_files(
        made_from, str(parts.directory("pause")), str(parts.directory("multus")), *recipes()
    )
    entry = cache_root() / f"images-{key}"
    with locked(entry):
        if not entry.exists():
            with fresh_directory(entry) as work, tempfile.TemporaryDirectory(dir=work) as each:
                single = [Path(each) / f"{number}.tar" for number in range(len(recipes()))]
                for archive, (reference, recipe) in zip(single, recipes().items(), strict=True):
                    write_archive(archive, reference, recipe(parts))
                merge_archives(work / _FILE, single)
    return entry / _FILE
