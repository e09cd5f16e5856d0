"""What is right of an object that is refused: enough for the rules that ask for nothing else.

One wrong key must not hide what else is wrong, so that a file is not corrected in many rounds. Such
a part is made of the object's own class, without the keys that are wrong; a rule ends where it asks
for one of these, and what it found until then is told.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import ErrorDetails

from multinet.findings.finding import Finding, Path
from multinet.findings.suggest import nearest

_M = TypeVar("_M", bound=BaseModel)
_T = TypeVar("_T")


class Unreadable(Exception):
    """Asked for a key of a part that is wrong, or that a mistyped one may have been meant for."""


class Unfinished:
    """What makes a part of a model's class: attributes that are not there raise Unreadable."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise Unreadable(name)
            return super().__getattr__(name)


def apart(*rules: Iterable[Finding] | Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What these rules find, each as far as it gets: one that cannot go on stops no other.

    One that is called with values of a part is given as a callable that does so.
    """
    for each in rules:
        try:
            yield from each() if callable(each) else each
        except Unreadable:
            continue


def readable(ask: Callable[[], _T]) -> _T | None:
    """What is asked for; None where a part does not have it."""
    try:
        return ask()
    except Unreadable:
        return None


def right_part(
    model: type[_M], raw: object, details: Sequence[ErrorDetails], hints: Mapping[str, str]
) -> tuple[_M | None, frozenset[int]]:
    """The part that is right, and the ids of parts within it of objects that are refused as well.

    Args:
        details: what pydantic says; `part` in an error's context is what is right at that place.
        hints: unknown key → key that it is mistaken for, besides those of similar names.
    """
    if not isinstance(raw, Mapping):
        return None, frozenset()
    fields = {field.alias or name: name for name, field in model.model_fields.items()}
    data = {str(key): value for key, value in raw.items()}
    missing: set[str] = set()
    placed: list[object] = []
    for detail in details:
        path = tuple(step for step in detail["loc"] if step != "[key]")
        if not path:
            return None, frozenset()
        key, part = str(path[0]), detail.get("ctx", {}).get("part")
        if detail["type"] == "extra_forbidden" and len(path) == 1:
            data.pop(key, None)
            meant = hints.get(key) if hints.get(key) in fields else nearest(key, fields)
            if meant is not None and meant not in data:
                missing.add(fields[meant])
        elif part is not None and _put(data, path, part):
            placed.append(part)
        elif len(path) > 1 and isinstance(data.get(key), Mapping) and path[1] in data[key]:
            data[key] = {k: v for k, v in data[key].items() if k != path[1]}
        else:
            data.pop(key, None)
            missing.add(fields.get(key, key))
    try:
        made = _unfinished(model).model_validate(data)
    except ValidationError:
        return None, frozenset()
    for name in missing:
        made.__dict__.pop(name, None)
    return made, frozenset(map(id, placed))


def _put(data: dict[str, Any], path: Path, part: object) -> bool:
    """Put a part in the place of what is refused, in copies of the containers on the way."""
    inner: Any = data
    for step, following in zip(path, (*path[1:], None), strict=True):
        if isinstance(inner, list) != isinstance(step, int):
            return False
        if isinstance(step, int):
            if not step < len(inner):
                return False
        elif not isinstance(inner, dict) or step not in inner:
            return False
        inner[step] = part if following is None else copy.copy(inner[step])
        inner = inner[step]
    return True


@functools.cache
def _unfinished(model: type[_M]) -> type[_M]:
    """The class of the model's parts: nothing in it is required."""
    loose: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if field.is_required():
            optional = copy.copy(field)
            optional.default = None
            loose[name] = (field.annotation, optional)
    bases: Any = (Unfinished, model)
    made = create_model(model.__name__, __base__=bases, __module__=model.__module__, **loose)
    return cast(type[_M], made)
