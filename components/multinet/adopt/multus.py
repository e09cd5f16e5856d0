"""How the Multus runs that is there: from its DaemonSet's flags, mounts and ConfigMap.

Read from multus-cni's deployments/ v3.9 to v4.3, Kubespray's and RKE2's manifests.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from multinet import paths
from multinet.adopt.look import Seen
from multinet.live import Object
from multinet.multus.running import (
    arguments_of,
    config_maps_of,
    container_of,
    files_of,
    flags_of,
    multus_of,
    primary_conf_file,
)
from multinet.names import OWNER


@dataclasses.dataclass(frozen=True)
class RunningMultus:
    """The Multus that is there.

    Attributes:
        name: of its DaemonSet, `namespace/name`. section: `multinet:multus` for it.
        own: whether the adopting stack installed it.
        primary_conf: file of the primary that it is pinned to; empty: it takes the first one.
    """

    name: str
    section: dict[str, Any]
    primary_conf: str
    own: bool


def running(seen: Seen, owner: str) -> RunningMultus | None:
    """The Multus of the cluster; None where no DaemonSet looks like one.

    One that `owner` (`project/stack`) installed stays its own: to leave it out of the
    environment would be to remove it.
    """
    found = multus_of(seen.daemon_sets)
    if not found:
        return None
    item = found[0]
    metadata = item["metadata"]
    own = (metadata.get("annotations") or {}).get(OWNER) == owner
    flags, files = flags_of(item), list(_files(item, seen))
    thick = any("chrootDir" in file or "socketDir" in file for file in files)
    thick = thick or any("multus-daemon" in word for word in arguments_of(item))
    said = {key: value for file in files for key, value in file.items()}
    section: dict[str, Any] = {
        "enabled": own,
        "mode": "thick" if thick else "thin",
        "namespace": metadata["namespace"],
        "image": container_of(item)["image"],
        **_isolation(flags, said),
        **_directories(item, flags, said),
    }
    name = f"{metadata['namespace']}/{metadata['name']}"
    return RunningMultus(name, section, primary_conf_file(flags, said), own)


def _files(item: Object, seen: Seen) -> Iterable[Mapping[str, Any]]:
    """The JSON objects in the ConfigMaps that it mounts."""
    for key in config_maps_of(item):
        yield from files_of(seen.config_maps.get(key, {}).values())


def _isolation(flags: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
    """Multus's own defaults are written out: multinet's are stricter."""
    asked = said.get("namespaceIsolation", flags.get("namespace-isolation", "false"))
    if str(asked).lower() != "true":
        return {"namespaceIsolation": False}
    everyones = str(said.get("globalNamespaces", flags.get("global-namespaces", "")) or "default")
    names = [name.strip() for name in everyones.split(",") if name.strip()]
    return {"namespaceIsolation": True, "globalNamespaces": names}


def _directories(item: Object, flags: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, Any]:
    """The node's CNI directories, by a distribution's name where both are its own."""
    conf_at = said.get("cniConfigDir") or flags.get("cni-conf-dir") or "/host/etc/cni/net.d"
    bin_at = flags.get("cni-bin-dir") or "/host/opt/cni/bin"
    usual = paths.CNI_DIRS["kubeadm"]
    conf = _mounted(item, (str(conf_at),)) or usual.conf
    binaries = (
        _mounted(item, (str(bin_at), "/opt/cni/bin", str(said.get("binDir", "")))) or usual.bin
    )
    netns = _mounted(item, ("/run/netns", "/var/run/netns")) or usual.netns
    for name, dirs in paths.CNI_DIRS.items():
        if dirs == paths.CniDirs(conf, binaries, netns):
            return {} if name == "kubeadm" else {"distribution": name}
    given = {"cniConfDir": (conf, usual.conf), "cniBinDir": (binaries, usual.bin)}
    return {key: value for key, (value, default) in given.items() if value != default}


def _mounted(item: Object, places: Iterable[str]) -> str:
    """The node's directory that is mounted at the first of these places; empty: none is."""
    pod = item["spec"]["template"]["spec"]
    on_node = {
        volume["name"]: volume["hostPath"]["path"].rstrip("/")
        for volume in pod.get("volumes") or ()
        if volume.get("hostPath")
    }
    mounts = {
        mount["mountPath"].rstrip("/"): on_node[mount["name"]]
        for container in [*(pod.get("initContainers") or ()), container_of(item)]
        for mount in container.get("volumeMounts") or ()
        if mount["name"] in on_node
    }
    return next((mounts[p.rstrip("/")] for p in places if p.rstrip("/") in mounts), "")
