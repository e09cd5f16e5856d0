"""Which primary CNI: `Calico`, `Cilium` or `Existing`, each with its own options alone."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Primary
from multinet.typed.options import AdoptArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class Existing(Primary):
    """A primary CNI that the cluster has, and that others manage."""

    PLUGIN: ClassVar[str] = "existing"

    conf_file: Input[str]
    """Name of the configuration file that it writes on each node, e.g. 10-flannel.conflist."""

    adopt: AdoptArgs | None = None
    """What is changed of it."""

    def section(self) -> dict[str, Any]:
        """What it says of the stack's `primaryCni`."""
        return {"plugin": self.PLUGIN, **self.own()}
