"""No stack file, and no configuration that the engine hands over, makes the checks raise or hang."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from multinet.stack import load, stackfile
from multinet.stack.load import check_config
from tests.unit.cni.arbitrary import JSON
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.checked import check_findings, check_verdict
from tests.unit.hostile.words import ENVIRONMENT, WORDS, mutated

_ROOT = Path(__file__).resolve().parents[3]
_VALID = [(_ROOT / f"Pulumi.{name}.yaml").read_bytes() for name in ("dev", "cilium")]
_TOKENS = (
    *(
        "config:",
        "multinet:",
        "networks: ",
        "nodes:",
        "multus: ",
        "\n",
        "  ",
        "    ",
        "- ",
        "{",
        "}",
    ),
    *(
        "[",
        "]",
        ",",
        ": ",
        "&a ",
        "*a",
        "<<: ",
        "!!int ",
        "!!python/object:os.system ",
        "!!set ",
        ">\n",
    ),
    *(
        "|\n",
        "'",
        '"',
        "#",
        "? ",
        "0x1F",
        ".inf",
        "\t",
        "x",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "\\ud800",
    ),
    *("\ufeff", "1:59:59", "2026-01-01", "null", "~", "yes", "=", "!", "@", "`", "\x85", "\u2028"),
)


def verdict(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content)
        file.flush()
        environment = load(Path(file.name))
    check_verdict(environment.settings, environment.findings)


def test_the_environment_that_is_mutated_is_valid() -> None:
    settings, findings = check_config(ENVIRONMENT)
    assert settings is not None, [str(f) for f in findings]
    check_verdict(settings, findings)


@cases(250)
@given(st.binary(max_size=400))
def test_bytes(content: bytes) -> None:
    count("stack files: bytes")
    verdict(content)


@st.composite
def _spliced(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(_VALID)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        content[start:end] = draw(
            st.binary(max_size=12)
            | st.sampled_from(_TOKENS).map(str.encode)
            | st.sampled_from([valid[start : start + 60] for valid in _VALID])
        )
    return bytes(content)


@cases(250)
@given(_spliced())
def test_a_valid_file_with_holes_and_grafts(content: bytes) -> None:
    count("stack files: valid ones, bytes changed")
    verdict(content)


@cases(400)
@given(st.lists(st.sampled_from(_TOKENS), max_size=60).map("".join))
def test_pieces_of_yaml(text: str) -> None:
    count("stack files: pieces of YAML")
    check_findings(stackfile.parse(text, "f").findings)


@cases(250)
@given(mutated() | st.dictionaries(st.sampled_from([*ENVIRONMENT, "x"]), JSON))
def test_a_valid_environment_with_hostile_values(config: dict[str, Any]) -> None:
    """As the engine hands it over, which is no YAML."""
    count("configurations: valid ones, values changed")
    check_verdict(*check_config(config))


@cases(150)
@given(mutated())
def test_a_hostile_environment_as_a_file(config: dict[str, Any]) -> None:
    count("stack files: hostile environments")
    # Any JSON is YAML: this writes half characters and huge numbers as an editor could.
    text = json.dumps({"config": {f"multinet:{key}": value for key, value in config.items()}})
    verdict(text.encode())


@cases(200)
@given(st.sampled_from(WORDS), st.integers(0, 5))
def test_hostile_names_of_things(word: str, where: int) -> None:
    count("configurations: hostile names")
    networks: dict[str, Any] = {word: {"config": {"cniVersion": "1.0.0", "type": "bridge"}}}
    nodes: dict[str, Any] = {word: {"links": {word: {"kind": "bridge", "ports": [word]}}}}
    network: dict[str, Any] = {"config": {"cniVersion": "1.0.0", "type": word, "master": word}}
    config: dict[str, Any] = [
        {"networks": networks},
        {"nodes": nodes},
        {"networks": {"a": network | {"namespace": word, "resourceName": word}}},
        {"nodes": {"n": {"sysctls": {word: word}, "modules": [word], "labels": {word: word}}}},
        {"multus": {"namespace": word, "cniConfDir": word, "image": word, "registry": word}},
        {"primaryCni": {"plugin": "existing", "confFile": word}},
    ][where]
    settings, findings = check_config(config)
    check_verdict(settings, findings)
    if where in (0, 1, 5) and not re.fullmatch("[a-z0-9][a-z0-9.-]*", word):
        assert settings is None, word
