"""JSON Schema of a network's `config`, made from the models, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from multinet.cni.conf_list import ConfList
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS

_MODE: JsonSchemaMode = "validation"


def network_config_schema() -> dict[str, Any]:
    """`{"$ref": …, "$defs": …}`: a plugin object, a list of them, or either as a JSON string.

    Known types are checked key by key; another type is any object. The names in `$defs` are
    those of the models, and `CniConfig`, `Plugin`, `PluginList` and `Ipam`.
    """
    models: list[type[BaseModel]] = [*PLUGINS.values(), *IPAM_PLUGINS.values(), ConfList]
    _, generated = models_json_schema(
        [(model, _MODE) for model in models],
        by_alias=True,
        ref_template="#/$defs/{model}",
    )
    definitions: dict[str, Any] = _resolved(generated["$defs"])
    definitions["PluginList"] = definitions.pop("ConfList")
    definitions["PluginList"]["properties"]["plugins"]["minItems"] = 1
    definitions["Plugin"] = _by_type(PLUGINS, "The CNI plugin: a program in the CNI directory")
    definitions["Ipam"] = _by_type(IPAM_PLUGINS, "The IPAM plugin that hands out addresses")
    definitions["Ipam"]["required"] = []
    definitions["CniConfig"] = {
        "description": "A CNI configuration with the CNI specification's keys, or its JSON text.",
        "type": ["object", "string"],
        "if": {"type": "object"},
        "then": {
            "if": {"required": ["plugins"]},
            "then": {"$ref": "#/$defs/PluginList"},
            "else": {"$ref": "#/$defs/Plugin"},
        },
    }
    for model in models:
        _add_other_spellings(definitions.get(model.__name__, {}), model)
    for base in ("IpamConf", "PluginConf"):
        definitions.pop(base, None)
    return {"$ref": "#/$defs/CniConfig", "$defs": dict(sorted(definitions.items()))}


def _by_type(known: Mapping[str, type[BaseModel]], what: str) -> dict[str, Any]:
    """An object whose `type` decides which definition it follows; an unknown one, none."""
    return {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {
                "description": what,
                "anyOf": [{"enum": sorted(known)}, {"type": "string", "pattern": "^[^/]*$"}],
            }
        },
        "allOf": [
            {
                "if": {"required": ["type"], "properties": {"type": {"const": kind}}},
                "then": {"$ref": f"#/$defs/{model.__name__}"},
            }
            for kind, model in sorted(known.items())
        ],
    }


def _add_other_spellings(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Keys that a model takes in more than one spelling, or takes and does not heed."""
    for key, way_out in getattr(model, "UNREAD", {}).items():
        definition["properties"][key] = {"description": f"Not read: {way_out}.", "deprecated": True}
    for field in model.model_fields.values():
        if isinstance(field.validation_alias, AliasChoices):
            for spelling in field.validation_alias.choices:
                definition["properties"][spelling] = definition["properties"][field.alias]


def _resolved(value: Any) -> Any:
    """The definitions with `x-ref` markers turned into references."""
    if isinstance(value, Mapping):
        if "x-ref" in value:
            return {"$ref": value["x-ref"]}
        kept = {k: v for k, v in value.items() if k != "title" and (k, v) != ("default", None)}
        return {key: _resolved(item) for key, item in kept.items()}
    return [_resolved(item) for item in value] if isinstance(value, list) else value
