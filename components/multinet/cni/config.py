"""From what the user wrote to a checked CNI configuration: mapping, JSON string or list form."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from multinet.cni import by_type
from multinet.cni.chain import chain_findings, version_findings
from multinet.cni.conf_list import MISPLACED, ConfList, misplaced, version_list_findings
from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import CNI_VERSIONS, is_runtimes
from multinet.cni.plugins import known
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.opaque import OpaquePlugin
from multinet.cni.ranges import AddressRange
from multinet.cni.segment import Segment
from multinet.cni.spelling import as_written, documented
from multinet.findings import Finding, Path, Severity, errors
from multinet.findings.model import Checked, look, rules_wait
from multinet.findings.part import readable
from multinet.untrusted import plain_json


@dataclasses.dataclass(frozen=True)
class NetworkConfig(Checked):
    """A checked CNI configuration; of a refused one, what is right of it.

    Attributes:
        raw: exactly what the user declared, as JSON-able data; this is what is sent.
        plugins: the typed plugin objects, one for a single configuration, in order for a list.
        is_list: whether it is a list form with `plugins`.
        cni_version: the version that the plugins are given.
        provided: whether others lay it out on each node: then nothing of it is known here.
        spelled: path of a key as documented → as it is in `raw`, where they differ in case.
        found: what was found in it, with paths from its top.
    """

    raw: Mapping[str, Any]
    plugins: tuple[PluginConf, ...]
    is_list: bool
    cni_version: str = CNI_VERSIONS[0]
    provided: bool = False
    spelled: Mapping[Path, Path] = dataclasses.field(default_factory=dict)
    found: tuple[Finding, ...] = dataclasses.field(default=(), compare=False)

    @property
    def refused(self) -> bool:
        """Whether there is an error in it: asking for what is wrong raises Unreadable."""
        return bool(errors(self.found))

    @functools.cached_property
    def main(self) -> PluginConf:
        """The plugin that makes the interface; where that is not known, the first one."""
        return next((p for p in self.plugins if p.MAKES_INTERFACE), self.plugins[0])

    @property
    def main_path(self) -> Path:
        """Where that plugin's object stands."""
        return next(path for path, plugin in self.located if plugin is self.main)

    @property
    def capabilities(self) -> frozenset[str]:
        """What a pod may ask for at run time, of any plugin in it."""
        return frozenset(c for p in self.plugins for c, on in (p.capabilities or {}).items() if on)

    @functools.cached_property
    def located(self) -> list[tuple[Path, PluginConf]]:
        """The plugins with the paths of their objects."""
        return [(("plugins", i) if self.is_list else (), p) for i, p in enumerate(self.plugins)]

    def written(self, path: Path) -> Path:
        """A path into the configuration by documented keys, as it is in the user's own."""
        return as_written(path, self.spelled)

    @functools.cached_property
    def addressing(self) -> list[tuple[Path, IpamConf]]:
        """Who gives the interface its addresses, each with the path where that stands."""
        given = [(path, plugin.addressing) for path, plugin in self.located]
        return [((*path, *at[0]), at[1]) for path, at in given if at is not None]

    def name(self, network: str) -> str:
        """The CNI network's name: its own, else that of the NAD."""
        return self.raw.get("name") or network

    def subnets(self) -> list[str]:
        """Subnets that its IPAMs can hand out addresses of."""
        return list(dict.fromkeys(s for _, ipam in self.addressing for s in ipam.subnets()))

    def address_ranges(self) -> list[AddressRange]:
        """What its IPAMs can hand out, with paths from the configuration's top."""
        return [r.under(path) for path, ipam in self.addressing for r in ipam.address_ranges()]

    def segment(self, resource_name: str = "") -> Segment | None:
        """The segment its pods are on; None where the configuration does not tell."""
        return self.main.segment(resource_name)

    def to_json(self, name: str) -> str:
        """The NAD's `spec.config`: canonical JSON of `raw`, plus `name` when it has none.

        Key order is fixed (cniVersion, name, type, then alphabetical), since the engine hands
        mappings over sorted and the embedded renderer in file order: both write these bytes.
        A key in two cases is in the order of its bytes, as libcni sorts them.
        """
        named = {**self.raw, "name": self.name(name)}
        return json.dumps(_ordered(named), indent=2, ensure_ascii=False)


PROVIDED: Final = "provided"
"""What stands for the plugin of a configuration that is not known here."""

OF_THE_NODES: Final = NetworkConfig({}, (OpaquePlugin(type=PROVIDED),), False, provided=True)
"""Of a network whose NAD holds none: Multus reads a file on each node, which others lay out."""

_FIRST = {"cniversion": 0, "name": 1, "type": 2}


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda k: (_FIRST.get(k.lower(), 3), k))
        return {k: _ordered(value[k]) for k in keys}
    return [_ordered(v) for v in value] if isinstance(value, list) else value


def parse(raw: object) -> tuple[NetworkConfig | None, list[Finding]]:
    """Check a network's `config`. Returns it, None where it is refused, and every finding.

    Takes a mapping or a JSON string. Paths of the findings start at the value itself. A valid one
    knows its warnings.
    """
    config, findings = read(raw)
    return (None if errors(findings) else config), findings


def read(raw: object) -> tuple[NetworkConfig | None, list[Finding]]:
    """The same, with what is right of a refused one; None where that is nothing."""
    data, unreadable = plain_json.read(raw)
    if data is None:
        return None, unreadable
    lost = [f.path for f in unreadable]
    reader = _read_list if "plugins" in data else _read_single
    keys = documented(data)
    config, found = reader(keys.data)
    found = [*keys.findings, *(f.at(keys.written(f.path)) for f in found)]
    findings = unreadable + [f for f in found if f.path not in lost]
    if config is None:
        return None, findings
    own = dataclasses.replace(config, raw=data, spelled=keys.spelled, found=tuple(findings))
    return own, findings


def _read_single(data: dict[str, Any]) -> tuple[NetworkConfig | None, list[Finding]]:
    plugin, findings = known.checked_plugin(data)
    if "type" not in data:
        rule = "there is neither 'type' (one plugin) nor 'plugins' (a list)"
        way_out = by_type.type_way_out(data, known.PLUGINS) or "add type, e.g. macvlan"
        findings = [f for f in findings if f.code != "missing-type" or f.path != ("type",)]
        findings.insert(0, Finding("missing-type", ("type",), rule, way_out))
    findings += _name_findings(data)
    written = data.get("cniVersion") or CNI_VERSIONS[0]
    version = written if isinstance(written, str) else ""  # what is no text says nothing
    findings += version_findings(version) if version else ()
    if plugin is None:
        return None, findings
    config = NetworkConfig(data, (plugin,), is_list=False, cni_version=version)
    joint = [] if rules_wait() else chain_findings(config.located, version)
    return config, [*findings, *joint]


def _read_list(data: dict[str, Any]) -> tuple[NetworkConfig | None, list[Finding]]:
    findings = _name_findings(data) + list(misplaced(data))
    keys = [k for k in data if k not in MISPLACED and not is_runtimes(k)]
    # The plugins are checked one by one, so that one wrong entry does not hide the others' order.
    entries = data["plugins"] if isinstance(data["plugins"], list) else []
    checked = [known.checked_plugin(entry, chained=len(entries) > 1) for entry in entries]
    outer = {key: data[key] for key in keys} | ({"plugins": []} if entries else {})
    conf = look(ConfList, outer)
    findings += conf.findings
    findings += [f.under(("plugins", i)) for i, (_, wrong) in enumerate(checked) for f in wrong]
    if data["plugins"] == []:
        rule = "'plugins' is empty: there is nothing to run"
        findings.append(Finding("no-plugins", ("plugins",), rule, "add a plugin with a type"))
    findings += version_list_findings(data)
    if conf.part is None or not entries:
        return None, findings
    version = _version(conf.part)
    findings += version_findings(version) if version else ()
    # One that is no object at all makes no claims about the others.
    parts = [plugin or look(OpaquePlugin, {}).part for plugin, _ in checked]
    plugins = tuple(part for part in parts if part is not None)
    config = NetworkConfig(data, plugins, is_list=True, cni_version=version)
    joint = [*chain_findings(config.located, version), *_overridden(config)]
    return config, findings if rules_wait() else findings + joint


def _version(conf: ConfList) -> str:
    """The version that the plugins are given; empty where it cannot be told."""
    return readable(lambda: conf.version or CNI_VERSIONS[0]) or ""


def _name_findings(data: Mapping[str, Any]) -> list[Finding]:
    if "name" in data and data["name"] is None:
        rule = "is empty: Multus then sets none, and libcni refuses the network"
        return [Finding("not-a-network-name", ("name",), rule, "remove the key")]
    return []


def _overridden(config: NetworkConfig) -> Iterator[Finding]:
    """libcni gives every plugin of a list the list's name and version."""
    given = {"cniVersion": config.cni_version, "name": config.raw.get("name")}
    for path, _ in config.located:
        entry = config.raw["plugins"][path[1]]
        for key, value in given.items():
            if isinstance(entry, Mapping) and entry.get(key) not in (None, "", value):
                rule = f"in a list every plugin is given the list's {key!r}; this one is replaced"
                where, warning = (*path, key), Severity.WARNING
                yield Finding("no-effect", where, rule, "remove it", entry[key], warning)
