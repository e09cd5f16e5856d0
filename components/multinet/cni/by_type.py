"""From a `type` to the model that checks the object: the known ones, or an opaque one."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from types import ModuleType
from typing import Any, TypeVar

from multinet.cni.model import RESERVED, CniModel, is_runtimes, no_effect
from multinet.cni.programs import one_slip
from multinet.findings import Finding, Severity
from multinet.findings.model import check
from multinet.findings.suggest import did_you_mean

_M = TypeVar("_M", bound=CniModel)

_LONGEST_FILE_NAME = 255


def registered(package: ModuleType, base: type[_M]) -> dict[str, type[_M]]:
    """Type → model, by name: of the models that a package's `__init__` names."""
    models = (m for m in vars(package).values() if isinstance(m, type) and issubclass(m, base))
    return dict(sorted((m.model_fields["type"].default, m) for m in models))


def checked(
    raw: Any, known: Mapping[str, type[_M]], opaque: type[_M], what: str
) -> tuple[_M | None, list[Finding]]:
    """The typed object of one of the known types, or an opaque one, and every finding.

    `what` names such objects to users, e.g. `CNI plugin`.
    """
    if not isinstance(raw, Mapping):
        rule = f"must be a mapping whose 'type' names the {what}"
        way_out = "write {type: …}, with the keys of that type beside it"
        value = raw if isinstance(raw, str) else None
        return None, [Finding("wrong-type", (), rule, way_out, value)]
    written = list(reserved(raw))
    data = {k: v for k, v in raw.items() if not is_runtimes(k)}
    kind = raw.get("type")
    if not isinstance(kind, str) or not kind:
        rule = f"'type' must name the {what}"
        way_out = type_way_out(raw, known) or did_you_mean("", known)
        return None, [Finding("missing-type", ("type",), rule, way_out), *written]
    if "/" in kind:
        rule = "a type is the name of a program in the CNI directory, so it has no slash"
        written.append(Finding("type-with-slash", ("type",), rule, "name the program only", kind))
    if not kind.isprintable() or kind in (".", "..") or len(kind.encode()) > _LONGEST_FILE_NAME:
        rule = f"is not the name of a program: printable, at most {_LONGEST_FILE_NAME} bytes"
        written.append(Finding("type-refused", ("type",), rule, "correct it", kind))
    expected = known.get(kind, opaque)
    written += _unread(data, expected, kind)
    data = {k: v for k, v in data.items() if k not in expected.UNREAD}
    model, found = check(expected, data)
    if model is not None:
        model.note(written)  # where it is valid but for these, it still knows them
        return model, written + found
    found = [_hinted(f, expected) for f in found]
    return None, written + found + _beyond(expected, data, found)


def keys_of(model: type[CniModel]) -> set[str]:
    """The keys that a plugin is documented with."""
    return {field.alias or name for name, field in model.model_fields.items()}


def type_way_out(raw: Mapping[Any, Any], known: Mapping[str, type[CniModel]]) -> str:
    """Where the type is missing: a key that was meant to be it, or whose keys the others are."""
    for key in raw:
        if isinstance(key, str) and key != "type" and key.strip(" :").lower() == "type":
            return f"write the key as 'type', not {key!r}"
        if isinstance(key, str) and key != "plugins" and key.strip(" :").lower() == "plugins":
            return f"write the key as 'plugins', not {key!r}: here case matters"
    all_keys = {name: keys_of(model) for name, model in known.items()}
    own = raw.keys() - set.intersection(*all_keys.values())
    fits = [name for name, keys in all_keys.items() if own and own <= keys]
    return f"add the type; these are keys of {' or '.join(fits)}" if fits else ""


def _hinted(finding: Finding, model: type[CniModel]) -> Finding:
    """An unknown key that users mistake for one of this plugin's says what to write instead."""
    hint = model.HINTS.get(str(finding.path[0])) if len(finding.path) == 1 else None
    if finding.code != "unknown-key" or hint is None:
        return finding
    return dataclasses.replace(finding, way_out=hint)


def _beyond(model: type[_M], data: Mapping[str, Any], found: list[Finding]) -> list[Finding]:
    """What the model's own rules say when unknown keys and a wrong `ipam` are left out.

    They run only on an object whose every key is right; so one typo would hide the rest.
    """
    wrong = {f.path[0] for f in found if f.path}
    droppable = {f.path[0] for f in found if f.code == "unknown-key" and len(f.path) == 1}
    if not wrong or wrong - droppable - {"ipam"}:
        return []
    _, more = check(model, {k: v for k, v in data.items() if k not in wrong})
    return [f for f in more if f not in found and f.code not in _ABSENT]


_ABSENT = frozenset({"missing-key", "no-ranges"})
"""What may only seem to be missing because a mistyped key was left out."""


def _unread(data: Mapping[Any, Any], model: type[CniModel], kind: str) -> Iterator[Finding]:
    for key in data:
        if key in model.UNREAD:
            rule = f"{kind}'s documentation has this key, and its program does not read it"
            yield no_effect((key,), rule, model.UNREAD[key])


def reserved(raw: Mapping[Any, Any]) -> Iterator[Finding]:
    """Errors for keys whose value only the runtime can know."""
    for key in raw:
        if key in RESERVED:
            rule = f"{key!r} is written by the runtime when a pod attaches"
            yield Finding("reserved-key", (key,), rule, "remove it")


def mistyped(kind: str, known: Collection[str]) -> Iterator[Finding]:
    """A warning for a type that nobody is known to use, one slip away from one that is."""
    meant = one_slip(kind, known)
    if meant is not None:
        rule = f"is not known here: pods fail where a node has no program {kind!r}"
        way_out, warning = f"did you mean {meant!r}?", Severity.WARNING
        yield Finding("type-mistyped", ("type",), rule, way_out, kind, warning)
