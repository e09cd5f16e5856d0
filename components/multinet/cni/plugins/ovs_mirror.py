"""ovs-mirror-producer and ovs-mirror-consumer: copies of an Open vSwitch port's traffic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.plugins.ovs import Ovs
from multinet.cni.types import NodePath, OptionalInterfaceName
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel

_SOURCE = "k8snetworkplumbingwg/ovs-cni v0.39.0 pkg/mirror-producer, pkg/mirror-consumer"


class Mirror(CheckedModel):
    """A mirror of the bridge, by `name`; made where it is not there."""

    name: str
    """Of the mirror in Open vSwitch's database."""
    ingress: bool | None = None
    """Whether what comes from the pod is copied (false); of the producer."""
    egress: bool | None = None
    """Whether what goes to the pod is copied (false); of the producer."""

    def rules(self) -> Iterator[Finding]:
        """It has a name."""
        if not self.name:
            rule, way_out = "a mirror without name cannot be found again", "name it"
            yield Finding("wrong-value", ("name",), rule, way_out)


class _OvsMirror(PluginConf):
    """What both have in common: they go after ovs, in the same list."""

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = _SOURCE
    BROUGHT_BY: ClassVar[str] = "ovs-cni's DaemonSet"

    bridge: OptionalInterfaceName | None = None
    """Of Open vSwitch, the one of the ovs plugin before it (from the configuration file)."""
    mirrors: list[Mirror] | None = None
    """The mirrors that the port is part of (from the configuration file)."""
    socket_file: NodePath | None = Field(None, alias="socket_file")
    """Of OVSDB (from the configuration file, else the system's)."""
    configuration_path: NodePath | None = Field(None, alias="configuration_path")
    """File on the node for what is not said here."""

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """It works on the port that ovs has made, and hands on the interface alone."""
        made = next((p for p in before if p.MAKES_INTERFACE), None)
        if made is not None and not isinstance(made, Ovs):
            rule = f"mirrors ports of Open vSwitch, and {made.type} makes none"
            yield Finding("mirror-of-another-bridge", ("type",), rule, "use it after ovs")
        if isinstance(made, Ovs) and made.bridge and self.bridge not in (None, "", made.bridge):
            rule = f"the port is on {made.bridge}, which has mirrors of its own"
            way_out = f"write {made.bridge}"
            yield Finding("mirror-of-another-bridge", ("bridge",), rule, way_out, self.bridge)
        if any(p.has_ipam for p in before):
            rule = "its result has no addresses, so network-status and Kubernetes do not know them"
            way_out = "use a network without ipam for the mirror, or expect none"
            severity = Severity.WARNING
            yield Finding("addresses-unreported", ("type",), rule, way_out, self.type, severity)


class OvsMirrorProducer(_OvsMirror):
    """ovs-mirror-producer of ovs-cni v0.39.0; chained.

    The port that ovs has made before it is a source of the mirrors.
    """

    type: Literal["ovs-mirror-producer"] = "ovs-mirror-producer"

    def rules(self) -> Iterator[Finding]:
        """Something is copied."""
        yield from super().rules()
        for i, mirror in enumerate(self.mirrors or ()):
            if not (mirror.ingress or mirror.egress):
                rule = (
                    "copies nothing: neither ingress nor egress is true, which the plugin refuses"
                )
                yield Finding("mirror-of-nothing", ("mirrors", i), rule, "set one of them")


class OvsMirrorConsumer(_OvsMirror):
    """ovs-mirror-consumer of ovs-cni v0.39.0; chained.

    The port that ovs has made before it gets the mirrors' copies. A mirror has one such port: a
    second pod on the node fails.
    """

    type: Literal["ovs-mirror-consumer"] = "ovs-mirror-consumer"

    def rules(self) -> Iterator[Finding]:
        """What is copied is the producer's to say."""
        yield from super().rules()
        for i, mirror in enumerate(self.mirrors or ()):
            for key, given in {"ingress": mirror.ingress, "egress": mirror.egress}.items():
                if given is not None:
                    yield no_effect(("mirrors", i, key), "the producer says what is copied")
