"""What `render` writes of hostile values stays in its directory, is what it says, and tells no secret."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pulumi.runtime.proto import resource_pb2
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.preflight.required import Looked
from multinet.render import program, run, write
from multinet.render.yaml import dump
from multinet.stack import load
from multinet.stack.load import check_config
from tests.unit.hostile.budget import cases, count
from tests.unit.hostile.checked import is_clean
from tests.unit.hostile.words import ENVIRONMENT, PAYLOADS, as_yaml, mutated

ROOT = Path(__file__).resolve().parents[3]
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nS3CRET-key\n-----END OPENSSH PRIVATE KEY-----\n"
KUBECONFIG = "apiVersion: v1\nkind: Config\nusers: [{name: a, user: {token: S3CRET-token}}]\n"


def stack_file(directory: Path, config: dict[str, Any]) -> Path:
    file = directory / "Pulumi.hostile.yaml"
    document = {"config": {f"multinet:{key}": value for key, value in config.items()}}
    file.write_text(as_yaml(document))
    return file


def without_preflight(config: dict[str, Any]) -> dict[str, Any]:
    """The same with nodes that nobody has to reach: the program asks those that are there."""
    config = copy.deepcopy(config)
    nodes = config.get("nodes")
    for node in nodes.values() if isinstance(nodes, dict) else ():
        if isinstance(node, dict):
            node["lost"] = True
    return config


def files_of(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): path.read_text("utf-8")
        for path in directory.rglob("*")
        if path.is_file()
    }


_ANY = st.text(max_size=40) | st.sampled_from(PAYLOADS)
_NAME = _ANY.map(lambda t: "".join(c for c in t if c.isprintable() and c != "/")[:80] or "x")


@st.composite
def tolerated(draw: st.DrawFn) -> dict[str, Any]:
    """An environment with hostile text at every place that takes any."""
    config = copy.deepcopy(ENVIRONMENT)
    own, listed = config["networks"]["own"], config["networks"]["listed"]
    own["annotations"] = {"example.org/x": draw(_ANY)}
    own["config"] |= {
        "type": draw(_NAME).strip(".") or "x",
        draw(_NAME): draw(_ANY),
        "dns": draw(_ANY),
    }
    own["ignore"] = {"default-route": draw(_ANY)}
    listed["config"]["plugins"][0]["ipam"]["daemonSocketPath"] = "/run/" + draw(_NAME)
    config["context"] = "x" + draw(_NAME)
    config["primaryCni"]["values"] |= {draw(_NAME): draw(_ANY), "x": [draw(_ANY), {draw(_NAME): 1}]}
    config["nodes"]["w2"]["cniPlugins"]["archive"] = "/x/" + re.sub('["%]', "", draw(_NAME))
    return config


@cases(15)
@given(config=tolerated() | mutated())
def test_whatever_is_valid_is_rendered_inside_its_directory(
    config: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = without_preflight(config)
    settings, _ = check_config(config)
    assume(settings is not None)
    count("renders: hostile environments")
    base = tmp_path_factory.mktemp("render")
    environment = load(stack_file(base, config))
    assert environment.settings is not None
    plan = run(ROOT / "__main__.py", "multinet", "hostile", environment.config)
    write(plan, environment, base / "deep" / "out")

    outside = [p for p in base.rglob("*") if not p.is_relative_to(base / "deep" / "out")]
    assert {p.name for p in outside} == {"Pulumi.hostile.yaml", "deep"}
    for name, text in files_of(base / "deep" / "out").items():
        assert ".." not in Path(name).parts
        if name.endswith(".yaml"):
            assert len([*YAML(typ="safe", pure=True).load_all(text)]) == 1, "one object each"
    assert is_clean((base / "deep" / "out" / "summary.md").read_text())


def test_hostile_values_in_a_summary_are_text(tmp_path: Path) -> None:
    count("renders: hostile environments")
    hostile = 'a|b`c<script>alert(1)<x>[l](http:x)"]%%{init}'
    config = {
        "networks": {
            "blue": {"config": {"cniVersion": "1.0.0", "type": hostile, "master": 'e|`"]<b>'}},
            "red": {"config": {"cniVersion": "1.0.0", "type": "own", "ipam": {"type": hostile}}},
        }
    }
    environment = load(stack_file(tmp_path, config))
    assert environment.settings is not None, environment.findings
    plan = run(ROOT / "__main__.py", "multinet", "hostile", environment.config)
    write(plan, environment, tmp_path / "out")
    page = (tmp_path / "out" / "summary.md").read_text()
    assert "<script>" not in page
    assert "<b>" not in page.replace("<br/>", "")
    rows = [line for line in page.splitlines() if line.startswith(("| blue", "| red"))]
    assert len(rows) == 2
    for row in rows:
        cells = row.replace("\\|", "").strip("|").split("|")
        assert len(cells) == 6, "a value opened a cell of its own"
    (picture,) = page.split("```mermaid\n")[1:]
    for line in picture.split("```")[0].splitlines():
        assert line.count('"') % 2 == 0, line
        assert "%%{" not in line


def test_names_of_manifests_are_plain() -> None:
    from multinet.render.write import _safe

    for word in (*PAYLOADS, "../../x", "a/b", "\0", "..", "", "x" * 500, "é\n"):
        safe = _safe(word)
        assert "/" not in safe
        assert safe not in (".", "..")
        assert len(safe) <= 100
        assert safe.isascii()


def test_every_character_comes_out_of_a_manifest_as_it_went_in() -> None:
    odd = [*map(chr, range(0x250)), *"\u2028\u2029\ufeff\u200b\u202e\ufffe\uffff\ue000\U0001f600"]
    forms = ("{c}", "a{c}b", "a\n{c}b\n", '{{\n  "x": "{c}"\n}}', "{c}{c}\n", "{c} x" * 60)
    reader = YAML(typ="safe", pure=True)
    for form in forms:
        manifest = {f"k{i}": form.format(c=c) for i, c in enumerate(odd)}
        manifest |= {form.format(c=c): "x" for c in odd if len(form) < 10}
        text = dump(manifest)
        assert reader.load(text) == manifest
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    count("renders: characters", len(odd) * len(forms))


SECRETS: dict[str, Any] = {
    "kubeconfig": KUBECONFIG,
    "nodes": {
        "w1": {
            "host": "192.0.2.10",
            "privateKey": KEY,
            "privateKeyPassword": "S3CRET-password",
            "lost": False,
            "proxy": {"host": "192.0.2.9", "privateKey": KEY},
        }
    },
}


def test_no_secret_is_rendered_and_the_engine_gets_them_as_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what the engine keeps in its state: there a secret is one, encrypted, or it is not there."""
    asked: list[str] = []
    seen: list[resource_pb2.RegisterResourceRequest] = []
    register = program._Recorder.RegisterResource

    def spy(self: Any, request: Any) -> Any:
        seen.append(request)
        return register(self, request)

    monkeypatch.setattr(program._Recorder, "RegisterResource", spy)

    def looked(settings: Any, **_: Any) -> Looked:
        asked.append(str(settings))
        return Looked()

    monkeypatch.setattr("multinet.environment.require_ready", looked)
    environment = load(stack_file(tmp_path, SECRETS))
    assert environment.settings is not None
    plan = run(ROOT / "__main__.py", "multinet", "hostile", environment.config)
    write(plan, environment, tmp_path / "out")

    written = files_of(tmp_path / "out")
    assert any(name.startswith("nodes/w1/") for name in written)
    assert [name for name, text in written.items() if "S3CRET" in text] == []
    assert "S3CRET" not in repr(environment.settings) + str(environment.findings) + repr(plan)
    assert "S3CRET" not in "".join(asked)
    with_secrets = [request for request in seen if "S3CRET" in str(request.object)]
    holders = {request.type for request in with_secrets}
    assert holders >= {"pulumi:providers:kubernetes", "command:remote:Command"}
    for request in with_secrets:
        _only_as_secret(request.object)


def _only_as_secret(struct: Any) -> None:
    for value in struct.fields.values():
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            marks = {v.string_value for v in value.struct_value.fields.values()}
            if "1b47061264138c4ac30d75fd1eb44270" not in marks:
                _only_as_secret(value.struct_value)
        else:
            assert "S3CRET" not in str(value), "in the clear in the state"


WRONG: dict[str, dict[str, Any]] = {
    "a mistyped key": {"nodes": {"w1": {"privatKey": KEY}}},
    "a key in place of a node": {"nodes": {"w1": KEY}},
    "a key in place of all nodes": {"nodes": KEY},
    "a key as host": {"nodes": {"w1": {"host": KEY}}},
    "a key as a node's name": {"nodes": {KEY: {}}},
    "a key as host key": {"nodes": {"w1": {"hostKey": KEY}}},
    "a key in a list": {"nodes": {"w1": {"privateKey": [KEY]}}},
    "a key among chart values": {"primaryCni": {"values": {"certs": {"key": KEY}}}},
    "a key in a network": {"networks": {"a": {"config": {"type": "own", "tls": KEY}}}},
    "a key in a network's text": {
        "networks": {"a": {"config": json.dumps({"type": "own", "tls": KEY})}}
    },
    "a key that is no JSON": {"networks": {"a": {"config": KEY}}},
    "a kubeconfig as context": {"context": KUBECONFIG},
    "a kubeconfig as mapping": {"kubeconfig": {"users": [{"user": {"token": "S3CRET"}}]}},
    "a kubeconfig among the networks": {"networks": {"a": {"config": KUBECONFIG}}},
    "a ciphertext as host": {"nodes": {"w1": {"host": {"secure": "v1:S3CRET:S3CRET"}}}},
    "a ciphertext in a network": {
        "networks": {"a": {"config": {"type": "own", "x": {"secure": "v1:S3CRET:S3CRET"}}}}
    },
    "a ciphertext among chart values": {"primaryCni": {"values": {"x": {"secure": "v1:S3CRET"}}}},
    "a ciphertext with another key": {
        "nodes": {"w1": {"privateKey": {"secure": "v1:S3CRET", "extra": 1}}}
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_a_secret_in_the_wrong_place_is_refused_without_being_shown(
    what: str, tmp_path: Path
) -> None:
    count("secrets: in the wrong place")
    file = stack_file(tmp_path, WRONG[what])
    for command in (
        ["validate", "-f", str(file)],
        ["validate", "-f", str(file), "--json"],
        ["render", "-f", str(file), "-C", str(ROOT), "-o", str(tmp_path / "out")],
    ):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 2, result.output
        assert isinstance(result.exception, SystemExit)
        assert "S3CRET" not in result.output
    if what == "a kubeconfig as mapping":
        return  # JSON is YAML: to the engine it is a kubeconfig's contents
    with pytest.raises(pulumi.RunError) as refused:
        run(ROOT / "__main__.py", "multinet", "hostile", WRONG[what])
    assert "S3CRET" not in str(refused.value)


def test_a_secret_in_plain_text_at_its_own_key_is_warned_about(tmp_path: Path) -> None:
    count("secrets: in the wrong place")
    result = CliRunner().invoke(app, ["validate", "-f", str(stack_file(tmp_path, SECRETS))])
    assert result.exit_code == 0, result.output
    assert result.output.count("secret-unencrypted") == 4
    assert "S3CRET" not in result.output
    assert os.linesep in result.output
