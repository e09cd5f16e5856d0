"""cnv-bridge and cnv-tuning: bridge and tuning under the names that OpenShift Virtualization gives."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.bridge import Bridge
from multinet.cni.plugins.tuning import Tuning


class CnvBridge(Bridge):
    """bridge of the CNI reference plugins, as OpenShift Virtualization lays it out.

    Keys and rules are [bridge](#bridge)'s. Its DaemonSet brings the program, under this name so
    that it is not taken for the primary network's. For virtual machines `resourceName` is
    `bridge.network.kubevirt.io/BRIDGE`, which is how its marker tells the nodes that have the
    bridge.
    """

    BROUGHT_BY: ClassVar[str] = "OpenShift Virtualization"
    SOURCE: ClassVar[str] = f"{Bridge.SOURCE}, under another name"

    # The one key in which it differs; a Literal cannot be widened by a subclass.
    type: Literal["cnv-bridge"] = "cnv-bridge"  # type: ignore[assignment]

    def past_rules(self) -> str:
        """They go to the virtual machine."""
        return "its frames go to a virtual machine, past the pod's rules"


class CnvTuning(Tuning):
    """tuning of the CNI reference plugins, as OpenShift Virtualization lays it out; chained.

    Keys and rules are [tuning](#tuning)'s. Without any it changes nothing; KubeVirt has it in
    lists so that a virtual machine's MAC address can be asked for.
    """

    BROUGHT_BY: ClassVar[str] = "OpenShift Virtualization"
    SOURCE: ClassVar[str] = f"{Tuning.SOURCE}, under another name"

    type: Literal["cnv-tuning"] = "cnv-tuning"  # type: ignore[assignment]
