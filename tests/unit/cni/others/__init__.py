"""Cases of plugins of other projects than the CNI reference plugins, a file for each project."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case
from tests.unit.cni.others import (
    bond,
    cnv,
    ifacer,
    infiniband,
    ipoib,
    kube_ovn,
    macvtap,
    nvidia,
    ovn_kubernetes,
    ovs_mirror,
    spiderpool,
)

_PROJECTS = (
    bond,
    cnv,
    ifacer,
    infiniband,
    ipoib,
    kube_ovn,
    macvtap,
    nvidia,
    ovn_kubernetes,
    ovs_mirror,
    spiderpool,
)

DOCUMENTED: dict[str, dict[str, Any]] = {k: v for p in _PROJECTS for k, v in p.DOCUMENTED.items()}
"""What works as it is documented; values are ours."""

BROKEN: dict[str, Case] = {k: v for p in _PROJECTS for k, v in p.BROKEN.items()}
"""What breaks a rule: code and path."""

DOUBTFUL: dict[str, Case] = {k: v for p in _PROJECTS for k, v in p.DOUBTFUL.items()}
"""What may fail: code and path of the warning."""
