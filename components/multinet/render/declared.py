"""A stack's settings with all that its program declares, by components or as plain objects."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from multinet.findings import Finding, Severity
from multinet.findings.model import check
from multinet.names import RESOURCE_NAME
from multinet.networks import nad
from multinet.networks.checks import ClusterFacts
from multinet.networks.declared import spanning
from multinet.networks.settings import NetworkSettings
from multinet.render.program import Plan
from multinet.stack import StackSettings
from multinet.stack.across import facts
from multinet.watch import Declared


def declared(settings: StackSettings, plan: Plan) -> StackSettings:
    """The settings of what the program makes: of a table, of its own rules, of the stack file.

    Sections that none of its components has stay the stack file's.
    """
    of = plan.declared.sections
    update: dict[str, Any] = {}
    for section, attribute in (("primaryCni", "primary_cni"), ("multus", "multus")):
        if section in of:
            (update[attribute], *_) = of[section].values()
    if "addons" in of:
        update["addons"] = settings.addons.model_copy(update=of["addons"])
    update |= {section: of[section] for section in ("nodes", "policies") if section in of}
    networks = dict(of.get("networks", {}))
    known = {f"{network.namespace}/{name}" for name, network in networks.items()}
    for resource in plan.resources:
        if resource.inputs.get("kind") == nad.KIND:
            _add(networks, known, resource.inputs)
    update["networks"] = networks
    return settings.model_copy(update=update)


def beside_each_other(settings: StackSettings, plan: Plan) -> list[Finding]:
    """What no network shows by itself, of those that the program declares one by one.

    Warnings, all of them: an `up` has nothing that looks across such networks, and refuses none.
    `settings`: all that is declared.
    """
    of = plan.declared.sections
    together = of.get("networks", {}).keys() - plan.declared.alone.keys()
    if together >= set(settings.networks):
        return []
    # The stack file's primary is the default one where the program has none.
    cluster = facts(settings) if "primaryCni" in of else ClusterFacts()

    def across(names: Iterable[str]) -> list[Finding]:
        return spanning({name: settings.networks[name] for name in names}, cluster)

    known = {str(finding) for finding in across(together)}
    return [
        _told(found, plan.declared)
        for found in across(settings.networks)
        if str(found) not in known
    ]


def _told(found: Finding, seen: Declared) -> Finding:
    way_out = found.way_out
    if found.severity is Severity.ERROR:
        way_out += "; an `up` refuses it where one Networks or Environment has them all"
    name = str(found.path[1]) if len(found.path) > 1 else ""
    file, line = seen.alone.get(name, seen.main)
    return dataclasses.replace(
        found, severity=Severity.WARNING, way_out=way_out, file=file, line=line
    )


def _add(networks: dict[str, NetworkSettings], known: set[str], made: Mapping[str, Any]) -> None:
    """A network that a program made as a plain object, or one more of the same name."""
    metadata, spec = made.get("metadata"), made.get("spec")
    if not isinstance(metadata, Mapping):
        return
    name, namespace = str(metadata.get("name")), metadata.get("namespace", "default")
    if f"{namespace}/{name}" in known:
        return
    config = spec.get("config") if isinstance(spec, Mapping) else spec
    given = {
        **({"config": config} if config else {"perNode": "provided"}),
        "namespace": namespace,
        "resourceName": (metadata.get("annotations") or {}).get(RESOURCE_NAME),
    }
    network, _ = check(NetworkSettings, given)
    if network is not None:
        networks[name if name not in networks else f"{name} ({namespace})"] = network
