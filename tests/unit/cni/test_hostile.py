"""No input makes the reading raise; whatever is refused has a reason."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from multinet.cni.config import parse
from multinet.findings import errors
from tests.unit.cni.arbitrary import JSON, NEARLY
from tests.unit.hostile.budget import cases, count


@cases(300)
@given(JSON | NEARLY)
def test_no_input_raises_and_every_refusal_has_a_reason(raw: object) -> None:
    count("networks: data of any shape")
    config, findings = parse(raw)

    assert (config is None) == bool(errors(findings))
    for finding in findings:
        str(finding)
        finding.as_dict()
    if config is not None:
        json.loads(config.to_json("n"))
        config.address_ranges()
        config.segment()


@cases(300)
@given(st.text(max_size=200) | NEARLY.map(json.dumps))
def test_no_text_raises(text: str) -> None:
    count("networks: text")
    config, findings = parse(text)
    assert (config is None) == bool(errors(findings))
