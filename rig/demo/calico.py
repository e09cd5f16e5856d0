"""Calico on a rig that has no primary CNI: without its operator, by the manifest of its own module,
or what its operator needs to bring it."""

from __future__ import annotations

from rig.cluster.addresses import LAN_GATEWAY, POD_CIDR
from rig.cluster.cluster import Cluster
from rig.errors import RigError
from rig.images import calico
from rig.progress import Progress

_INDENT = " " * 12
_ENCAPSULATION = f'- name: CALICO_IPV4POOL_VXLAN\n{_INDENT}  value: "{{}}"'
_POOL = f'{_INDENT}{{0}}- name: CALICO_IPV4POOL_CIDR\n{_INDENT}{{0}}  value: "{{1}}"\n'


def bring(cluster: Cluster, progress: Progress) -> None:
    """Import its images, apply it, and wait until its agents run. Raises RigError."""
    images(cluster, progress)
    manifest = configured(calico.manifest(progress))
    with progress.step("Calico, by its own manifest"):
        cluster.kubectl("apply", "--server-side", "--filename", "-", input=manifest)
        for what in ("daemonset/calico-node", "deployment/calico-kube-controllers"):
            cluster.kubectl("-n", "kube-system", "rollout", "status", what, "--timeout=180s")


def bring_operator(cluster: Cluster, progress: Progress) -> None:
    """Import the operator's image and what it will deploy. Raises RigError where it is not at hand."""
    archive = calico.operator(progress)
    if archive is None:
        raise RigError(f"{calico.OPERATOR} is not on PATH: no registry of modules has it")
    images(cluster, progress)
    with progress.step("importing the operator of Calico"):
        cluster.load_image(archive)


def images(cluster: Cluster, progress: Progress) -> None:
    """What the first node needs before any of Calico's pods: its images and a default route.

    The kubelet does not look for an image again that once could not be pulled. Without a default
    route the kernel does not answer for 169.254.1.1, every pod's gateway.
    """
    for archive in calico.archives(progress).values():
        with progress.step(f"importing {archive.stem} of Calico"):
            cluster.load_image(archive)
    cluster.node_run(["ip", "route", "replace", "default", "via", LAN_GATEWAY])


def configured(manifest: str) -> str:
    """The manifest with the rig's pool, in VXLAN also between nodes of one subnet.

    Raises RigError where the manifest is not as it was.
    """
    changes = {
        _ENCAPSULATION.format("CrossSubnet"): _ENCAPSULATION.format("Always"),
        _POOL.format("# ", "192.168.0.0/16"): _POOL.format("", POD_CIDR),
    }
    for before, after in changes.items():
        if manifest.count(before) != 1:
            raise RigError(f"{calico.MANIFEST} of Calico has not, once: {before}")
        manifest = manifest.replace(before, after)
    return manifest
