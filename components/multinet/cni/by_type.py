"""From a `type` to the model that checks the object: the known ones, or an opaque one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import ModuleType
from typing import Any, TypeVar

from multinet.cni.model import RESERVED, CniModel, is_runtimes, no_effect
from multinet.cni.programs import meant
from multinet.findings import Finding, Severity
from multinet.findings.model import look
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

    Where there is an error among these it is what is right of the object, and None where that is
    nothing. `what` names such objects to users, e.g. `CNI plugin`.
    """
    if not isinstance(raw, Mapping):
        rule = f"must be a mapping whose 'type' names the {what}"
        way_out = "write {type: …}, with the keys of that type beside it"
        value = raw if isinstance(raw, str) else None
        return None, [Finding("wrong-type", (), rule, way_out, value)]
    kind = raw.get("type")
    written = [*_of_type(raw, known, what), *reserved(raw)]
    expected = known.get(kind, opaque) if isinstance(kind, str) else opaque
    written += _unread(raw, expected, str(kind))
    unread = {*expected.UNREAD} if isinstance(kind, str) and kind else {"type"}
    looked = look(expected, {k: v for k, v in raw.items() if not (is_runtimes(k) or k in unread)})
    if looked.whole is not None:
        looked.whole.note(written)  # where it is valid but for these, it still knows them
    found = [f for f in looked.findings if f.path != ("type",) or "type" not in unread]
    return looked.part, written + found


def _of_type(raw: Mapping[Any, Any], known: Mapping[str, type[_M]], what: str) -> Iterator[Finding]:
    kind = raw.get("type")
    if not isinstance(kind, str) or not kind:
        rule = f"'type' must name the {what}"
        way_out = type_way_out(raw, known) or did_you_mean("", known)
        yield Finding("missing-type", ("type",), rule, way_out)
        return
    if "/" in kind:
        rule = "a type is the name of a program in the CNI directory, so it has no slash"
        yield Finding("type-with-slash", ("type",), rule, "name the program only", kind)
    if not kind.isprintable() or kind in (".", "..") or len(kind.encode()) > _LONGEST_FILE_NAME:
        rule = f"is not the name of a program: printable, at most {_LONGEST_FILE_NAME} bytes"
        yield Finding("type-refused", ("type",), rule, "correct it", kind)


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
    """A warning for a type that nobody is known to use, and that may stand for one that is."""
    name = meant(kind, known)
    if name is not None:
        rule = f"is not known here: pods fail where a node has no program {kind!r}"
        way_out, warning = f"did you mean {name!r}?", Severity.WARNING
        yield Finding("type-mistyped", ("type",), rule, way_out, kind, warning)
