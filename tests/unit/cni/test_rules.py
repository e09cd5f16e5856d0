"""Each rule of a plugin and an IPAM: what breaks it, with the code and the path it is told by."""

from __future__ import annotations

import pytest

from multinet.cni.config import parse
from multinet.findings import Finding, Severity, errors, format_path
from tests.unit.cni import broken_ipam, broken_plugins, doubtful

ERRORS = {**broken_plugins.PLUGINS, **broken_ipam.IPAM}
WARNINGS = doubtful.WARNINGS


def _told(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(f.code, format_path(f.path) or "(file)") for f in findings}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_work_is_refused_with_its_place(name: str) -> None:
    written, code, path = ERRORS[name]

    config, findings = parse(written)

    assert config is None
    assert (code, path) in _told(errors(findings)), [str(f) for f in findings]


@pytest.mark.parametrize("name", WARNINGS)
def test_what_may_fail_is_reported_and_accepted(name: str) -> None:
    written, code, path = WARNINGS[name]

    config, findings = parse(written)

    assert config is not None, [str(f) for f in errors(findings)]
    found = [f for f in findings if f.severity is Severity.WARNING]
    assert (code, path) in _told(found), [str(f) for f in findings]


@pytest.mark.parametrize("name", ERRORS | WARNINGS)
def test_every_message_says_rule_and_way_out(name: str) -> None:
    written = (ERRORS | WARNINGS)[name][0]
    for finding in parse(written)[1]:
        assert finding.rule
        assert finding.way_out or finding.code in {"wrong-type", "wrong-value"}, finding
