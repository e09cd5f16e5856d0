"""Which CNI plugins are known, and from an object to the model that checks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from multinet.cni import by_type, plugins
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.model import is_runtimes
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.opaque import OpaquePlugin
from multinet.cni.programs import PUBLIC_IPAMS, PUBLIC_PLUGINS, one_slip
from multinet.findings import Finding, Severity, errors
from multinet.findings.model import carrier

PLUGINS = by_type.registered(plugins, PluginConf)
"""Type → model, by name."""

_MULTUS = (
    "Multus cannot be a network of its own: it would call itself",
    "name the plugin that makes the interface, e.g. macvlan",
)
_CILIUM = "cilium-cni"
_NO_IPAM = ("none", "null", "no", "disabled")
_REFUSED = {
    "multus": _MULTUS,
    "multus-shim": _MULTUS,
    _CILIUM: (
        "Cilium serves a pod's first interface only and fails on a second one",
        "use the primary CNI for it; here name e.g. macvlan, ipvlan or bridge",
    ),
}


def brought_by(program: str) -> str:
    """Who lays a program out that is no reference plugin; empty: nobody is known to."""
    models = (PLUGINS.get(program), IPAM_PLUGINS.get(program))
    told = next((model.BROUGHT_BY for model in models if model and model.BROUGHT_BY), "")
    return told or PUBLIC_PLUGINS.get(program) or PUBLIC_IPAMS.get(program, "")


def plugin(raw: Any) -> PluginConf:
    """The typed plugin object. Raises, with every finding, inside pydantic's validation."""
    if isinstance(raw, PluginConf):
        return raw
    model, findings = checked_plugin(raw)
    if model is None or errors(findings):
        raise carrier(findings, model)
    return model


def checked_plugin(raw: Any, *, chained: bool = False) -> tuple[PluginConf | None, list[Finding]]:
    """The typed plugin object, what is right of it where there is an error, and every finding.

    `chained`: whether there are others in a list with it.
    """
    if not isinstance(raw, Mapping):
        return by_type.checked(raw, PLUGINS, OpaquePlugin, "CNI plugin")
    own, findings = _without_ipams_keys(raw)
    model, found = by_type.checked(own, PLUGINS, OpaquePlugin, "CNI plugin")
    findings += found
    findings += _of_type(raw.get("type"), chained=chained)
    findings += [f.under(("ipam",)) for f in _of_ipams_type(raw.get("ipam"))]
    return model, findings


def _of_type(kind: object, *, chained: bool) -> Iterator[Finding]:
    """What a plugin's name alone says."""
    if not isinstance(kind, str):
        return
    yield from by_type.mistyped(kind, [*PLUGINS, *PUBLIC_PLUGINS, *_REFUSED])
    if kind == _CILIUM and chained:
        rule = "a chain with Cilium works as a pod's first interface only"
        way_out = "name it in v1.multus-cni.io/default-network, never as a further network"
        path, warning = ("type",), Severity.WARNING
        yield Finding("default-network-only", path, rule, way_out, kind, warning)
    elif kind in _REFUSED:
        rule, way_out = _REFUSED[kind]
        yield Finding("type-refused", ("type",), rule, way_out, kind)
    elif kind in {*IPAM_PLUGINS, *PUBLIC_IPAMS} - {*PLUGINS, *PUBLIC_PLUGINS}:
        rule = "hands out addresses and makes no interface: it is an IPAM plugin"
        way_out = "name a plugin that makes an interface, e.g. macvlan, and put this into its ipam"
        yield Finding("plugin-and-ipam", ("type",), rule, way_out, kind)


def _of_ipams_type(ipam: object) -> Iterator[Finding]:
    """What the name of an IPAM plugin alone says."""
    kind = ipam.get("type") if isinstance(ipam, Mapping) else None
    if not isinstance(kind, str):
        return
    yield from by_type.mistyped(kind, [*IPAM_PLUGINS, *PUBLIC_IPAMS])
    if kind.lower() in _NO_IPAM:
        rule = (
            f"is taken for the name of a program: pods fail where a node has none called {kind!r}"
        )
        way_out, warning = "leave 'ipam' out: then pods get no address", Severity.WARNING
        yield Finding("type-mistyped", ("type",), rule, way_out, kind, warning)
    if kind in PLUGINS and kind not in IPAM_PLUGINS:
        rule = "makes interfaces: it hands out no addresses, and called for them calls itself"
        way_out = f"name an IPAM plugin: {', '.join(sorted(IPAM_PLUGINS))}"
        yield Finding("plugin-and-ipam", ("type",), rule, way_out, kind)


def _without_ipams_keys(raw: Mapping[Any, Any]) -> tuple[dict[Any, Any], list[Finding]]:
    """The plugin's own keys, where an IPAM that is not known here may have some beside them.

    An IPAM plugin is handed the whole object. With one that is known, nobody reads such keys.
    """
    model, inner = PLUGINS.get(str(raw.get("type"))), raw.get("ipam")
    kind = inner.get("type") if isinstance(inner, Mapping) else None
    if model is None or not isinstance(kind, str) or not kind or kind in IPAM_PLUGINS:
        return dict(raw), []
    known = by_type.keys_of(model)
    others = [key for key in raw if key not in known and not is_runtimes(key)]
    findings = []
    for key in others:
        if isinstance(key, str) and (meant := one_slip(key, known)):
            rule = f"{raw['type']} does not read it; {kind} may, which gets the whole object"
            way_out, warning = f"did you mean {meant!r}?", Severity.WARNING
            findings.append(Finding("key-of-ipam", (key,), rule, way_out, None, warning))
    return {key: value for key, value in raw.items() if key not in others}, findings
