"""The authors' classes are made from the models, and say the same as a CNI configuration."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import multinet
from docs import typed as generator
from multinet import typed
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.typed.base import Typed, camel, tree
from tests.unit.cni import documented


def test_the_modules_are_those_that_make_docs_writes() -> None:
    for name, text in generator.modules().items():
        written = (generator.DIRECTORY / name).read_text(encoding="utf-8")
        assert written == text, f"{name} is not what the models say: make docs"


def test_every_plugin_and_ipam_has_a_class_that_multinet_offers() -> None:
    offered = {name: getattr(multinet, name) for name in typed.__all__}
    types = {made.TYPE for made in offered.values() if issubclass(made, Typed)}
    assert {*PLUGINS, *IPAM_PLUGINS} <= types


def test_completion_and_suggestions_have_every_name_of_the_api() -> None:
    """The classes are imported when they are asked for, so that Python knows none by itself."""
    names = dir(multinet)
    assert {*multinet.__all__, *typed.__all__} <= set(names)
    assert all(hasattr(multinet, name) for name in names)


def _class_of(kind: str, base: type[Typed]) -> type[Typed]:
    (found,) = [
        made
        for made in (getattr(typed, name) for name in typed.__all__)
        if kind == made.TYPE and issubclass(made, base)
    ]
    return found


def _typed(value: Any, base: type[Typed] = typed.Plugin) -> Any:
    """The same configuration as an author writes it."""
    if "plugins" in value:
        rest = {k: v for k, v in value.items() if k != "plugins"}
        return _made(typed.Chain, {**rest, "plugins": [_typed(p) for p in value["plugins"]]})
    made = _class_of(value["type"], base)
    given = {k: v for k, v in value.items() if k != "type"}
    if given.get("ipam", {}).get("type") in IPAM_PLUGINS:
        given["ipam"] = _typed(given["ipam"], typed.Ipam)
    return _made(made, given)


def _made(cls: type[Typed], given: Mapping[str, Any]) -> Typed:
    fields = {
        cls.KEYS.get(f.name) or camel(f.name): f.name
        for f in dataclasses.fields(cls)  # type: ignore[arg-type]
    }
    return cls(**{fields[key]: value for key, value in given.items()})


def _known(config: Mapping[str, Any]) -> bool:
    plugins = config.get("plugins", [config])
    return all(p.get("type") in PLUGINS and _spelled(p) for p in plugins)


def _spelled(plugin: Mapping[str, Any]) -> bool:
    """Whether its keys are written as documented: an author's fields cannot be otherwise."""
    fields = PLUGINS[plugin["type"]].model_fields
    return {*plugin} <= {f.alias or name for name, f in fields.items()}


@pytest.mark.parametrize(
    "name", [n for n, c in documented.ACCEPTED.items() if isinstance(c, dict) and _known(c)]
)
def test_what_a_plugin_s_page_shows_can_be_written_typed(name: str) -> None:
    config = documented.ACCEPTED[name]
    said = tree(_typed(config))
    assert json.loads(json.dumps(said)) == {
        **({"cniVersion": "1.0.0"} if "plugins" in config else {}),
        **config,
    }


def test_no_module_is_longer_than_others_may_be() -> None:
    for file in Path(generator.DIRECTORY).glob("*.py"):
        assert len(file.read_text().splitlines()) <= 300, file.name
