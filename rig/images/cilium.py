"""Cilium's images: the pinned agent and operator, from its Go module and Debian packages.

The agent compiles its datapath when it starts, so clang and the module's sources are in its image.
"""

from __future__ import annotations

from pathlib import Path

from rig.images.catalog import ROOT_GROUP, ROOT_USER
from rig.images.debian import entries, unpacked
from rig.images.oci import Directory, Entry, File, Image, Link, write_archive
from rig.parts import ensure, version_of
from rig.parts.build import module_directory
from rig.parts.catalog import GO_PARTS
from rig.parts.golang import ensure_go
from rig.parts.store import digest, fresh_directory, locked
from rig.paths import cache_root
from rig.progress import Progress

PART = "cilium-agent"
_MODULE = "github.com/cilium/cilium"
_PACKAGES = (
    *("bash", "dash", "coreutils", "grep", "sed", "gawk", "findutils", "hostname", "procps"),
    *("util-linux", "mount", "iproute2", "iptables", "ipset", "kmod", "ca-certificates"),
    # What upstream compiles its datapath with.
    *("clang-19", "libclang-cpp19", "libllvm19"),
)
_SCRIPTS = (
    "images/cilium/init-container.sh",
    "plugins/cilium-cni/install-plugin.sh",
    "plugins/cilium-cni/cni-uninstall.sh",
)
_RECIPE = "1"


def references() -> tuple[str, str]:
    """Names of the agent's and the operator's image, as the chart has them."""
    version = version_of(PART)
    return f"quay.io/cilium/cilium:{version}", f"quay.io/cilium/operator-generic:{version}"


def archives(progress: Progress) -> list[Path]:
    """The two images as archives, made once; the parts are built for them.

    Raises BuildError.
    """
    parts = ensure(PART, "cni-plugins", progress=progress)
    binaries, loopback = parts.directory(PART), parts.binary("loopback")
    entry = cache_root() / f"images-cilium-{digest(str(binaries), _RECIPE, *_PACKAGES)}"
    with locked(entry):
        if not entry.exists():
            root = unpacked("cilium", _PACKAGES, progress)
            module = module_directory(GO_PARTS[PART].directory, _MODULE, ensure_go(progress))
            agent, operator = references()
            with progress.step("writing Cilium's images"), fresh_directory(entry) as work:
                image = _agent(root, binaries, loopback, module)
                write_archive(work / "agent.tar", agent, image)
                write_archive(work / "operator.tar", operator, _operator(binaries))
    return [entry / "agent.tar", entry / "operator.tar"]


def _agent(root: Path, binaries: Path, loopback: Path, module: Path) -> Image:
    programs: dict[str, Entry] = {
        f"/usr/bin/{path.name}": File(path)
        for path in binaries.iterdir()
        if path.name not in ("cilium-cni", "cilium-operator-generic")
    }
    programs |= {
        "/usr/bin/cilium": Link("cilium-dbg"),
        "/usr/bin/clang": Link("clang-19"),
        "/usr/bin/awk": Link("gawk"),
        # As Debian's alternatives have them, whose scripts were not run.
        **{
            f"/usr/sbin/{family}tables{what}": Link("xtables-nft-multi")
            for family in ("ip", "ip6")
            for what in ("", "-save", "-restore")
        },
        "/cni/loopback": File(loopback),
        "/opt/cni/bin/cilium-cni": File(binaries / "cilium-cni"),
        **{f"/{Path(script).name}": File(module / script) for script in _SCRIPTS},
        "/etc/passwd": ROOT_USER,
        "/etc/group": ROOT_GROUP,
        "/run": Directory(),
        "/var/run": Link("/run"),
        "/tmp": Directory(0o1777),  # noqa: S108 - of the image
        "/home/cilium": Directory(),
        "/var/lib/cilium": Directory(),
    }
    sources: dict[str, Entry] = {
        f"/var/lib/cilium/{path.relative_to(module)}": File(path, 0o644)
        for path in (module / "bpf").rglob("*")
        if path.is_file()
    }
    layers = (entries(root), programs, sources)
    return Image(layers, cmd=("/usr/bin/cilium-dbg",), workdir="/home/cilium")


def _operator(binaries: Path) -> Image:
    name = "cilium-operator-generic"
    programs: dict[str, Entry] = {
        f"/usr/bin/{name}": File(binaries / name),
        "/etc/passwd": ROOT_USER,
        "/etc/group": ROOT_GROUP,
        "/tmp": Directory(0o1777),  # noqa: S108 - of the image
    }
    return Image((programs,), entrypoint=(f"/usr/bin/{name}",))
