"""One finding, and the exception that carries all findings of a bad environment."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Iterable, Sequence
from typing import Any

from multinet.findings.path import Path, format_path
from multinet.findings.text import count, printable

__all__ = [
    "Finding",
    "InvalidEnvironment",
    "Path",
    "Severity",
    "errors",
    "show",
    "warnings",
]

_SHOWN_VALUE = 80
_SHOWN_SENTENCE = 2000


class Severity(enum.StrEnum):
    """`error`: certain damage, nothing is created. `warning`: possible damage, reported."""

    ERROR = "error"
    WARNING = "warning"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or possibly wrong, in an environment.

    Attributes:
        code: stable name of the rule, e.g. `address-outside-subnet`; see docs/reference/findings.md.
        path: where in the configuration; empty for the file as a whole.
        rule: what was found and which rule it breaks, one sentence.
        way_out: what to do about it.
        value: the offending value; already masked where it is a secret.
        severity: error or warning.
        line: 1-based line in the user's file, where known.
        file: that file, where it is not the environment's: a program's.
    """

    code: str
    path: Path
    rule: str
    way_out: str
    value: Any = None
    severity: Severity = Severity.ERROR
    line: int | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        # Rules and ways out quote what the user wrote: they must not steer a terminal with it,
        # show a secret that stands in the wrong place, or fill the screen.
        for field in ("rule", "way_out"):
            text = getattr(self, field)
            clean = printable(text, _SHOWN_SENTENCE)
            if clean is not text:
                object.__setattr__(self, field, clean)

    @property
    def where(self) -> str:
        """The path as text; `(file)` when the finding is about the file as a whole."""
        return format_path(self.path) or "(file)"

    def under(self, prefix: Path) -> Finding:
        """The same finding, seen from further up."""
        return dataclasses.replace(self, path=prefix + self.path)

    def at(self, path: Path) -> Finding:
        """The same finding, elsewhere."""
        return dataclasses.replace(self, path=path)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: plain values, stable keys."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "path": self.where,
            "line": self.line,
            "value": None if self.value is None else show(self.value),
            "rule": self.rule,
            "wayOut": self.way_out,
            **({"file": self.file} if self.file else {}),
        }

    def __str__(self) -> str:
        at = f" (line {self.line})" if self.line else ""
        shown = "" if self.value is None else f"\n    value: {show(self.value)}"
        way_out = f"\n    way out: {self.way_out}" if self.way_out else ""
        return (
            f"{self.severity}[{self.code}] {self.where}{at}{shown}\n    rule: {self.rule}{way_out}"
        )


class InvalidEnvironment(Exception):
    """An environment that is refused. Carries every finding, not only the first."""

    def __init__(
        self,
        findings: Sequence[Finding],
        source: str = "configuration",
        *,
        outcome: str = "nothing of it was created",
    ) -> None:
        self.findings = list(findings)
        self.source = source
        self.outcome = outcome
        super().__init__(self.text())

    def text(self) -> str:
        """All findings, for a terminal or for Pulumi's diagnostics."""
        problems = count(len(errors(self.findings)), "problem")
        body = "\n".join(str(f) for f in self.findings)
        return f"{self.source} is refused: {problems}, {self.outcome}\n{body}"


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only the errors."""
    return [f for f in findings if f.severity is Severity.ERROR]


def warnings(findings: Iterable[Finding]) -> list[Finding]:
    """Only the warnings."""
    return [f for f in findings if f.severity is Severity.WARNING]


def show(value: Any) -> str:
    """A value as the user wrote it: one line, shortened, secrets masked, no control characters."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return printable(text, _SHOWN_VALUE)
