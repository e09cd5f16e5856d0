"""The cluster's NAD of a network against the one that is declared. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from multinet.findings import Finding, format_path
from multinet.findings.finding import show
from multinet.names import RESOURCE_NAME
from multinet.networks.checks.view import ROOT
from multinet.untrusted import plain_json
from multinet.verify.declared import Declared

_MAKE = "`pulumi up --refresh` makes it; without --refresh the engine does not look"
_SHOWN = 4
_SECRET_WORDS = ("password", "secret", "token")


def nad_findings(network: Declared, nad: Mapping[str, Any] | None) -> Iterator[Finding]:
    """What is wrong with the NAD; `nad` None: there is none."""
    path = (ROOT, network.name)
    if nad is None:
        rule = f"the cluster has no NAD {network.reference}"
        yield Finding("live-nad-missing", path, rule, _MAKE, network.reference)
        return
    text = (nad.get("spec") or {}).get("config") or ""
    if rule := _differs(network.config, text):
        yield Finding("live-nad-differs", path, rule, _WAY_OUT, network.reference)
    annotations = (nad.get("metadata") or {}).get("annotations") or {}
    resource = annotations.get(RESOURCE_NAME, "")
    if resource != network.resource:
        rule = (
            f"its resourceName is {resource or 'absent'}, declared is {network.resource or 'none'}"
        )
        yield Finding("live-nad-differs", path, rule, _WAY_OUT, network.reference)


def _differs(declared: Mapping[str, Any] | None, text: str) -> str:
    """How the configuration on the cluster is not what is declared; empty: it is."""
    if declared is None:
        rule = "the NAD on the cluster holds a configuration; declared is that each node has one"
        return rule if text else ""
    if not text:
        return "the NAD on the cluster holds no configuration, so Multus looks for the nodes' own"
    try:
        config = plain_json.loads(text)
    except (TypeError, ValueError) as error:
        return f"the NAD's spec.config on the cluster is not JSON: {error}"
    differing = list(differences(declared, config))
    more = f" and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
    told = f"the NAD on the cluster differs: {'; '.join(differing[:_SHOWN])}{more}"
    return told if differing else ""


_WAY_OUT = (
    "`pulumi up --refresh` writes the declared one (the engine does not look without it), or carry"
    " the change over into the stack file"
)


def differences(declared: Any, there: Any, path: tuple[str | int, ...] = ()) -> Iterator[str]:
    """What differs, value by value: `ipam.rangeEnd is 10.0.0.9, declared 10.0.0.7`."""
    if isinstance(declared, Mapping) and isinstance(there, Mapping):
        for key in dict.fromkeys([*declared, *there]):
            here = (*path, key)
            if key not in there:
                yield f"{format_path(here)} is missing, declared {show(declared[key])}"
            elif key not in declared:
                yield f"{format_path(here)} is {show(there[key])}, declared is none"
            else:
                yield from differences(declared[key], there[key], here)
    elif isinstance(declared, list) and isinstance(there, list) and len(declared) == len(there):
        for i, (one, other) in enumerate(zip(declared, there, strict=True)):
            yield from differences(one, other, (*path, i))
    elif declared != there or type(declared) is not type(there):
        if any(word in str(path[-1:]).lower() for word in _SECRET_WORDS):
            yield f"{format_path(path)} is not what is declared"
        else:
            yield f"{format_path(path) or 'it'} is {show(there)}, declared {show(declared)}"
