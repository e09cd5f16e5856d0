"""Warnings that are known and accepted: of one network or of the whole stack, with a reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from multinet.findings import Finding, Path, Severity, errors
from multinet.findings.codes import CODES, ERRORS, WARNINGS
from multinet.findings.suggest import did_you_mean

_UNUSED = "ignore-unused"
_OF_A_RUNNING_CLUSTER = "live-"
_OF_NODES = "node-"
_SEEN_LIVE = frozenset({"nodes-own-subnet"})
"""Warnings that `verify` tells of a cluster's nodes too, where none is declared here."""


@dataclasses.dataclass(frozen=True)
class Ignore:
    """An `ignore` of the environment.

    Attributes:
        scope: path of what it is about: a network, or () for all that the stack has.
        path: its own.
        reasons: code → why that warning is no problem.
        live: codes that it accepts of what only a live cluster shows.
    """

    scope: Path
    path: Path
    reasons: Mapping[str, str]
    live: frozenset[str] = frozenset()


def silence(
    findings: Iterable[Finding], ignores: Iterable[Ignore], *, whole: bool = True
) -> list[Finding]:
    """The findings without ignored warnings, and what is wrong with each `ignore`.

    Args:
        findings: with paths that start as the ignores' scopes do.
        whole: whether these are all findings of an environment. If so, and if none of them is an
            error that may hide others, an `ignore` that silences nothing is told of.
    """
    ignores = [ignore for ignore in ignores if ignore.reasons]
    used: set[tuple[Path, str]] = set()
    kept = [*_not_ignored(findings, ignores, used)]
    kept += [f for ignore in ignores for f in _wrong(ignore)]
    if not whole or errors(kept):
        return kept
    unused = [f for ignore in ignores for f in _unused(ignore, used) if f.path[-1] != _UNUSED]
    kept += _not_ignored(unused, ignores, used)
    return kept + [f for ignore in ignores for f in _unused(ignore, used) if f.path[-1] == _UNUSED]


def _not_ignored(
    findings: Iterable[Finding], ignores: Iterable[Ignore], used: set[tuple[Path, str]]
) -> Iterator[Finding]:
    by_code: dict[str, list[Path]] = {}
    for ignore in ignores:
        for code in ignore.reasons:
            by_code.setdefault(code, []).append(ignore.scope)
    scopes_of = {code: frozenset(scopes) for code, scopes in by_code.items()}
    for finding in findings:
        scopes = scopes_of.get(finding.code, frozenset()) & {finding.path[:2], ()}
        if scopes and finding.severity is Severity.WARNING:
            used.update((scope, finding.code) for scope in scopes)
        else:
            yield finding


def _wrong(ignore: Ignore) -> Iterator[Finding]:
    for code, reason in ignore.reasons.items():
        path = (*ignore.path, code)
        if code not in CODES:
            rule = f"{code!r} is not the code of a finding"
            yield Finding("unknown-code", path, rule, did_you_mean(code, sorted(WARNINGS)))
        elif code in ERRORS:
            rule = f"{code!r} is an error: it cannot be ignored"
            yield Finding("cannot-ignore-error", path, rule, "correct what it is about")
        elif not reason.strip():
            rule = f"ignoring {code!r} needs a reason, for whoever reads this next"
            yield Finding("reason-missing", path, rule, "say why it is no problem here")


def _unused(ignore: Ignore, used: set[tuple[Path, str]]) -> Iterator[Finding]:
    for code in ignore.reasons:
        if (ignore.scope, code) in used or (code.startswith(_OF_NODES) and not ignore.scope):
            continue  # whether a node has it, the preflight sees
        if code in _SEEN_LIVE | ignore.live:
            continue
        rule = f"nothing here is told {code!r}: this `ignore` silences nothing"
        way_out = "remove it"
        if code.startswith(_OF_NODES):
            rule = f"{code!r} is told of nodes, which a network's `ignore` does not reach"
            way_out = "move it to multinet:ignore"
        elif code.startswith(_OF_A_RUNNING_CLUSTER):
            rule = f"{code!r} is what `multinet verify` sees, which goes by no `ignore`"
        yield Finding("ignore-unused", (*ignore.path, code), rule, way_out, None, Severity.WARNING)
