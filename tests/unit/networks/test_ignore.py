"""Warnings that are known and accepted: silenced by code, with a reason."""

from __future__ import annotations

import pytest

from multinet.findings import Severity, warnings
from multinet.networks.checks import silence
from tests.unit.cni.test_configuration import KUBESPRAY
from tests.unit.networks.views import check, local, macvlan, told


def test_an_ignored_warning_is_gone_and_others_stay() -> None:
    found = check(one=KUBESPRAY, two={**KUBESPRAY, "master": "eth1"})

    kept = silence(found, {"one": {"default-route": "it is meant to be the way out"}})

    assert told(kept, "default-route") == {"two": "config.ipam.routes[0].dst"}
    assert set(told(kept, "host-local-on-shared-l2")) == {"one", "two"}


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        ("default-rout", "x", "unknown-code"),
        ("ranges-overlap", "x", "cannot-ignore-error"),
        ("default-route", " ", "reason-missing"),
    ],
)
def test_what_cannot_be_ignored_is_refused(code: str, reason: str, told: str) -> None:
    (finding,) = silence([], {"one": {code: reason}})

    assert finding.code == told
    assert finding.severity is Severity.ERROR
    assert finding.path == ("multinet:networks", "one", "ignore", code)


def test_errors_are_never_silenced() -> None:
    one = macvlan(local("10.1.0.0/24"))
    found = check(one=one, two=one)

    kept = silence(found, {"one": {"ranges-overlap": "because"}})

    assert "ranges-overlap" in {f.code for f in kept}
    assert warnings(kept) == warnings(found)
