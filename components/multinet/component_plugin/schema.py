"""The package's schema for Pulumi, from the same models that check the inputs. Pure.

Made here rather than inferred from annotations by the SDK: that knows neither unions nor
defaults, and drops keys that it does not know where they should be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

PACKAGE = "multinet"
_ANY = {"$ref": "pulumi.json#/Any"}
_LANGUAGES = ("nodejs", "python", "csharp", "java", "go")

Schema = dict[str, Any]


def package_schema(
    version: str,
    inputs: Mapping[str, type[BaseModel]],
    outputs: Mapping[str, Mapping[str, Schema]],
) -> Schema:
    """The schema of a package of components.

    Args:
        version: of the package.
        inputs: component → the model of its inputs.
        outputs: component → output → its schema; all are always there.
    """
    models = list(inputs.values())
    _, generated = models_json_schema([(model, "validation") for model in models], by_alias=True)
    types = _Types(generated["$defs"], _lineages(models))
    resources = {
        f"{PACKAGE}:index:{name}": types.component(model, outputs[name])
        for name, model in inputs.items()
    }
    return {
        "name": PACKAGE,
        "version": version,
        "displayName": "multinet",
        "description": "Several networks per pod on any Kubernetes cluster.",
        "language": {language: {"respectSchemaVersion": True} for language in _LANGUAGES},
        "resources": resources,
        "types": dict(sorted(types.known.items())),
    }


class _Types:
    """Definitions of JSON Schema turned into types of Pulumi's, as they are needed."""

    def __init__(self, definitions: Mapping[str, Schema], lineages: Mapping[str, list[str]]):
        self.definitions = definitions
        self.lineages = lineages
        self.known: dict[str, Schema] = {}

    def component(self, model: type[BaseModel], outputs: Mapping[str, Schema]) -> Schema:
        """A component's schema."""
        definition = self.definitions[model.__name__]
        return {
            "isComponent": True,
            "description": _summary(definition["description"]),
            "inputProperties": self._properties(model.__name__),
            "requiredInputs": sorted(definition.get("required", [])),
            "properties": dict(outputs),
            "required": sorted(outputs),
        }

    def _properties(self, model: str) -> dict[str, Schema]:
        return {
            key: {
                **self._type(rule, f"{_stem(self._owner(model, key))}{key[0].upper()}{key[1:]}"),
                "description": _with_default(rule),
            }
            for key, rule in self.definitions[model]["properties"].items()
        }

    def _owner(self, model: str, key: str) -> str:
        """The most general model that has the key: a type's name does not depend on its user."""
        owners = [
            name
            for name in self.lineages[model]
            if key in self.definitions.get(name, {}).get("properties", {})
        ]
        return owners[-1]

    def _type(self, rule: Schema, name: str) -> Schema:
        if "anyOf" in rule or "oneOf" in rule:
            options = rule.get("anyOf") or rule["oneOf"]
            real = [o for o in options if o.get("type") != "null"]
            if any(o.get("$ref", "").endswith("/Ciphertext") for o in real):
                return {"type": "string", "secret": True}
            nested = [o for o in real if "anyOf" in o or "oneOf" in o]
            return self._type((nested or real)[0], name)
        if "$ref" in rule:
            return self._reference(rule["$ref"].rpartition("/")[2])
        if "const" in rule or "enum" in rule:
            return self._enum(name, rule.get("enum") or [rule["const"]])
        kind = rule.get("type")
        if kind == "array":
            return {"type": "array", "items": self._type(rule.get("items", {}), name)}
        if kind == "object":
            values = rule.get("additionalProperties")
            inner = self._type(values, name) if isinstance(values, dict) else _ANY
            return {"type": "object", "additionalProperties": inner}
        return {"type": kind} if kind else dict(_ANY)

    def _reference(self, model: str) -> Schema:
        if "properties" not in self.definitions[model]:
            return dict(_ANY)
        token = f"{PACKAGE}:index:{model}"
        if token not in self.known:
            self.known[token] = {}  # a model that holds itself ends here
            definition = self.definitions[model]
            self.known[token] = {
                "type": "object",
                "description": _summary(definition.get("description", "")),
                "properties": self._properties(model),
                "required": sorted(definition.get("required", [])),
            }
        return {"$ref": f"#/types/{token}"}

    def _enum(self, name: str, values: Iterable[str]) -> Schema:
        token = f"{PACKAGE}:index:{name}"
        options = [{"name": value, "value": value} for value in values]
        self.known[token] = {"type": "string", "enum": options}
        return {"$ref": f"#/types/{token}"}


def _summary(docstring: str) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())


def _with_default(rule: Schema) -> str:
    """A property's description, and the default where there is a plain one."""
    text: str = rule.get("description", "")
    default = rule.get("default")
    if default is None or default in ("", [], {}) or isinstance(default, dict):
        return text
    if isinstance(default, list):
        shown = ", ".join(map(str, default))
    else:
        shown = default if isinstance(default, str) else str(default).lower()
    return f"{text} Default: {shown}."


def _stem(model: str) -> str:
    return model.removesuffix("Inputs").removesuffix("Settings")


def _lineages(models: Iterable[type[BaseModel]]) -> dict[str, list[str]]:
    """Model → it and its bases by name, the nearest first; of every model that is reachable."""
    found: dict[str, list[str]] = {}
    waiting: list[Any] = list(models)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, type) and issubclass(thing, BaseModel):
            if thing.__name__ not in found:
                bases = [base for base in thing.__mro__ if issubclass(base, BaseModel)]
                found[thing.__name__] = [base.__name__ for base in bases]
                waiting += [field.annotation for field in thing.model_fields.values()]
        else:
            waiting += getattr(thing, "__args__", ())
    return found
