"""A stack's settings with all that its program declares, by components or as plain objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.findings.model import check
from multinet.names import RESOURCE_NAME
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings
from multinet.render.program import Plan
from multinet.stack import StackSettings


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
