"""What all of an author's classes are, and the plain data that they stand for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi import Input


class Typed:
    """A frozen dataclass whose leaves are pulumi Inputs; nothing is checked when it is made.

    TYPE: the `type` key's value; empty: it has no such key.
    KEYS: field → key, where that is not the field's name in camelCase.
    """

    TYPE: ClassVar[str] = ""
    KEYS: ClassVar[Mapping[str, str]] = {}

    def tree(self) -> dict[str, Any]:
        """What it stands for where it stands; leaves as they are."""
        return self.own()

    def own(self) -> dict[str, Any]:
        """Its fields by a stack file's or CNI's keys, without what was not given."""
        own = {"type": self.TYPE} if self.TYPE else {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # each subclass is one
            value = getattr(self, field.name)
            if value is not None:
                own[self.KEYS.get(field.name) or camel(field.name)] = tree(value)
        return own


def tree(value: object) -> Any:
    """The value with every typed object in it as a mapping; Outputs and awaitables stay."""
    if isinstance(value, Typed):
        return value.tree()
    if isinstance(value, Mapping):
        return {str(key): tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [tree(item) for item in value]
    return value


def camel(name: str) -> str:
    """A field's name as files write it: `range_start` → `rangeStart`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


class Ipam(Typed):
    """An IPAM plugin's object, the `ipam` of a plugin's."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plugin(Typed):
    """One CNI plugin's object, with the keys that all plugins have. CNI specification 1.1.0."""

    cni_version: Input[str] | None = None
    """Of a network with this one plugin alone; absent: 1.0.0. In a `Chain` the chain's counts."""

    name: Input[str] | None = None
    """Of the CNI network; absent: the NetworkAttachmentDefinition's."""

    ipam: Ipam | Input[Mapping[str, Any]] | None = None
    """Where addresses come from."""

    dns: Mapping[str, Any] | None = None
    """Resolver settings: nameservers, domain, search, options."""

    capabilities: Mapping[str, Input[bool]] | None = None
    """What pods may ask for at run time, e.g. ips, mac, portMappings, bandwidth."""


class Primary(Typed):
    """Which primary CNI, with the options that are its own alone."""

    PLUGIN: ClassVar[str] = ""

    def tree(self) -> dict[str, Any]:
        """As the stack's `primaryCni`: it says which one, wherever it stands."""
        return self.section()

    def section(self) -> dict[str, Any]:
        """What it says of the stack's `primaryCni`."""
        return {"plugin": self.PLUGIN, self.PLUGIN: self.own()}


@dataclasses.dataclass(frozen=True, kw_only=True)
class WithPrimary(Typed):
    """Settings beside which primary CNI they are of."""

    plugin: Primary
    """Calico(…), Cilium(…) or Existing(…)."""

    def tree(self) -> dict[str, Any]:
        """As the stack's `primaryCni`."""
        return {**super().tree(), **self.plugin.section()}
