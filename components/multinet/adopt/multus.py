"""How the Multus runs that is there: from its DaemonSet's flags, mounts and ConfigMap.

Read from multus-cni's deployments/ v3.9 to v4.3, Kubespray's and RKE2's manifests.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from multinet import paths
from multinet.adopt.look import Seen
from multinet.live import Object
from multinet.multus.running import container_of, multus_of
from multinet.names import OWNER
from multinet.untrusted import plain_json

_ON_HOST = "/host"


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
    flags, files = _flags(item), list(_files(item, seen))
    thick = any("chrootDir" in file or "socketDir" in file for file in files)
    thick = thick or any("multus-daemon" in word for word in _words(item))
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
    return RunningMultus(name, section, _primary_conf(flags, said), own)


def _flags(item: Object) -> dict[str, str]:
    """`--flag=value` and `--flag value` of its container."""
    found: dict[str, str] = {}
    words = _words(item)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.removeprefix("-").removeprefix("-").partition("=")
        if word.startswith("-"):
            alone = not equals and not following.startswith("-")
            found[name] = value if equals else following if alone else "true"
    return found


def _words(item: Object) -> list[str]:
    """What its container is started with."""
    container = container_of(item)
    return [str(w) for w in (*(container.get("command") or ()), *(container.get("args") or ()))]


def _files(item: Object, seen: Seen) -> Iterable[Mapping[str, Any]]:
    """The JSON objects in the ConfigMaps that it mounts."""
    namespace = item["metadata"]["namespace"]
    for volume in item["spec"]["template"]["spec"].get("volumes") or ():
        name = str((volume.get("configMap") or {}).get("name"))
        for text in seen.config_maps.get((namespace, name), {}).values():
            try:
                parsed = plain_json.loads(text)
            except ValueError:
                continue
            if isinstance(parsed, dict):
                yield parsed


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


def _primary_conf(flags: Mapping[str, str], said: Mapping[str, Any]) -> str:
    """The file that is named, by flag or key, or as the path that `clusterNetwork` may be."""
    named = said.get("multusMasterCNI") or flags.get("multus-master-cni-file-name")
    # With `auto` Multus makes its configuration itself, and one in a ConfigMap is an example.
    own = flags.get("multus-conf-file", "auto") != "auto"
    cluster = said.get("clusterNetwork") if own else None
    if not named and isinstance(cluster, str) and cluster.startswith("/"):
        named = cluster.removeprefix(_ON_HOST)
    return PurePosixPath(str(named)).name if named else ""
