"""Each rule of a plugin and an IPAM: what breaks it, with the code and the path it is told by."""

from __future__ import annotations

import pytest

from multinet.cni.config import parse
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.cni.programs import PUBLIC_IPAMS, PUBLIC_PLUGINS, one_slip
from multinet.findings import Finding, Severity, errors, format_path
from tests.unit.cni import broken_ipam, broken_plugins, doubtful, others

ERRORS = {
    **broken_plugins.PLUGINS,
    **broken_ipam.IPAM,
    **others.BROKEN,
}
WARNINGS = {**doubtful.WARNINGS, **others.DOUBTFUL}


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


@pytest.mark.parametrize("kind", [*PUBLIC_PLUGINS, "vxlan-overlay", "someone-elses", "x"])
def test_public_plugins_and_peoples_own_are_taken_without_a_word(kind: str) -> None:
    if kind != "cilium-cni":
        assert parse({"cniVersion": "1.0.0", "type": kind})[1] == []


@pytest.mark.parametrize("kind", [*PUBLIC_IPAMS, "our-ipam"])
def test_public_ipams_and_peoples_own_are_taken_without_a_word(kind: str) -> None:
    written = {"cniVersion": "1.0.0", "type": "macvlan", "ipam": {"type": kind, "pool": "a"}}
    assert parse(written)[1] == []


def test_no_known_name_is_a_slip_of_another_known_one() -> None:
    for names in ({*PLUGINS, *PUBLIC_PLUGINS}, {*IPAM_PLUGINS, *PUBLIC_IPAMS}):
        for name in names:
            assert one_slip(name, names - {name}) is None, name
