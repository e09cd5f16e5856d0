"""Which objects a stack is about to write, by name, so that they can be asked for before. Pure.

Not the CRD, which is patched and belongs to nobody alone, nor what a chart makes: whose a primary
CNI is, its agent's DaemonSet tells. A test compares with what a program registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from multinet.addons.known import ADDONS
from multinet.addons.workloads import key_of
from multinet.blocks import objects as blocks
from multinet.findings import Path
from multinet.multus import objects
from multinet.names import stack_key
from multinet.policies import manifest as policies
from multinet.primary_cni import calico
from multinet.primary_cni.charts import NAMESPACES
from multinet.primary_cni.values import chart_values
from multinet.stack.needs import site
from multinet.stack.settings import StackSettings

_MULTUS: Path = (stack_key("multus"),)
_PRIMARY: Path = (stack_key("primaryCni"), "plugin")


class Name(NamedTuple):
    """What an object is called; the namespace is empty where its kind has none."""

    api_version: str
    kind: str
    namespace: str
    name: str


class Wanted(NamedTuple):
    """An object that a stack writes.

    Attributes:
        path: what of the stack wants it.
        other: what to do instead of taking over one that is there.
    """

    object: Name
    path: Path
    other: str


def wanted(stack: StackSettings) -> Iterator[Wanted]:
    """All of them but the networks, whose names are looked for in one list."""
    multus = stack.multus
    for manifest in objects.manifests(multus) if multus.enabled else ():
        # Names that are not the user's to choose, but for the namespace.
        other, path = "multus.enabled: false uses the Multus that is there; else remove it", _MULTUS
        if manifest["kind"] == "Namespace":
            other, path = "name another one, or kube-system", (*_MULTUS, "namespace")
        yield Wanted(name_of(manifest), path, other)
    for attribute, settings in stack.addons.on.items():
        path = (stack_key("addons"), key_of(attribute))
        for manifest in ADDONS[attribute].manifests(settings, site(stack)):
            yield Wanted(name_of(manifest), path, "false here uses theirs; else remove it")
    for manifest in blocks.manifests(multus, stack.networks):
        path = (stack_key("networks"),)
        yield Wanted(name_of(manifest), path, "set another multus.namespace")
    namespaces = {name: network.namespace for name, network in stack.networks.items()}
    for policy, given in stack.policies.items():
        path = (stack_key("policies"), policy)
        other = "give it another name, or remove it there"
        yield Wanted(name_of(policies.manifest(policy, given, namespaces)), path, other)
    if stack.primary_cni.plugin == "calico":
        primary = stack.primary_cni
        for manifest in calico.resources(chart_values(primary, multus), primary.line):
            yield Wanted(name_of(manifest), _PRIMARY, "plugin: existing leaves it to others")
        namespace = Name("v1", "Namespace", "", NAMESPACES["calico"])
        yield Wanted(namespace, _PRIMARY, "remove it, if nothing in it is needed")


def name_of(manifest: dict[str, Any]) -> Name:
    """What an object is called."""
    metadata = manifest["metadata"]
    api_version, kind = manifest["apiVersion"], manifest["kind"]
    return Name(api_version, kind, metadata.get("namespace", ""), metadata["name"])
