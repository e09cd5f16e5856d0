"""No NAD's JSON and no request of a pod makes the checks raise; what is written says what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment, BandwidthLimit, Isolation, PortMapping
from multinet.cni.config import parse
from multinet.findings import InvalidEnvironment, errors
from multinet.names import NETWORKS
from multinet.networks.checks.view import NetworkView
from tests.unit.cni.arbitrary import NEARLY
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.checked import check_findings
from tests.unit.hostile.words import ENVIRONMENT, HOSTILE, WORDS

_TEXTS = [
    json.dumps(network["config"], indent=2)
    for network in ENVIRONMENT["networks"].values()
    if isinstance(network["config"], dict)
]
_JSON_WORDS = st.sampled_from(
    [
        *('{"', '"}', "{", "}", "[", "]", '"', ":", ",", "\\u0000", "\\ud800", "\\", "//", "/*"),
        *("NaN", "Infinity", "1e400", "-0", "9" * 5000, "null", "true", "\0", "\n", "\t", "\ufeff"),
        *('"type": "macvlan"', '"plugins": [', '"ipam": {', '"cniVersion": "1.0.0"', "\x1b[31m"),
    ]
)


def read(raw: object) -> None:
    config, findings = parse(raw)
    assert (config is None) == bool(errors(findings))
    check_findings(findings)
    if config is not None:
        written = config.to_json("n")
        written.encode()
        again = json.loads(written)
        assert again == {**json.loads(json.dumps(config.raw)), "name": config.name("n")}
        config.address_ranges()
        config.subnets()
        config.segment()


@cases(200)
@given(st.text(max_size=200) | st.lists(_JSON_WORDS, max_size=30).map("".join))
def test_any_text_as_a_nads_configuration(text: str) -> None:
    count("NADs: any text")
    read(text)


@st.composite
def _spliced(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(_TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 20)))
        text = text[:start] + draw(_JSON_WORDS | st.sampled_from(WORDS)) + text[end:]
    return text


@cases(200)
@given(_spliced())
def test_a_valid_configuration_with_grafts(text: str) -> None:
    count("NADs: valid ones, text changed")
    read(text)


@cases(200)
@given(NEARLY | st.dictionaries(st.sampled_from(["type", "ipam", "master", "name"]), HOSTILE))
def test_data_that_is_nearly_a_configuration(raw: object) -> None:
    count("NADs: data")
    read(raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    {
        "100,000 lists": ("[" * 100_000, "too-deep"),
        "100,000 objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "too-deep"),
        "51 levels": ('{"type":"x","a":' + "[" * 51 + "]" * 51 + "}", "too-deep"),
        "a number of 100,000 digits": (
            '{"type":"macvlan","mtu":' + "9" * 100_000 + "}",
            "not-json",
        ),
        "1e400": ('{"type":"own","x":1e400}', "not-a-json-value"),
        "2^64": ('{"type":"own","x":18446744073709551616}', "not-a-json-value"),
        "50 MB": ('{"type":"own","x":"' + "x" * 50_000_000 + '"}', "too-large"),
        "20,001 values": ({"type": "own", "x": [1] * 20_001}, "too-large"),
        "a key twice among 50,000": (
            "{" + ",".join(f'"k{i}":1' for i in range(50_000)) + ',"k49999":2}',
            "duplicate-key",
        ),
        "half a character": ({"type": "own", "x": "\ud800"}, "not-a-json-value"),
        "a NUL in the type": ({"type": "own\0"}, "type-refused"),
        "a terminal's escape in the type": ({"type": "own\x1b[2J"}, "type-refused"),
        "the directory above as type": ({"type": ".."}, "type-refused"),
        "a path as type": ({"type": "../../bin/sh"}, "type-with-slash"),
        "a path as name": ({"type": "own", "name": "../../x"}, "not-a-network-name"),
        "a newline in the name": ({"type": "own", "name": "a\nb"}, "not-a-network-name"),
        "a path as interface": ({"type": "macvlan", "master": "../x"}, "not-an-interface-name"),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_beyond_a_limit_there_is_a_finding(raw: str, code: tuple[object, str]) -> None:
    count("NADs: beyond a limit")
    given_, expected = code
    _, findings = parse(given_)
    assert expected in {f.code for f in errors(findings)}, raw
    check_findings(findings)


def test_thousands_of_routes_that_lead_nowhere_do_not_multiply() -> None:
    count("NADs: beyond a limit")
    ipam = {
        "type": "host-local",
        "ranges": [[{"subnet": f"10.{i // 256}.{i % 256}.0/24"} for i in range(2000)]],
        "routes": [
            {"dst": f"172.16.{i // 256}.{i % 256}/32", "gw": "192.0.2.1"} for i in range(2000)
        ],
    }
    _, findings = parse({"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam})
    assert {f.code for f in errors(findings)} == {"route-gateway-unreachable"}
    assert sum(len(str(f)) for f in findings) < 2_000_000


_VIEWS = [
    NetworkView(name, "default", config, "")
    for name, config in (
        ("plain", parse({"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"})[0]),
        (
            "able",
            parse(
                {
                    "cniVersion": "1.0.0",
                    "type": "macvlan",
                    "master": "eth0",
                    "capabilities": {"ips": True, "mac": True},
                    "ipam": {"type": "static"},
                }
            )[0],
        ),
    )
    if config is not None
]
_TEXT = st.sampled_from(WORDS) | st.text(max_size=20)
_TEXTS_OR_NONE = st.none() | _TEXT
_ATTACHMENTS = st.builds(
    Attachment,
    name=st.sampled_from(["plain", "able"]) | _TEXT,
    namespace=st.sampled_from([None, "default"]) | _TEXT,
    interface=st.sampled_from([None, "net1"]) | _TEXT,
    ips=st.just(()) | st.lists(_TEXT | st.just("10.1.1.1/24"), max_size=3) | _TEXT,
    mac=_TEXTS_OR_NONE,
    infiniband_guid=_TEXTS_OR_NONE,
    port_mappings=st.lists(
        st.builds(
            PortMapping,
            host_port=st.integers() | st.just(80),
            container_port=st.integers() | st.just(80),
            protocol=_TEXT | st.just("tcp"),
            host_ip=_TEXTS_OR_NONE,
        ),
        max_size=2,
    ),
    bandwidth=st.none()
    | st.builds(BandwidthLimit, ingress_rate=st.integers(), ingress_burst=st.integers()),
    default_route=st.just(()) | st.lists(_TEXT, max_size=2) | _TEXT,
    cni_args=st.dictionaries(st.text(max_size=8), HOSTILE, max_size=3),
    ipam_claim_reference=_TEXTS_OR_NONE,
)


@cases(300)
@given(
    st.lists(_ATTACHMENTS | _TEXT | st.sampled_from(_VIEWS), max_size=4),
    st.none() | st.sampled_from(["default"]) | _TEXT,
)
def test_any_request_is_written_as_asked_or_refused(
    wanted: list[Any], namespace: str | None
) -> None:
    count("annotations: requests")
    try:
        annotation = attach(
            *wanted, pod_namespace=namespace, isolation=Isolation(), declared=_VIEWS
        )[NETWORKS]
    except InvalidEnvironment as refused:
        check_findings(refused.findings)
        return
    annotation.encode()
    entries = [Attachment.to(w) if not isinstance(w, Attachment) else w for w in wanted]
    if annotation.startswith("["):
        read_back = [(e["name"], e.get("namespace")) for e in json.loads(annotation)]
    else:
        parts = [Attachment.to(part) for part in annotation.split(",")]
        read_back = [(part.name, part.namespace) for part in parts]
    assert read_back == [(e.name, e.namespace) for e in entries], "one entry for each request"
