"""Which DaemonSet of a cluster is Multus: ours, or however somebody else installed it. Pure.

Told by what it runs, since an image may have any name (OpenShift's have digests alone), and its
companions have Multus in theirs. Read from multus-cni's deployments/ v3.7 to v4.3, Kubespray's
role, RKE2's chart and OpenShift's cluster-network-operator.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from multinet.multus.objects import SELECTOR
from multinet.untrusted import plain_json

_Object = Mapping[str, Any]

_PART_OF = "app.kubernetes.io/part-of"

# The daemon of thick and the script of ours that runs it; the entrypoint of thin, and the script
# that was it up to v4.0.
_PROGRAMS = re.compile(
    r"/multus-daemon\b|/multus\.d/daemon\.sh\b|/thin_entrypoint\b"
    r"|/entrypoint\.sh\b.*-multus-conf-file"
)
_CONTAINER = re.compile(r"kube-(?:[a-z0-9]+-)?multus")
_IMAGE = re.compile(r"(?:[a-z0-9]+-)*multus(?:-cni|-thick|-thin)?")
"""The last part of the name, without tag: none of multus-dynamic-networks-controller and the like."""


def is_multus(daemon_set: _Object) -> bool:
    """Whether it runs Multus itself, rather than something that works with it.

    Of ours its name tells: others of them run in Multus's image, as it is on each node anyway.
    """
    labels = daemon_set["metadata"].get("labels") or {}
    if labels.get(_PART_OF) == SELECTOR[_PART_OF]:
        return SELECTOR.items() <= labels.items()
    pod = daemon_set["spec"]["template"]["spec"]
    return any(_runs_multus(container) for container in pod.get("containers") or ())


def multus_of(daemon_sets: Iterable[_Object]) -> list[Any]:
    """Those that run Multus; first those that run on most nodes."""
    return sorted(filter(is_multus, daemon_sets), key=_wanted, reverse=True)


def container_of(daemon_set: _Object) -> dict[str, Any]:
    """Multus's own container in its DaemonSet; the first one where none shows."""
    containers: Sequence[dict[str, Any]] = daemon_set["spec"]["template"]["spec"]["containers"]
    return next((c for c in containers if _runs_multus(c)), containers[0])


def arguments_of(daemon_set: _Object) -> list[str]:
    """The words that its container is started with."""
    container = container_of(daemon_set)
    return [str(w) for w in (*(container.get("command") or ()), *(container.get("args") or ()))]


def flags_of(daemon_set: _Object) -> dict[str, str]:
    """`--flag=value` and `--flag value` of its container."""
    found: dict[str, str] = {}
    words = arguments_of(daemon_set)
    for word, following in itertools.pairwise([*words, ""]):
        name, equals, value = word.removeprefix("-").removeprefix("-").partition("=")
        if word.startswith("-"):
            alone = not equals and not following.startswith("-")
            found[name] = value if equals else following if alone else "true"
    return found


def config_maps_of(daemon_set: _Object) -> list[tuple[str, str]]:
    """Namespace and name of the ConfigMaps that it mounts."""
    namespace = str(daemon_set["metadata"]["namespace"])
    volumes = daemon_set["spec"]["template"]["spec"].get("volumes") or ()
    return [(namespace, str(v["configMap"].get("name"))) for v in volumes if v.get("configMap")]


def files_of(texts: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The JSON objects among what its ConfigMaps hold."""
    for text in texts:
        try:
            parsed = plain_json.loads(text)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            yield parsed


def primary_conf_file(flags: Mapping[str, str], said: Mapping[str, Any]) -> str:
    """Name of the primary CNI's file that it is pinned to; empty: it takes the first one.

    By flag or key, or as the path that `clusterNetwork` may be. `said`: what its files hold.
    """
    named = said.get("multusMasterCNI") or flags.get("multus-master-cni-file-name")
    # With `auto` Multus makes its configuration itself, and one in a ConfigMap is an example.
    own = flags.get("multus-conf-file", "auto") != "auto"
    cluster = said.get("clusterNetwork") if own else None
    if not named and isinstance(cluster, str) and cluster.startswith("/"):
        named = cluster
    return PurePosixPath(str(named)).name if named else ""


def _runs_multus(container: Mapping[str, Any]) -> bool:
    words = [*(container.get("command") or ()), *(container.get("args") or ())]
    image = str(container.get("image", "")).partition("@")[0].rpartition("/")[2].partition(":")[0]
    return bool(
        _PROGRAMS.search(" ".join(map(str, words)))
        or _CONTAINER.fullmatch(str(container.get("name", "")))
        or _IMAGE.fullmatch(image)
    )


def _wanted(daemon_set: _Object) -> int:
    return int((daemon_set.get("status") or {}).get("desiredNumberScheduled") or 0)
