"""pydantic models whose refusals become findings: every one of them, each with its path."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from multinet.findings.described import field_texts
from multinet.findings.finding import Finding, Path, errors
from multinet.findings.part import Unfinished, apart, right_part
from multinet.findings.translate import CARRIER, findings_of

_M = TypeVar("_M", bound=BaseModel)
_MOST_IN_SHORT = 10


class CheckedModel(BaseModel):
    """A frozen, strict model: camelCase keys, unknown keys refused, rules checked.

    Subclasses say in `rules()` what their types cannot. They are run once, when the object is
    made: an error makes it unconstructible, and one that is valid knows its warnings (`found`).

    HINTS: keys that users mistake for this object's → the key that is meant, or what to write.
    """

    HINTS: ClassVar[Mapping[str, str]] = {}

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
        defer_build=True,
    )

    def rules(self) -> Iterator[Finding]:
        """Findings about this object, with paths relative to it.

        They are looked for in objects with wrong keys as well: what follows a use of such a key
        is not. `apart` keeps rules from hiding one another there.
        """
        yield from ()

    @functools.cached_property
    def found(self) -> tuple[Finding, ...]:
        """What its own rules found, with paths relative to it; see `findings_in` for all of it."""
        return () if _FIELDS_ALONE.get() else tuple(apart(self.rules()))

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

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_errors(
        cls, raw: Any, handler: ModelWrapValidatorHandler[typing.Self]
    ) -> typing.Self:
        if isinstance(raw, cls):
            return raw
        if issubclass(cls, Unfinished):
            return handler(raw)
        try:
            made = handler(raw)
        except ValidationError as error:
            raise _refused(cls, raw, error) from None
        if errors(made.found):
            raise carrier([*findings_in(made)], made)
        return made


def _refused(model: type[CheckedModel], raw: object, error: ValidationError) -> PydanticCustomError:
    """What its keys are refused for, and what its rules find in the rest of it."""
    details = error.errors(include_url=False)
    found = findings_of(details, model, model.HINTS)
    part, told = right_part(model, raw, details, model.HINTS)
    if part is not None:
        found += findings_in(part, told=told)
    return carrier(found, part)


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


def carrier(findings: Sequence[Finding], part: object = None) -> PydanticCustomError:
    """An error for use inside a validator that carries several findings out of it.

    pydantic knows at which key of the object above it was. `part`: what is right all the same.
    """
    text = "; ".join(_in_short(f) for f in errors(findings)[:_MOST_IN_SHORT])
    context = {"text": text, "findings": list(findings), "part": part}
    return PydanticCustomError(CARRIER, "{text}", context)


def _in_short(finding: Finding) -> str:
    return f"{finding.where}: {finding.rule}" if finding.path else finding.rule


def refusal(code: str, rule: str, way_out: str) -> PydanticCustomError:
    """An error for use inside a field's validator: one broken rule about that value."""
    return PydanticCustomError("rule", "{rule}", {"code": code, "rule": rule, "way_out": way_out})


@dataclasses.dataclass(frozen=True)
class Look(Generic[_M]):
    """What a look at plain data gave.

    Attributes:
        whole: the model; None where it is refused.
        part: the same, or what is right of a refused one (asking for the rest raises
            Unreadable); None where there is nothing to go by.
        findings: all of them, those of every model inside it included.
    """

    whole: _M | None
    part: _M | None
    findings: list[Finding]


def look(model: type[_M], raw: object) -> Look[_M]:
    """Validate plain data by its file keys, and keep what is right of it."""
    try:
        whole = model.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False)
        part = details[0].get("ctx", {}).get("part") if len(details) == 1 else None
        return Look(None, part, findings_of(details, model))
    return Look(whole, whole, [*findings_in(whole)])


def check(model: type[_M], raw: object, path: Path = ()) -> tuple[_M | None, list[Finding]]:
    """Validate plain data by its file keys: the model, None where it is refused, and findings."""
    looked = look(model, raw)
    return looked.whole, [f.under(path) for f in looked.findings] if path else looked.findings


def findings_in(
    value: object, path: Path = (), told: frozenset[int] = frozenset()
) -> Iterator[Finding]:
    """What was found in something checked, and in everything inside it. Runs no rule again.

    `told`: ids of objects inside it that are left out.
    """
    if id(value) in told:
        return
    if isinstance(value, CheckedModel | Checked):
        for finding in value.found:
            yield finding.under(path)
    if isinstance(value, BaseModel):
        for name, key in _holders(type(value)):
            inner = value.__dict__.get(name)
            if inner is not None:
                yield from findings_in(inner, (*path, key), told)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from findings_in(item, (*path, str(key)), told)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from findings_in(item, (*path, i), told)


@functools.cache
def _holders(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Fields that can hold something checked, each with its key."""
    fields = model.model_fields.items()
    return tuple((name, f.alias or name) for name, f in fields if _can_hold(f.annotation))


def _can_hold(annotation: Any) -> bool:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _can_hold(arguments[0])
    if origin is typing.Literal or not arguments:
        return origin is None and isinstance(annotation, type) and annotation not in _PLAIN
    return any(_can_hold(argument) for argument in arguments)


_PLAIN = frozenset({str, int, float, bool, type(None)})


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that values of such a field are, or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) is typing.Annotated:
        return models_in(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, list, dict, tuple):
        return [m for arg in typing.get_args(annotation) for m in models_in(arg)]
    return []
