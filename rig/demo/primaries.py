"""Primary CNIs that the demo can have on the rig, and what a throwaway node needs said of each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal

from ruamel.yaml import YAML

import rig
from rig.cluster.addresses import POD_CIDR, SERVICE_CIDR, UPLINK
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.images import cilium
from rig.progress import Progress

Primary = Literal["bridge", "cilium"]

BASES: Mapping[Primary, str] = {"bridge": "dev", "cilium": "cilium"}
"""Primary → the environment that comes up with it."""

_LACKING = "SYS_RESOURCE"
"""A capability that many machines do not hand on; Cilium asks for it and does without."""


def bring(primary: Primary, cluster: rig.Cluster, progress: Progress) -> None:
    """What the node and this process need before the environment is deployed: images, helm."""
    if primary == "cilium":
        for archive in cilium.archives(progress):
            with progress.step(f"importing {archive.stem} of Cilium"):
                cluster.load_image(archive)
        os.environ["MULTINET_HELM"] = str(rig.parts.ensure("helm").binary("helm"))


def settings(primary: Primary) -> dict[str, Any]:
    """`multinet:primaryCni` for the rig."""
    cidrs = {"podCidrs": [POD_CIDR], "serviceCidrs": [SERVICE_CIDR]}
    if primary == "bridge":
        return {"plugin": "existing", "confFile": PRIMARY_CONFLIST, **cidrs}
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
