"""Writes docs/reference/: pages and a schema that come from the code. `make docs` runs it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bench import page as benchmarks
from docs import codes, commands, pictures, proofs
from multinet.addons.settings import AddonsSettings
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.findings.described import field_texts
from multinet.findings.model import CheckedModel
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.policies.settings import PolicySettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.stack import schema
from multinet.stack.settings import StackSettings

_HEAD = "\n| key | what it is | type | default |\n|---|---|---|---|"
REFERENCE = Path(__file__).parent / "reference"
_MADE = "<!-- made by `make docs` -->\n\n"
_SECTIONS: dict[str, tuple[str, type[BaseModel]]] = {
    "The stack": ("multinet:", StackSettings),
    "Primary CNI": ("multinet:primaryCni", PrimaryCniSettings),
    "Multus": ("multinet:multus", MultusSettings),
    "Add-ons": ("multinet:addons", AddonsSettings),
    "A network": ("multinet:networks.<name>", NetworkSettings),
    "A policy": ("multinet:policies.<name>", PolicySettings),
    "A node": ("multinet:nodes.<name>", NodeSettings),
}


def pages() -> dict[str, str]:
    """File name → content, of every generated page."""
    published = json.dumps(schema.stack_file_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        "commands.md": _MADE + "\n".join(commands.page()) + "\n",
        "settings.md": "\n".join(_settings()) + "\n",
        "networks.md": "\n".join(_networks()) + "\n",
        "multinet.schema.json": published,
    }


def _settings() -> Iterator[str]:
    yield _MADE + "# Settings"
    yield ""
    yield "Every key of a stack file. [The schema](multinet.schema.json) says the same to editors: put"
    yield "`# yaml-language-server: $schema=docs/reference/multinet.schema.json` on the first line."
    definitions = schema.stack_file_schema()["$defs"]
    for title, (path, model) in _SECTIONS.items():
        yield f"\n## {title}: `{path}`\n"
        yield _text(model)
        yield _HEAD
        yield from _rows(model, definitions)
        for name, inner in _inner(model):
            yield f"\n### `{name}`\n"
            yield _text(inner)
            yield _HEAD
            yield from _rows(inner, definitions)


def _networks() -> Iterator[str]:
    yield _MADE + "# CNI plugins and IPAM plugins"
    yield ""
    yield "A network's `config` is a CNI configuration in the plugins' own keys. These are known key"
    yield "by key; any other `type` passes with the rules that hold for every configuration."
    for title, known, proven in (
        ("Plugins", PLUGINS, proofs.PLUGINS),
        ("IPAM", IPAM_PLUGINS, proofs.IPAM),
    ):
        yield f"\n## {title}\n"
        yield "| type | keys | read from | proven |\n|---|---|---|---|"
        for kind, model in known.items():
            keys = [k for k in _keys(model) if k not in _COMMON]
            how, what = proven[kind]
            shown = ", ".join(f"`{k}`" for k in keys) or "–"
            yield f"| [{kind}](#{kind}) | {shown} | {model.SOURCE} | {how}: {what} |"
        for kind, model in known.items():
            yield f"\n### {kind}\n\n{_text(model)}"
            if model.BROUGHT_BY:
                yield f"\nIt is no reference plugin: {model.BROUGHT_BY} lays it out."
            if told := list(_told(model)):
                yield "\n" + "\n".join(told)


_COMMON = {"cniVersion", "name", "dns", "capabilities", "ipam", "args", "runtimeConfig", "type"}
"""What every plugin object has."""


def _told(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Keys that say themselves what they are, those of inner objects below them."""
    for name, text in field_texts(model).items():
        field = model.model_fields[name]
        if not prefix and (field.alias or name) in _COMMON:
            continue
        key = f"{prefix}{field.alias or name}"
        yield f"- `{key}`: {text}"
        for inner in _models(field.annotation):
            yield from _told(inner, f"{key}.")


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _text(model: type[BaseModel]) -> str:
    return inspect.getdoc(model) or ""


def _rows(model: type[BaseModel], definitions: Mapping[str, Any]) -> Iterator[str]:
    own = definitions.get(model.__name__) or model.model_json_schema(by_alias=True)
    for key, value in own["properties"].items():
        told = value.get("description", "").replace("\n", " ").replace("|", "\\|")
        if key == "config" and model is NetworkSettings:
            yield f"| `{key}` | {told} | [a CNI configuration](networks.md) | required, or `perNode` |"
            continue
        required = key in own.get("required", [])
        default = "required" if required else f"`{json.dumps(value.get('default'))}`"
        if not required and not isinstance(value.get("default"), str | int | list):
            default = "–"
        yield f"| `{key}` | {told} | {_type(value)} | {default} |"


def _type(value: Mapping[str, Any]) -> str:
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " \\| ".join(f"`{word}`" for word in value["enum"])
    if "anyOf" in value or "oneOf" in value:
        options = value.get("anyOf") or value["oneOf"]
        return " or ".join(_type(o) for o in options if o.get("type") != "null")
    if "$ref" in value:
        return _name(value["$ref"].rpartition("/")[2])
    if value.get("type") == "array":
        return f"list of {_type(value.get('items', {}))}"
    if value.get("type") == "object" and isinstance(value.get("additionalProperties"), dict):
        return f"mapping to {_type(value['additionalProperties'])}"
    bounds = [
        f"{word} {value[k]}" for k, word in (("minimum", "from"), ("maximum", "to")) if k in value
    ]
    kind = {"integer": "whole number", "object": "mapping", "string": "text"}
    return " ".join([kind.get(value.get("type", ""), value.get("type", "any")), *bounds])


def _name(definition: str) -> str:
    if definition == "Ciphertext":
        return "a secret"
    return f"{definition.removesuffix('Settings')} (below)"


def _inner(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Models of a section's own sub-sections, by key, depth first."""
    top = {inner for _, inner in _SECTIONS.values()}
    for name, field in model.model_fields.items():
        for inner in _models(field.annotation):
            if inner not in top and issubclass(inner, CheckedModel):
                if inner.__name__ == "Ciphertext":
                    continue
                yield field.alias or name, inner
                yield from ((f"{field.alias or name}.{n}", m) for n, m in _inner(inner))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models(argument)


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, content in pages().items():
        (REFERENCE / name).write_text(content, encoding="utf-8")
    codes.main()
    pictures.main()
    benchmarks.write()


if __name__ == "__main__":
    main()
