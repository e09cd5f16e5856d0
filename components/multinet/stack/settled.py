"""A whole environment as a program gives it, some of its values not known yet."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from multinet.addons.settings import AddonsSettings
from multinet.addons.site import SiteSettings
from multinet.findings import Finding, Path, errors
from multinet.findings.model import check, rules_wait
from multinet.multus.settings import MultusSettings
from multinet.names import own_key
from multinet.networks.checks import ClusterFacts
from multinet.networks.declared import check_several
from multinet.networks.resource import with_versions
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.policies.settings import PolicySettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settle import Settled, is_later, settle, split
from multinet.stack.load import check_config
from multinet.stack.needs import site
from multinet.stack.settings import StackSettings
from multinet.typed import EnvironmentArgs
from multinet.typed.base import tree

_M = TypeVar("_M", bound=BaseModel)
_REACH = ("kubeconfig", "context")
_ALONE = (*_REACH, "protect")
"""Sections of one value, which no other one is needed for."""
_NAMED = ("networks", "nodes", "policies")
_OF_THE_WHOLE = ("ignore-unused", "policy-network-unknown")
"""What is told only where every network is known: it may be about one that is not."""
_PLAIN: tuple[str | Path, ...] = (
    *("enabled", "mode", "plugin", "version", "waitForRollout", "rolloutTimeout", "lost"),
    ("protect",),
    *(("addons", field.alias or name) for name, field in AddonsSettings.model_fields.items()),
)

Look = Callable[[StackSettings], None]
"""A look at the cluster and the nodes, which raises pulumi.RunError."""
Rules = Callable[[Mapping[str, Any]], tuple[StackSettings | None, list[Finding]]]
"""Plain data → settings, None where it is refused, and every finding."""


@dataclasses.dataclass(frozen=True)
class SettledStack:
    """The sections of an environment, each checked now or when all is known.

    Attributes:
        whole: all of it; its shape has the sections that are known, the others' defaults.
        reach: the same, known as soon as it is known which cluster it is about.
        given: name of a network that is not known yet → what is given of it.
    """

    whole: Settled[StackSettings]
    reach: Settled[StackSettings]
    primary_cni: Settled[PrimaryCniSettings]
    multus: Settled[MultusSettings]
    addons: Settled[AddonsSettings]
    nodes: Mapping[str, Settled[NodeSettings]]
    networks: Mapping[str, Settled[NetworkSettings]]
    policies: Mapping[str, Settled[PolicySettings]]
    given: Mapping[str, Any]

    @property
    def site(self) -> Settled[SiteSettings]:
        """What add-ons have to know of it: not before all of that is known."""
        parts: tuple[Settled[Any], ...]
        parts = (self.multus, self.primary_cni, *self.networks.values())
        whole = self.whole
        return (Settled(whole.shape) if all(p.known for p in parts) else whole).then(site)

    def namespaces_of(self, policy: Settled[PolicySettings]) -> Settled[Mapping[str, str]]:
        """Those of a policy's networks, known when these are."""
        names = policy.shape.networks if policy.shape is not None and policy.known else ()
        parts = [self.networks[name] for name in names if name in self.networks]
        known = policy.known and all(part.known for part in parts)
        whole = Settled(self.whole.shape) if known else self.whole
        return whole.then(lambda stack: {n: one.namespace for n, one in stack.networks.items()})


def settled_stack(
    given: EnvironmentArgs | StackSettings | Mapping[str, Any], source: str, look: Look
) -> SettledStack:
    """Check all of it: at once what is known, the rest before what is made of it is created.

    Args:
        given: typed, with a stack file's keys, or checked.
        source: what a refusal calls it.
        look: at what is known now, unless which cluster it is, is not; and before what is not.
    """
    if isinstance(given, StackSettings):
        look(given)
        return _of(Settled(given), {})
    return settled_sections(_raw(given), source, look, check_whole)


def settled_sections(
    raw: Mapping[str, Any],
    source: str,
    look: Look,
    rules: Rules,
    root: Callable[[Path], Path] = lambda path: path,
) -> SettledStack:
    """The same for plain data whose leaves may be Outputs, and rules of one's own.

    `root`: path in the data → path in the rules' findings.
    """

    def known_or_all(data: Any) -> tuple[StackSettings | None, list[Finding]]:
        """All rules; while some values are not known, what of it is valid field by field."""
        if not rules_wait():
            return rules(data)
        return _known(data), [f.at(root(f.path)) for f in check(StackSettings, data)[1]]

    def at_once(data: Any, unknown: list[Path]) -> list[Finding]:
        return _standing(data, unknown, rules, root)

    whole = settle(known_or_all, raw, source, _PLAIN, at_once=at_once, root=root)
    shape = whole.shape or StackSettings()
    if not _reach_waits(raw):
        look(shape if whole.later is None else _with_known_nodes(shape, raw))
    if whole.later is None:
        return _of(whole, {})

    def looked_at(settings: StackSettings) -> StackSettings:
        look(settings)
        return settings

    return _of(Settled(shape, whole.later.apply(looked_at)), raw)


def _with_known_nodes(shape: StackSettings, raw: Mapping[str, Any]) -> StackSettings:
    """Without nodes of which anything is not known yet: without its host one has another's name."""
    given = _mapping(raw, "nodes")
    nodes = {name: node for name, node in shape.nodes.items() if not split(given.get(name))[1]}
    return shape.model_copy(update={"nodes": nodes})


def _reach_waits(raw: Mapping[str, Any]) -> bool:
    return any(is_later(raw.get(key)) for key in _REACH)


def check_whole(raw: Mapping[str, Any]) -> tuple[StackSettings | None, list[Finding]]:
    """All of an environment by all rules; paths start at the section."""
    settings, findings = check_config(raw)
    return settings, [f.at((own_key(f.path[0]), *f.path[1:])) for f in findings]


def _standing(
    raw: Mapping[str, Any], unknown: list[Path], rules: Rules, root: Callable[[Path], Path]
) -> list[Finding]:
    """What all rules find in the sections, networks and nodes that are known.

    What one network is found to be does not change with those that come. What a section of its own
    says is another matter: without it, each part is looked at by itself, and networks together.
    """
    sections = {str(path[0]) for path in unknown if path}
    known = {key: value for key, value in raw.items() if key not in sections}
    for section in sections.intersection(_NAMED):
        waits = {path[1] for path in unknown if path[0] == section and len(path) > 1}
        given = _mapping(raw, section).items()
        known[section] = {name: one for name, one in given if name not in waits}
    if sections <= {"networks", "policies"}:
        return [f for f in rules(known)[1] if f.code not in _OF_THE_WHOLE]
    networks = _mapping(known, "networks")
    together = check_several(networks, ClusterFacts(), delivered=True)[1]
    known.pop("networks", None)
    found = errors(check(StackSettings, known)[1])
    return [f.at(root(f.path)) for f in [*found, *(f.under(("networks",)) for f in together)]]


def _mapping(raw: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """A section, empty where it is refused as it is."""
    given = raw.get(section)
    return given if isinstance(given, Mapping) else {}


def _known(raw: Mapping[str, Any]) -> StackSettings:
    """What of it stands by itself: networks, nodes and policies that are whole, and the other sections."""

    def each(section: str, model: type[_M]) -> dict[str, _M]:
        checked = {name: check(model, one)[0] for name, one in _mapping(raw, section).items()}
        return {name: one for name, one in checked.items() if one is not None}

    alone = {key: raw[key] for key in _ALONE if key in raw}
    return (check(StackSettings, alone)[0] or StackSettings()).model_copy(
        update={
            "primary_cni": check(PrimaryCniSettings, raw.get("primaryCni") or {})[0]
            or PrimaryCniSettings(),
            "multus": check(MultusSettings, raw.get("multus") or {})[0] or MultusSettings(),
            "addons": check(AddonsSettings, raw.get("addons") or {})[0] or AddonsSettings(),
            "networks": each("networks", NetworkSettings),
            "nodes": each("nodes", NodeSettings),
            "policies": each("policies", PolicySettings),
        }
    )


def _raw(given: EnvironmentArgs | Mapping[str, Any]) -> dict[str, Any]:
    raw: dict[str, Any] = tree(given)
    networks = given.networks if isinstance(given, EnvironmentArgs) else raw.get("networks")
    if isinstance(networks, Mapping):
        raw["networks"] = with_versions(networks)
    return raw


def _of(whole: Settled[StackSettings], raw: Mapping[str, Any]) -> SettledStack:
    shape = whole.shape
    assert shape is not None

    def part(pick: Callable[[StackSettings], Any], *path: str) -> Settled[Any]:
        later = whole.later
        given: Any = raw
        for key in path:
            given = given.get(key) if isinstance(given, Mapping) else None
        if later is None or not split(given)[1]:
            return Settled(pick(shape))
        try:
            known = pick(shape)
        except KeyError:
            known = None
        return Settled(known, later.apply(pick))

    def each(section: str, attribute: str) -> dict[str, Settled[Any]]:
        names = _mapping(raw, section) or getattr(shape, attribute)
        section_of = operator.attrgetter(attribute)
        return {
            name: part(functools.partial(_entry, section_of, name), section, name) for name in names
        }

    return SettledStack(
        whole=whole,
        reach=whole if _reach_waits(raw) else Settled(shape),
        primary_cni=part(lambda s: s.primary_cni, "primaryCni"),
        multus=part(lambda s: s.multus, "multus"),
        addons=part(lambda s: s.addons, "addons"),
        nodes=each("nodes", "nodes"),
        networks=each("networks", "networks"),
        policies=each("policies", "policies"),
        given=_mapping(raw, "networks"),
    )


def _entry(pick: Callable[[StackSettings], Any], name: str, settings: StackSettings) -> Any:
    return pick(settings)[name]
