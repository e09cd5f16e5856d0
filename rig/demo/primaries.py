"""Primary CNIs that the demo can have on the rig, and what a throwaway node needs said of each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal

from ruamel.yaml import YAML

import rig
from multinet.paths import CALICO_CONF, CILIUM_CONF
from rig.cluster.addresses import POD_CIDR, SERVICE_CIDR, UPLINK
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import calico
from rig.images import cilium
from rig.parts.catalog import CALICO_RELEASE
from rig.progress import Progress

Primary = Literal["bridge", "cilium", "calico", "calico-operator"]

BASES: Mapping[Primary, str] = {
    "bridge": "dev",
    "cilium": "cilium",
    "calico": "dev",
    "calico-operator": "dev",
}
"""Primary → the environment that comes up with it."""

CONF_FILES: Mapping[Primary, str] = {
    "bridge": PRIMARY_CONFLIST,
    "cilium": CILIUM_CONF,
    "calico": CALICO_CONF,
    "calico-operator": CALICO_CONF,
}
"""Primary → its file in the CNI configuration directory, which says which one a node has."""

_LACKING = "SYS_RESOURCE"
"""A capability that many machines do not hand on; Cilium asks for it and does without."""


def bring(primary: Primary, cluster: rig.Cluster, progress: Progress) -> None:
    """What the node and this process need before the environment is deployed.

    Cilium's images and helm; of Calico all of it: an existing primary CNI, by its own manifest; of
    its operator the images and helm. Raises RigError.
    """
    if primary == "calico":
        calico.bring(cluster, progress)
    if primary == "calico-operator":
        calico.bring_operator(cluster, progress)
    if primary == "cilium":
        for archive in cilium.archives(progress):
            with progress.step(f"importing {archive.stem} of Cilium"):
                cluster.load_image(archive)
    if primary in ("cilium", "calico-operator"):
        os.environ["MULTINET_HELM"] = str(rig.parts.ensure("helm").binary("helm"))


def settings(primary: Primary) -> dict[str, Any]:
    """`multinet:primaryCni` for the rig."""
    cidrs = {"podCidrs": [POD_CIDR], "serviceCidrs": [SERVICE_CIDR]}
    if primary == "calico-operator":
        chart = rig.parts.ensure("tigera-operator").chart("tigera-operator")
        version = {"version": CALICO_RELEASE, "chart": {"path": str(chart)}}
        return {"plugin": "calico", **version, **cidrs}
    if primary != "cilium":
        return {"plugin": "existing", "confFile": CONF_FILES[primary], **cidrs}
    chart = rig.parts.ensure("cilium").chart("cilium")
    defaults = YAML(typ="safe", pure=True).load((chart / "values.yaml").read_text("utf-8"))
    capabilities = {
        whose: [name for name in names if name != _LACKING]
        for whose, names in defaults["securityContext"]["capabilities"].items()
        if _LACKING in names
    }
    values = {"envoy": {"enabled": False}, "securityContext": {"capabilities": capabilities}}
    return {
        "plugin": "cilium",
        **cidrs,
        "chart": {"path": str(chart)},
        # The rig's uplink has no default route, by which Cilium would know it.
        "cilium": {"devices": [UPLINK]},
        "values": values,
    }
