"""The whole configuration of a stack, under `multinet:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeName, NodeSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import DnsLabel, Secret


class StackSettings(CheckedModel):
    """Everything that a stack file can say; one attribute for each `multinet:` key."""

    kubeconfig: Secret | None = None
    """A file's path or a kubeconfig's contents; absent: the ambient one."""
    context: Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    """Which of the kubeconfig's contexts; absent: its current one."""
    primary_cni: PrimaryCniSettings = PrimaryCniSettings()
    """Every pod's eth0: which primary CNI, and how."""
    multus: MultusSettings = MultusSettings()
    """How Multus runs."""
    networks: dict[DnsLabel, NetworkSettings] = {}
    """The secondary networks: name → network."""
    nodes: dict[NodeName, NodeSettings] = {}
    """What the nodes have and need: node's name → node. Nodes that are not named are left as they
    are.
    """
    ignore: dict[str, str] = {}
    """Warnings that are known and accepted, wherever in the environment they are: code → reason; a
    network has its own `ignore`.
    """

    def rules(self) -> Iterator[Finding]:
        yield from cilium_exclusive(
            {
                "primaryCni": self.primary_cni.model_dump(by_alias=True),
                "multus": {"enabled": self.multus.enabled},
            }
        )


def cilium_exclusive(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether an exclusive Cilium is asked for beside Multus; `config` as in the stack file."""
    if _at(config, "multus", "enabled") is False:
        return
    for path in (("cilium", "exclusive"), ("values", "cni", "exclusive")):
        asked = _at(config, "primaryCni", *path)
        cilium_values = path[0] == "cilium" or _at(config, "primaryCni", "plugin") == "cilium"
        if cilium_values and asked not in (None, False):
            rule = "an exclusive Cilium renames Multus's configuration on every node, silently"
            way_out = "set it to false, or leave it out"
            yield Finding("cilium-exclusive", ("primaryCni", *path), rule, way_out, asked)


def _at(config: Any, *path: str) -> Any:
    for key in path:
        config = config.get(key) if isinstance(config, Mapping) else None
    return config
