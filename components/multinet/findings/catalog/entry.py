"""What the documentation says about a finding's code."""

from __future__ import annotations

import dataclasses

from multinet.findings.finding import Severity


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One code.

    Attributes:
        severity: what it usually is. One that is a warning in some cases is listed as one,
            since those cases can be ignored; see `ignore` of a network.
        title: the rule in a few words.
        explanation: one paragraph: what happens on a node if it stands, and the way out.
    """

    severity: Severity
    title: str
    explanation: str


def error(title: str, explanation: str) -> Entry:
    """An entry for certain damage."""
    return Entry(Severity.ERROR, title, explanation)


def warning(title: str, explanation: str) -> Entry:
    """An entry for possible damage."""
    return Entry(Severity.WARNING, title, explanation)
