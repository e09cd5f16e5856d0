"""Settings that an author gives, with leaves that may not be known yet, and their check.

What is known is checked at once, on the author's own line. Where something is an Output, the rest
is checked field by field; rules that look at several values wait until all are known, and refuse
then, before the object that is made of them.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Generic, TypeVar

import pulumi
from pydantic import BaseModel

from multinet import watch
from multinet.findings import Finding, InvalidEnvironment, Path, errors, warnings
from multinet.findings.model import check, fields_alone
from multinet.typed.base import tree

_T = TypeVar("_T")
_S = TypeVar("_S")
_R = TypeVar("_R")
_M = TypeVar("_M", bound=BaseModel)

Look = Callable[[Any], tuple[_T | None, list[Finding]]]
"""Plain data → what it means, None where it is refused, and every finding."""


@dataclasses.dataclass(frozen=True)
class Settled(Generic[_T]):
    """Checked settings, now or when all their values are known.

    Attributes:
        shape: them, where all is known; else what is known of them, the rest at its default, or
            None where that is not enough. It decides which resources there are.
        later: all of them, once every value is known; None: `shape` is all of them.
    """

    shape: _T | None
    later: pulumi.Output[_T] | None = None

    @property
    def known(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.later is None

    def map(self, make: Callable[[_T], _R]) -> _R | pulumi.Output[_R]:
        """What is made of them: at once, or an Output that secrets and dependencies travel with."""
        if self.later is not None:
            return self.later.apply(make)
        assert self.shape is not None
        return make(self.shape)

    def then(self, make: Callable[[_T], _R]) -> Settled[_R]:
        """What is made of them, with as much of it as is known."""
        known = None if self.shape is None else make(self.shape)
        return Settled(known, None if self.later is None else self.later.apply(make))

    @property
    def input(self) -> _T | pulumi.Output[_T]:
        """As an input of a resource."""
        return self.map(lambda whole: whole)


def settled(
    model: type[_M], given: object, source: str, plain: Collection[str] = (), part: Path = ()
) -> Settled[_M]:
    """The settings of one component; see `settle`. What is checked already is taken as it is."""
    if isinstance(given, Settled):
        return given
    if isinstance(given, model):
        return Settled(given)
    return settle(lambda raw: check(model, raw), given, source, plain, part=part)


def both(first: Settled[_T], second: Settled[_S]) -> Settled[tuple[_T, _S]]:
    """Two settings of which one thing is made."""
    known = None if first.shape is None or second.shape is None else (first.shape, second.shape)
    if first.known and second.known:
        return Settled(known)
    later = pulumi.Output.all(first.input, second.input)
    return Settled(known, later.apply(lambda pair: (pair[0], pair[1])))


def value(given: pulumi.Input[str], shape: str = "") -> Settled[str]:
    """One value that may be an Output; `shape` stands for it till then."""
    if isinstance(given, str):
        return Settled(given)
    return Settled(shape, pulumi.Output.from_input(given))


def settle(
    look: Look[_T],
    given: object,
    source: str,
    plain: Collection[str | Path] = (),
    *,
    at_once: Callable[[Any, list[Path]], list[Finding]] | None = None,
    root: Callable[[Path], Path] = lambda path: path,
    part: Path = (),
) -> Settled[_T]:
    """Check what an author gave: typed objects or mappings, whose leaves may be Outputs.

    Args:
        look: the check.
        given: with a stack file's keys, or typed.
        source: what a refusal calls it, e.g. `network lan`.
        plain: keys, anywhere in it or as a path, that decide which resources there are, and so
            cannot be Outputs.
        at_once: where something is an Output, what is found by all rules in the parts that have
            none: it is given the known part of it all, and the paths of what is not.
        root: path in `given` → path in `look`'s findings.
        part: where a stack file would have it, for who looks at what a program declares.

    Warnings go to the engine's log. Raises pulumi.RunError with every problem that can be told
    now; what cannot is refused when it is known, by the Output that all made of it waits for.
    """
    whole = tree(given)
    known, unknown = split(whole)
    if not unknown:
        return Settled(_accepted(look, known, source, part=part))
    with fields_alone():
        _, findings = look(known)
        shape, _ = look(split(whole, certain=True)[0])
    told = at_once(known, unknown) if at_once else []
    findings += [f for f in told if f not in findings]
    places = [root(path) for path in unknown]
    broken = [f for f in errors(findings) if not any(_near(f.path, path) for path in places)]
    broken += [_must_be_known(root(path)) for path in unknown if _is_plain(path, plain)]
    if broken:
        watch.finds(broken, part)
        raise pulumi.RunError(InvalidEnvironment(broken, source).text())
    warn(told, source)
    later = pulumi.Output.from_input(whole).apply(
        lambda resolved: _accepted(
            look, whole_numbers(tree(resolved)), source, _IN_AN_UPDATE, told, part=part
        )
    )
    return Settled(shape, later)


def _is_plain(path: Path, plain: Collection[str | Path]) -> bool:
    whole = [key for key in plain if not isinstance(key, str)]
    return bool(set(map(str, path)) & set(plain)) or any(key[: len(path)] == path for key in whole)


def _must_be_known(path: Path) -> Finding:
    rule = "decides which resources there are, and cannot be an output of another one"
    return Finding("must-be-known", path, rule, "take it from the stack's configuration")


_IN_AN_UPDATE = "it was not created"
"""What an update made before a value was known is there by then."""


def _accepted(
    look: Look[_T],
    raw: object,
    source: str,
    outcome: str = "nothing of it was created",
    told: Collection[Finding] = (),
    *,
    part: Path = (),
) -> _T:
    value, findings = look(raw)
    watch.finds((f for f in findings if f not in told), part)
    warn((f for f in findings if f not in told), source)
    if value is None or errors(findings):
        refusal = InvalidEnvironment(errors(findings), source, outcome=outcome)
        raise pulumi.RunError(refusal.text())
    return value


def warn(findings: Iterable[Finding], source: str) -> None:
    """Tell the warnings among findings in the engine's log; `source`: as of `settle`."""
    for finding in warnings(findings):
        # A path from the top of a stack says itself what it is about.
        of_stack = str(finding.path[:1]).count(":")
        pulumi.log.warn(str(finding) if of_stack else f"{source}: {finding}")


def split(value: object, *, certain: bool = False) -> tuple[Any, list[Path]]:
    """The value without what is not known yet, and the paths of that.

    In lists positions stay, since findings name them; `certain`: no list that has some of it.
    """
    unknown: list[Path] = []

    def copied(item: object, path: Path) -> Any:
        if isinstance(item, Mapping):
            each = ((key, copied(one, (*path, key))) for key, one in item.items())
            return {key: one for key, one in each if one is not _LATER}
        if isinstance(item, list | tuple):
            items = [copied(one, (*path, i)) for i, one in enumerate(item)]
            if certain and any(one is _LATER for one in items):
                return _LATER
            return [None if one is _LATER else one for one in items]
        if is_later(item):
            unknown.append(path)
            return _LATER
        return item

    known = copied(value, ())
    return (None if known is _LATER else known), unknown


_LATER = object()


def is_later(value: object) -> bool:
    """Whether it is an Output or something else that is awaited."""
    if isinstance(value, _PLAIN):
        return False
    return isinstance(value, pulumi.Output) or inspect.isawaitable(value)


_PLAIN = (str, int, float, type(None))


def _near(path: Path, unknown: Path) -> bool:
    """Whether one is at or below the other: a finding there may be about what is not known."""
    length = min(len(path), len(unknown))
    return path[:length] == unknown[:length]


def whole_numbers(value: Any) -> Any:
    """The wire knows only doubles; models and CNI plugins tell 1 from 1.0."""
    if isinstance(value, Mapping):
        return {key: whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [whole_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
