"""Clusters as the API server shows them to the preflight, and what the program says of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings as engine

from multinet.names import NETWORK_STATUS, OWNER
from multinet.preflight import required
from multinet.stack.load import check_config
from multinet.stack.settings import StackSettings
from tests.unit.live.recorded import NADS, Recorded

Object = dict[str, Any]

ME = "multinet/dev"
FILE = "10-x.conflist"


def named(name: str, namespace: str = "", **more: Any) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **more}
    return {"metadata": metadata}


def node(name: str, ready: str = "True", **annotations: str) -> Object:
    conditions = [{"type": "Ready", "status": ready}]
    return named(name, annotations=annotations) | {"status": {"conditions": conditions}}


def daemon_set(name: str, namespace: str = "kube-system", **container: Any) -> Object:
    spec = {"containers": [{"name": "main", "image": "x", **container}]}
    return named(name, namespace) | {"spec": {"template": {"spec": spec}}}


def nad(
    name: str, config: Mapping[str, Any], owner: str = ME, namespace: str = "default"
) -> Object:
    made = named(name, namespace, annotations={OWNER: owner} if owner else {})
    return made | {"spec": {"config": json.dumps({"name": name, **config})}}


def pod(name: str, *networks: str, phase: str = "Running") -> Object:
    status = json.dumps([{"name": "rig"}, *({"name": n, "interface": "net1"} for n in networks)])
    found = named(name, "default", annotations={NETWORK_STATUS: status})
    return found | {"status": {"phase": phase}, "spec": {}}


def cluster(
    *daemon_sets: Object,
    nads: Iterable[Object] = (),
    nodes: Iterable[Object] = (),
    pods: Iterable[Object] = (),
    namespaces: Iterable[Object | str] = ("default", "kube-system"),
    config_maps: Iterable[Object] = (),
) -> Recorded:
    """A cluster with these objects, and nothing else."""
    spaces = [named(n) if isinstance(n, str) else n for n in namespaces]
    return Recorded(
        {
            NADS: [*nads],
            "/apis/apps/v1/daemonsets": [*daemon_sets],
            "/api/v1/namespaces": spaces,
            "/api/v1/nodes": [*nodes],
            "/api/v1/pods": [*pods],
            "/api/v1/configmaps": [*config_maps],
        }
    )


def stack(cluster: Recorded, **sections: Any) -> StackSettings:
    """A stack whose cluster is that one."""
    config = {
        "kubeconfig": str(cluster.kubeconfig),
        "primaryCni": {"plugin": "existing", "confFile": FILE, "podCidrs": ["10.233.64.0/18"]},
        **sections,
    }
    checked, found = check_config(config)
    assert checked is not None, found
    return checked


def refused(declared: StackSettings, **options: Any) -> str:
    """What an `up` of it is refused with; empty: it goes on."""
    with pytest.MonkeyPatch.context() as patch:
        _under_an_engine(patch, preview=False)
        try:
            required.require_ready(declared, **options)
        except pulumi.RunError as error:
            return str(error)
    return ""


def warned(declared: StackSettings, *, preview: bool = True, **options: Any) -> str:
    """What a preview of it, or an `up` that goes on, warns of."""
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        _under_an_engine(patch, preview=preview)
        patch.setattr(pulumi.log, "warn", told.append)
        required.require_ready(declared, **options)
    return "\n".join(told)


def _under_an_engine(patch: pytest.MonkeyPatch, *, preview: bool) -> None:
    patch.setattr(engine, "get_monitor", object)
    patch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
    patch.setattr("multinet.kubernetes.owner", lambda: ME)
