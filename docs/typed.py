"""Writes components/multinet/typed/: what Python authors write, made from the models that check it.

One module for each module of models, one frozen dataclass for each model, every leaf a pulumi
Input. `make docs` runs it, a test compares.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import textwrap
import types
import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from multinet.addons.site import SiteSettings
from multinet.cni.conf_list import ConfList
from multinet.cni.config import NetworkConfig
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.known import PLUGINS
from multinet.cni.route import Dns
from multinet.findings.described import field_texts
from multinet.primary_cni.options import AdoptSettings, CalicoSettings, CiliumSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import Ciphertext
from multinet.stack.settings import StackSettings
from multinet.typed.base import camel

DIRECTORY = Path(__file__).parents[1] / "components" / "multinet" / "typed"
_ROOTS: tuple[type[BaseModel], ...] = (
    *PLUGINS.values(),
    *IPAM_PLUGINS.values(),
    ConfList,
    AdoptSettings,
    CalicoSettings,
    CiliumSettings,
    StackSettings,
    SiteSettings,
    Dns,
)
_NAMES = {"ConfList": "Chain", "CalicoSettings": "Calico", "CiliumSettings": "Cilium"}
_NAMES |= {"StackSettings": "EnvironmentArgs", "ResourceAmounts": "ResourceAmountsArgs"}
_LEFT_OUT: Mapping[type[BaseModel], frozenset[str]] = {
    PrimaryCniSettings: frozenset({"plugin", "calico", "cilium", "conf_file", "adopt"}),
}
"""Fields that the union `Calico | Cilium | Existing` says instead; see `typed.primary`."""
_SPECIAL: Mapping[type[BaseModel], str] = {
    CalicoSettings: "Primary",
    CiliumSettings: "Primary",
    PrimaryCniSettings: "WithPrimary",
}
_SCALARS = {str: "str", int: "int", bool: "bool", float: "float"}
_BASES: tuple[tuple[type[BaseModel], str], ...] = ((PluginConf, "Plugin"), (IpamConf, "Ipam"))
_WIDTH = 100


def modules() -> dict[str, str]:
    """File name → text, of every generated module."""
    by_module: dict[str, list[type[BaseModel]]] = defaultdict(list)
    for model in _reachable():
        by_module[_module(model)].append(model)
    made = {f"{name}.py": _text(name, models) for name, models in sorted(by_module.items())}
    made["__init__.py"] = _face(by_module)
    return {name: _formatted(text) for name, text in made.items()}


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--quiet", "--line-length", str(_WIDTH), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def write() -> None:
    """Write all of them."""
    for name, text in modules().items():
        (DIRECTORY / name).write_text(text, encoding="utf-8")


def _name(model: type[BaseModel]) -> str:
    name = model.__name__
    return _NAMES.get(name) or (
        name.removesuffix("Settings") + "Args" if name.endswith("Settings") else name
    )


def _module(model: type[BaseModel]) -> str:
    """`multinet.cni.plugins.macvlan` → `macvlan`; `multinet.multus.settings` → `multus`."""
    parts = model.__module__.split(".")[1:]
    if parts[-1] == "settings":
        return parts[0].replace("stack", "environment")
    own = "chain" if model is ConfList else parts[-1]
    return f"{own}_ipam" if "ipam" in parts and own == "kube_ovn" else own


def _reachable() -> list[type[BaseModel]]:
    """The roots and every model inside them, each before who uses it."""
    found: list[type[BaseModel]] = []

    def visit(model: type[BaseModel]) -> None:
        if model in found or model in (PluginConf, IpamConf):
            return
        for _, field in _fields(model):
            for inner in _models(field.annotation):
                visit(inner)
        found.append(model)

    for root in _ROOTS:
        visit(root)
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if annotation is Ciphertext:
        return
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models(inner)


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """Its own and inherited fields, without what its base in `typed.base` has."""
    left_out = {"type", *_LEFT_OUT.get(model, ())}
    for base, _ in _BASES:
        if issubclass(model, base) and model is not base:
            left_out |= base.model_fields.keys()
    return [(name, field) for name, field in model.model_fields.items() if name not in left_out]


def _text(module: str, models: list[type[BaseModel]]) -> str:
    body = "\n\n".join("\n".join(_class(model)) for model in models)
    used = set(re.findall(r"\b[A-Z]\w+\b", re.sub(r'"""[\s\S]*?"""', "", body)))
    here = {_name(model) for model in models}
    needed: dict[str, set[str]] = defaultdict(set)
    for model in _reachable():
        if _name(model) in used - here:
            needed[_module(model)].add(_name(model))
    imports = [f"from multinet.typed.{m} import {', '.join(sorted(n))}" for m, n in needed.items()]
    bases = sorted(used & {"Ipam", "Plugin", "Primary", "Typed", "WithPrimary"})
    collections = sorted(used & {"Mapping", "Sequence"})
    typings = sorted(used & {"Any", "ClassVar", "Literal"})
    lines = [
        f'"""{_title(module)} Made by `make docs`."""',
        "",
        "from __future__ import annotations",
    ]
    lines += ["", "import dataclasses"]
    lines += [f"from collections.abc import {', '.join(collections)}"] if collections else []
    lines += [f"from typing import {', '.join(typings)}"] if typings else []
    lines += ["", "from pulumi import Input"] if "Input" in used else []
    ours = sorted([*imports, f"from multinet.typed.base import {', '.join(bases)}"])
    return "\n".join([*lines, "", *ours, "", "", body, ""])


def _title(module: str) -> str:
    return f"What authors write of {module.replace('_', ' ')}."


def _class(model: type[BaseModel]) -> Iterator[str]:
    kind = model.model_fields.get("type")
    base = next((name for base, name in _BASES if issubclass(model, base)), "Typed")
    base = _SPECIAL.get(model, base)
    yield "@dataclasses.dataclass(frozen=True, kw_only=True)"
    yield f"class {_name(model)}({base}):"
    yield from _docstring(_summary(model), "    ")
    if kind is not None and isinstance(kind.default, str) and kind.default:
        yield f'\n    TYPE: ClassVar[str] = "{kind.default}"'
    if base == "Primary":
        yield f'\n    PLUGIN: ClassVar[str] = "{_name(model).lower()}"'
    if odd := {n: f.alias for n, f in _fields(model) if f.alias and f.alias != camel(n)}:
        yield f"    KEYS: ClassVar[Mapping[str, str]] = {_mapping(odd)}"
    texts = field_texts(model)
    for name, field in _fields(model):
        required = field.is_required()
        kind_of = _type(field.annotation)
        optional = "" if required or " | None" in kind_of[-7:] else " | None"
        default = "" if required else " = None"
        if model is ConfList and name == "cni_version":
            optional, default = "", ' = "1.0.0"'
        described = [*_docstring(texts.get(name, ""), "    ")]
        yield from [""] if described else []
        yield f"    {name}: {kind_of}{optional}{default}"
        yield from described


def _mapping(odd: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{k}": "{v}"' for k, v in odd.items()) + "}"


def _type(annotation: Any) -> str:
    """How an author writes a value of this: every leaf an Input."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if inspect.isclass(annotation) and issubclass(annotation, SecretStr | Ciphertext):
        return "Input[str]"  # an author gives an Output that is secret
    if origin is typing.Annotated:
        return _type(args[0])
    if origin in (typing.Union, types.UnionType):
        kinds = dict.fromkeys(_type(a) for a in args if a is not type(None))
        return " | ".join(kinds)
    if origin is typing.Literal:
        return f"Input[Literal[{', '.join(_quoted(a) for a in args)}]]"
    if origin in (list, tuple, typing.get_origin(typing.Sequence[str])):
        return f"Input[Sequence[{_type(args[0])}]]"
    if origin in (dict, typing.get_origin(Mapping[str, str])):
        return f"Input[Mapping[str, {_type(args[1])}]]"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        base = next((name for base, name in _BASES if annotation is base), _name(annotation))
        # One that says by itself which primary CNI it is stands for the whole section.
        alone = "Primary | " if _SPECIAL.get(annotation) == "WithPrimary" else ""
        return f"{base} | {alone}Input[Mapping[str, Any]]"
    if annotation is NetworkConfig:
        return "Plugin | Chain | Input[Mapping[str, Any]] | Input[str]"
    return f"Input[{_SCALARS[annotation]}]" if annotation in _SCALARS else "Any"


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _summary(model: type[BaseModel]) -> str:
    return (inspect.getdoc(model) or "").split("\n\n")[0]


def _docstring(text: str, indent: str) -> Iterator[str]:
    """Folded to the line's width; nothing where there is no text."""
    words = " ".join(text.split())
    if not words:
        return
    if len(indent) + len(words) + 6 <= _WIDTH:
        yield f'{indent}"""{words}"""'
        return
    lines = textwrap.wrap(
        f'"""{words}', _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False
    )
    yield from (indent + line for line in lines)
    yield f'{indent}"""'


def _face(by_module: Mapping[str, list[type[BaseModel]]]) -> str:
    names = {_name(m): module for module, models in by_module.items() for m in models}
    names |= {"Existing": "primary", "Ipam": "base", "Plugin": "base"}
    by: dict[str, list[str]] = defaultdict(list)
    for name, module in names.items():
        by[module].append(name)
    lines = [
        '"""What Python authors write: every plugin, IPAM and setting. Made by `make docs`."""',
        "",
    ]
    lines += [f"from multinet.typed.{m} import {', '.join(sorted(by[m]))}" for m in sorted(by)]
    lines += ["", "__all__ = ["] + [f'    "{name}",' for name in sorted(names)] + ["]", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    write()
