"""What a check found: a code, a severity, a path in the user's file, a rule and a way out."""

from multinet.findings.finding import Finding, InvalidEnvironment, Path, Severity, errors, warnings
from multinet.findings.path import format_path
from multinet.findings.suggest import nearest

__all__ = [
    "Finding",
    "InvalidEnvironment",
    "Path",
    "Severity",
    "errors",
    "format_path",
    "nearest",
    "warnings",
]
