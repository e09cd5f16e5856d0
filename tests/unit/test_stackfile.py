"""Reading stack files as Pulumi does: the same values, and never an exception."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.stack import load, stackfile


def test_values_are_those_that_pulumi_reads() -> None:
    read = stackfile.parse(
        "config:\n  multinet:a: {x: on, y: 1e3, z: 0o17, d: 2024-01-01, n: ~, s: '1', v: 1.0.0}\n",
        "f",
    )
    assert not read.findings
    assert read.config["a"] == {
        "x": "on",  # YAML 1.2: only true and false are booleans
        "y": 1000.0,
        "z": 15,
        "d": "2024-01-01",
        "n": None,
        "s": "1",
        "v": "1.0.0",
    }


def test_short_and_full_keys_are_the_same_and_other_projects_keys_are_left_out() -> None:
    read = stackfile.parse("config:\n  a: 1\n  multinet:b: 2\n  aws:region: x\n", "f")
    assert read.config == {"a": 1, "b": 2}


def test_every_value_knows_its_line() -> None:
    read = stackfile.parse("config:\n  multinet:a:\n    - x\n    - y: 1\n  b: 2\n", "f")
    assert read.lines["multinet:a", 1, "y"] == 4
    assert read.lines["multinet:b",] == 5


def test_anchors_and_merges_are_resolved() -> None:
    read = stackfile.parse(
        "config:\n  multinet:a: &base {x: 1, y: 2}\n  multinet:b:\n    <<: *base\n    y: 3\n", "f"
    )
    assert read.config["b"] == {"x": 1, "y": 3}


def test_aliases_that_multiply_are_refused_quickly() -> None:
    lines = ["config:", "  multinet:a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for i in range(1, 12):
        items = ", ".join([f"*a{i - 1}"] * 10)
        lines.append(f"  multinet:a{i}: &a{i} [{items}]")
    read = stackfile.parse("\n".join(lines), "f")
    assert [f.code for f in read.findings] == ["file-too-large"]


@pytest.mark.parametrize("text", ["[" * 5000, "a: " * 2000, "config: " + "{a: " * 200 + "}" * 200])
def test_deep_nesting_is_refused(text: str) -> None:
    assert stackfile.parse(text, "f").findings


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"\xff\xfe\x00config")
    assert [f.code for f in stackfile.read(file).findings] == ["file-not-yaml"]


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content)
        file.flush()
        load(Path(file.name))


_YAML_WORDS = st.sampled_from(
    [
        "config:",
        "multinet:",
        "networks:",
        "\n",
        "  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&a",
        "*a",
        "<<:",
        "!!int",
        "!!python/object:os.system",
        ">",
        "'",
        '"',
        "#",
        "?",
        "0x1F",
        ".inf",
        "\t",
        "x",
    ]
)


@given(st.lists(_YAML_WORDS, max_size=40).map("".join))
def test_no_text_raises(text: str) -> None:
    stackfile.parse(text, "f")
