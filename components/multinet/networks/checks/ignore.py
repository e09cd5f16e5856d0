"""Silencing warnings that are known and accepted: per network, by code, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from multinet.findings import Finding, Severity
from multinet.findings.catalog import CATALOG
from multinet.findings.suggest import did_you_mean
from multinet.networks.checks.view import ROOT


def silence(findings: Iterable[Finding], ignores: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """The findings without ignored warnings, plus an error for each `ignore` that is wrong.

    Args:
        findings: with paths that start at the stack's top: (`multinet:networks`, name, …).
        ignores: network → code → reason.
    """
    kept = [f for f in findings if not _ignored(f, ignores)]
    return kept + [f for name, codes in ignores.items() for f in _wrong(name, codes)]


def _ignored(finding: Finding, ignores: Mapping[str, Mapping[str, str]]) -> bool:
    if finding.severity is not Severity.WARNING or len(finding.path) < 2:
        return False
    root, name = finding.path[:2]
    return root == ROOT and finding.code in ignores.get(str(name), {})


def _wrong(name: str, codes: Mapping[str, str]) -> Iterator[Finding]:
    warnings = [code for code, entry in CATALOG.items() if entry.severity is Severity.WARNING]
    for code, reason in codes.items():
        path = (ROOT, name, "ignore", code)
        if code not in CATALOG:
            rule = f"{code!r} is not the code of a finding"
            yield Finding("unknown-code", path, rule, did_you_mean(code, warnings))
        elif CATALOG[code].severity is Severity.ERROR:
            rule = f"{code!r} is an error: {CATALOG[code].title}; it cannot be ignored"
            yield Finding("cannot-ignore-error", path, rule, "correct what it is about")
        elif not reason.strip():
            rule = f"ignoring {code!r} needs a reason, for whoever reads this next"
            yield Finding("reason-missing", path, rule, "say why it is no problem here")
