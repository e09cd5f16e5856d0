"""A snippet from a plugin's own documentation pastes in unchanged."""

from __future__ import annotations

import json

import pytest

from multinet.cni.config import parse
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.findings import errors
from tests.unit.cni.documented import ACCEPTED
from tests.unit.cni.documented_broken import REFUSED


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_documented_configuration_is_accepted_and_kept_as_it_is(name: str) -> None:
    written = ACCEPTED[name]

    config, findings = parse(written)

    assert config is not None, [str(f) for f in errors(findings)]
    assert config.raw == written, "what is sent is what was written"
    assert json.loads(config.to_json("nad")) == {"name": "nad", **written}


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_same_as_a_json_string_means_the_same(name: str) -> None:
    config, _ = parse(json.dumps(ACCEPTED[name]))

    assert config is not None
    assert config.raw == ACCEPTED[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_documented_configuration_that_fails_in_truth_is_refused(name: str) -> None:
    written, code = REFUSED[name]

    config, findings = parse(written)

    assert config is None
    assert code in {f.code for f in errors(findings)}


def test_every_known_plugin_and_ipam_has_a_documented_configuration() -> None:
    parsed = [config for config, _ in map(parse, ACCEPTED.values()) if config]
    plugins = {p.type for config in parsed for p in config.plugins}
    ipams = {p.ipam.type for config in parsed for p in config.plugins if p.ipam}

    assert set(PLUGINS) <= plugins
    assert set(IPAM_PLUGINS) - {"static"} <= ipams, "static's own example fails: see REFUSED"
