"""JSON Schema of a stack file, from the same models that check it: for editors."""

from __future__ import annotations

from typing import Any

from multinet.cni.schema import network_config_schema
from multinet.names import PROJECT, stack_key
from multinet.stack.settings import StackSettings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def stack_file_schema() -> dict[str, Any]:
    """The schema of Pulumi.<stack>.yaml; keys of other projects and of Pulumi itself pass."""
    network = network_config_schema()
    settings = StackSettings.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = {**settings.pop("$defs", {}), **network["$defs"]}
    sections = {stack_key(key): value for key, value in settings["properties"].items()}
    config = definitions["NetworkSettings"]["properties"]["config"]
    config["$ref"] = f"#/$defs/{config.pop('title')}"
    known = sorted(settings["properties"])
    return {
        "$schema": DIALECT,
        "title": "multinet environment",
        "description": "A stack file of multinet: Pulumi.<stack>.yaml.",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "properties": sections,
                # A mistyped key of ours is marked; keys of providers (kubernetes:…) pass.
                "patternProperties": {f"^{PROJECT}:(?!({'|'.join(known)})$)": False},
            }
        },
        "$defs": dict(sorted(definitions.items())),
    }
