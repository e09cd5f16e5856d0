"""Calico's images: the pinned agents, from its Go module and Debian packages.

Their names are those of the manifests of the same module, and of what the operator of that release
deploys.
"""

from __future__ import annotations

from pathlib import Path

from rig.images.catalog import ROOT_GROUP, ROOT_USER, busybox_binary
from rig.images.debian import entries, unpacked
from rig.images.elf import static_on_path
from rig.images.oci import DEFAULT_PATH, Directory, Entry, File, Image, Link, write_archive
from rig.parts import Parts, ensure
from rig.parts.build import module_directory
from rig.parts.catalog import CALICO_OPERATOR, CALICO_RELEASE, GO_PARTS
from rig.parts.golang import ensure_go
from rig.parts.store import digest_of_files, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

PART = "calico-agents"
_MODULE = "github.com/projectcalico/calico"
_PACKAGES = (
    *("dash", "coreutils", "grep", "sed", "debianutils", "procps", "net-tools", "runit"),
    *("iptables", "ipset", "iproute2", "conntrack", "kmod", "libssl3"),
)
_PLUGINS = ("host-local", "loopback", "portmap", "tuning", "bandwidth")
"""Reference plugins that Calico's installer brings along."""

_NOBODY: dict[str, Entry] = {
    "/etc/passwd": ROOT_USER,
    "/etc/group": ROOT_GROUP,
    "/tmp": Directory(0o1777),  # noqa: S108 - of the image
}
OPERATOR = "tigera-operator"
"""The command that has to be on PATH for its image."""

MANIFEST = "calico-vxlan.yaml"
"""Calico without its operator, as a file of the module's manifests/."""


def module(progress: Progress) -> Path:
    """The files of the pinned module, read-only. Raises BuildError."""
    return module_directory(GO_PARTS[PART].directory, _MODULE, ensure_go(progress))


def manifest(progress: Progress) -> str:
    """The manifest that brings these images, of the same module. Raises BuildError."""
    return (module(progress) / "manifests" / MANIFEST).read_text("utf-8")


def operator(progress: Progress) -> Path | None:
    """The archive of tigera/operator's image; None where no binary of it is on PATH.

    It is in no registry of modules, so nothing here can build it: whoever has built its release
    puts it on PATH as `tigera-operator`. Raises RigError where that is not a static binary.
    """
    binary = static_on_path(OPERATOR)
    if binary is None:
        return None
    key = digest_of_files([Path(__file__), binary], CALICO_OPERATOR)
    entry = cache_root() / f"images-{OPERATOR}-{key}"
    programs: dict[str, Entry] = {"/usr/local/bin/operator": File(binary), **_NOBODY}
    with locked(entry):
        if not entry.exists():
            title = "writing the image of Calico's operator"
            with progress.step(title), fresh_directory(entry) as work:
                reference = f"quay.io/tigera/operator:{CALICO_OPERATOR}"
                image = Image((programs,), entrypoint=("/usr/local/bin/operator",))
                write_archive(work / "operator.tar", reference, image)
    return entry / "operator.tar"


def archives(progress: Progress) -> dict[str, Path]:
    """Archives of the images by their names, made once; the parts are built for them.

    Raises BuildError.
    """
    parts = ensure(PART, "cni-plugins", progress=progress)
    made_from = (str(parts.directory(PART)), str(parts.directory("cni-plugins")), *_PACKAGES)
    key = digest_of_files([Path(__file__)], *made_from)
    entry = cache_root() / f"images-calico-{key}"
    names = {name: f"docker.io/calico/{name}:{CALICO_RELEASE}" for name in _NAMES}
    with locked(entry):
        if not entry.exists():
            root = unpacked("calico", _PACKAGES, progress)
            images = _images(parts, root, module(progress))
            with progress.step("writing Calico's images"), fresh_directory(entry) as work:
                for name, reference in names.items():
                    write_archive(work / f"{name}.tar", reference, images[name])
    return {reference: entry / f"{name}.tar" for name, reference in names.items()}


_NAMES = ("node", "cni", "kube-controllers", "typha", "apiserver", "pod2daemon-flexvol")


def _images(parts: Parts, root: Path, files: Path) -> dict[str, Image]:
    built = parts.directory(PART)
    return {
        "node": _node(root, built, files),
        "cni": _cni(parts, built),
        "kube-controllers": Image(
            (
                {
                    **{
                        f"/usr/bin/{name}": File(built / name)
                        for name in ("kube-controllers", "check-status")
                    },
                    # It writes its status and its profiles as the user it is given.
                    "/status": Directory(0o777),
                    "/profiles": Directory(0o777),
                    **_NOBODY,
                },
            ),
            entrypoint=("/usr/bin/kube-controllers",),
        ),
        "typha": Image(
            (
                {
                    "/usr/bin/calico-typha": File(built / "calico-typha"),
                    "/etc/calico/typha.cfg": File(
                        files / "typha" / "docker-image" / "typha.cfg", 0o644
                    ),
                    **_NOBODY,
                },
            ),
            cmd=("/usr/bin/calico-typha",),
        ),
        "apiserver": Image(
            # It writes its certificate beside itself where none is mounted.
            ({"/code": Directory(0o777), "/code/apiserver": File(built / "apiserver"), **_NOBODY},),
            entrypoint=("/code/apiserver",),
            workdir="/code",
        ),
        "pod2daemon-flexvol": _flexvol(built, files),
    }


def _node(root: Path, built: Path, files: Path) -> Image:
    """Without bpftool and mountns, which upstream's has: felix would list the machine's BPF maps."""
    given = files / "node" / "filesystem"
    programs: dict[str, Entry] = {
        # A Go module's files have lost their permissions; those of this tree are all run or read.
        f"/{_merged(path.relative_to(given))}": File(path, 0o755)
        for path in given.rglob("*")
        if path.is_file() and path.name != ".gitkeep"
    }
    programs |= {
        "/usr/bin/calico-node": File(built / "calico-node"),
        "/usr/bin/which": Link("which.debianutils"),
        # As Debian's alternatives have them, whose scripts were not run.
        **{
            f"/usr/sbin/{family}tables{what}": Link("xtables-nft-multi")
            for family in ("ip", "ip6")
            for what in ("", "-save", "-restore")
        },
        "/etc/calico/confd/config": Directory(),
        "/run": Directory(),
        "/var/run": Link("/run"),
        "/var/lib/calico": Directory(),
        **_NOBODY,
    }
    services = "SVDIR=/etc/service/enabled"
    return Image((entries(root), programs), cmd=("start_runit",), env=(DEFAULT_PATH, services))


def _merged(path: Path) -> Path:
    return Path("usr", path) if path.parts[0] in ("bin", "sbin") else path


def _cni(parts: Parts, built: Path) -> Image:
    at = "/opt/cni/bin"
    programs: dict[str, Entry] = {
        f"{at}/install": File(built / "install"),
        # One program that looks at its own name.
        **{f"{at}/{name}": File(built / "calico") for name in ("calico", "calico-ipam")},
        **{f"{at}/{name}": File(parts.binary(name)) for name in _PLUGINS},
        **_NOBODY,
    }
    return Image((programs,), cmd=(f"{at}/install",), workdir=at)


def _flexvol(built: Path, files: Path) -> Image:
    script = files / "pod2daemon" / "flexvol" / "docker-image" / "flexvol.sh"
    programs: dict[str, Entry] = {
        "/bin/busybox": File(busybox_binary()),
        **{f"/bin/{name}": Link("busybox") for name in ("sh", "cp", "chmod", "mv", "cat")},
        "/usr/local/bin/flexvol": File(built / "flexvol"),
        "/usr/local/bin/flexvol.sh": File(script),
        **_NOBODY,
    }
    return Image((programs,), entrypoint=("/bin/sh", "/usr/local/bin/flexvol.sh"))
