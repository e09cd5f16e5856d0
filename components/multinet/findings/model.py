"""pydantic models whose refusals become findings: every one of them, each with its path."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError

from multinet.findings.described import field_texts
from multinet.findings.finding import Finding, Path, errors
from multinet.findings.suggest import did_you_mean
from multinet.findings.ways_out import of_bounds, of_pattern, of_type

_M = TypeVar("_M", bound=BaseModel)

_CARRIER = "findings"
SECRET_KEYS = frozenset({"kubeconfig", "privateKey", "password", "privateKeyPassword"})
"""Keys whose values are never shown."""
_WANTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
    "float_type": "a number",
}


class CheckedModel(BaseModel):
    """A frozen, strict model: camelCase keys, unknown keys refused, rules checked.

    Subclasses say in `rules()` what their types cannot. They are run once, when the object is
    made: an error makes it unconstructible, and one that is valid knows its warnings (`found`).
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    def rules(self) -> Iterator[Finding]:
        """Findings about this object, with paths relative to it."""
        yield from ()

    @functools.cached_property
    def found(self) -> tuple[Finding, ...]:
        """What its own rules found, with paths relative to it; see `findings_in` for all of it."""
        return () if _FIELDS_ALONE.get() else tuple(self.rules())

    def note(self, findings: Iterable[Finding]) -> None:
        """Let it know warnings that its rules cannot see, e.g. of how it was written."""
        self.__dict__["found"] = (*findings, *self.found)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """With what stands under each field as its description."""
        made = handler(core_schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, text in field_texts(cls).items():
            rule = properties.get(cls.model_fields[name].alias or name)
            if rule is not None:
                rule["description"] = text
        return made

    @model_validator(mode="after")
    def _refuse_errors(self) -> typing.Self:
        if errors(self.found):
            raise carrier([*findings_in(self)])
        return self


@contextlib.contextmanager
def fields_alone() -> Iterator[None]:
    """Within it fields are checked one by one: rules would look at values that are not there yet."""
    token = _FIELDS_ALONE.set(True)
    try:
        yield
    finally:
        _FIELDS_ALONE.reset(token)


def rules_wait() -> bool:
    """Whether only fields are checked now; see `fields_alone`."""
    return _FIELDS_ALONE.get()


_FIELDS_ALONE: contextvars.ContextVar[bool] = contextvars.ContextVar("fields_alone", default=False)


class Checked:
    """Something valid that is no model, and knows what was found in it.

    found: its warnings, those of its parts included, with paths relative to it.
    """

    found: tuple[Finding, ...]


def carrier(findings: Sequence[Finding]) -> PydanticCustomError:
    """An error for use inside a validator that carries several findings out of it."""
    context = {"count": len(findings), "findings": list(findings)}
    return PydanticCustomError(_CARRIER, "{count} findings", context)


def refusal(code: str, rule: str, way_out: str) -> PydanticCustomError:
    """An error for use inside a field's validator: one broken rule about that value."""
    return PydanticCustomError("rule", "{rule}", {"code": code, "rule": rule, "way_out": way_out})


def check(model: type[_M], raw: object, path: Path = ()) -> tuple[_M | None, list[Finding]]:
    """Validate plain data by its file keys.

    Returns the model, None where it is refused, and every finding: warnings too, those of every
    model inside it included.
    """
    try:
        checked = model.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        return None, findings_of(error, model, path)
    return checked, [*findings_in(checked, path)]


def findings_in(value: object, path: Path = ()) -> Iterator[Finding]:
    """What was found in something checked, and in everything inside it. Runs no rule again."""
    if isinstance(value, CheckedModel | Checked):
        for finding in value.found:
            yield finding.under(path)
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            inner = getattr(value, name)
            if inner is not None and type(inner) not in _SCALARS:
                yield from findings_in(inner, (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from findings_in(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from findings_in(item, (*path, i))


_SCALARS = frozenset({str, int, float, bool})


def findings_of(error: ValidationError, model: type[BaseModel], path: Path = ()) -> list[Finding]:
    """Translate pydantic's errors into findings, in the order of the file's keys."""
    found: list[Finding] = []
    for detail in error.errors(include_url=False):
        found.extend(f.under(path) for f in _translate(detail, model))
    return found


def _translate(detail: ErrorDetails, model: type[BaseModel]) -> Iterator[Finding]:
    kind, context = detail["type"], detail.get("ctx", {})
    loc: Path = tuple(step for step in detail["loc"] if step != "[key]")
    value = None if _is_secret(loc) else _shown(detail["input"])
    if kind == _CARRIER:
        for finding in context["findings"]:
            yield finding.under(loc)
    elif kind == "rule":
        yield Finding(context["code"], loc, context["rule"], context["way_out"], value)
    elif kind == "extra_forbidden":
        known = _keys_at(model, loc[:-1])
        rule = f"{loc[-1]!r} is not a key of this object"
        yield Finding("unknown-key", loc, rule, did_you_mean(str(loc[-1]), known))
    elif kind == "missing":
        yield Finding("missing-key", loc, f"{loc[-1]!r} is required here", "add the key")
    elif kind in _WANTED:
        wanted = _WANTED[kind]
        rule = f"must be {wanted}, not {_kind_of(detail['input'])}"
        in_list = bool(loc) and isinstance(loc[-1], int)
        given = f"write {wanted}"  # a secret's value is not quoted
        way_out = given if _is_secret(loc) else of_type(kind, detail["input"], in_list=in_list)
        yield Finding("wrong-type", loc, rule, way_out, value)
    elif kind in ("enum", "literal_error"):
        words = context["expected"].replace(" or ", ",").split(",")
        known = [word for w in words if (word := w.strip().strip("'"))]
        rule = f"must be one of {', '.join(known)}"
        way_out = did_you_mean(str(detail["input"]), known)
        yield Finding("unknown-value", loc, rule, way_out, value)
    elif kind == "string_pattern_mismatch":
        yield Finding("wrong-value", loc, *of_pattern(context["pattern"]), value)
    else:
        rule, way_out = of_bounds(kind, context)
        said = detail["msg"][:1].lower() + detail["msg"][1:]
        page = "docs/reference/settings.md says what it takes"
        yield Finding("wrong-value", loc, rule or said, way_out or page, value)


def _kind_of(value: object) -> str:
    if value is None:
        return "empty"
    names = {bool: "a boolean", int: "a whole number", float: "a number", str: "a string"}
    if type(value) in names:
        return names[type(value)]
    return (
        "a mapping"
        if isinstance(value, Mapping)
        else "a list"
        if isinstance(value, list)
        else "that"
    )


def _shown(value: object) -> object:
    """Scalars and lists of scalars as they are; nothing that could hold a secret inside."""
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(v, str | int | float | bool) for v in value):
        return value
    return None


def _is_secret(loc: Path) -> bool:
    return any(step in SECRET_KEYS for step in loc)


def _keys_at(model: type[BaseModel], loc: Path) -> list[str]:
    """The keys that the model at `loc` knows."""
    here: list[type[BaseModel]] = [model]
    for step in loc:
        fields = [f for m in here for n, f in m.model_fields.items() if step == (f.alias or n)]
        if fields:
            here = models_in(fields[0].annotation)
        # Any other step is a mapping's key or a list's position: its values' models stay.
    return sorted({f.alias or n for m in here for n, f in m.model_fields.items()})


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that values of such a field are, or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) is typing.Annotated:
        return models_in(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, list, dict, tuple):
        return [m for arg in typing.get_args(annotation) for m in models_in(arg)]
    return []
