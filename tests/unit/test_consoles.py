"""What a command shows of a user's text is that text: no emoji, no markup, no backslash lost."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from multinet.cli import common
from multinet.cli.app import app

# `:100:` and `:ab:` are names of emoji, `[bold]` and `[/x]` are markup, where one lets them be.
ODD = ":100:[b]:ab:[x]\\[y]\\"
STACK = """\
config:
  multinet:primaryCni: {{plugin: existing, confFile: 10-x.conflist, serviceCidrs: []}}
  multinet:networks:
    lan:
      config:
        cniVersion: "1.0.0"
        type: macvlan
        master: eth0
        ipam: {{type: static, addresses: [{{address: "{address}"}}]}}
"""
# A call of each command that shows a name without a cluster; {odd} is an environment's file.
COMMANDS = {
    "validate": "validate -f {odd}",
    "validate of no file": "validate -f {to}",
    "preflight": "preflight -f {odd}",
    "diff": "diff -f {odd} -f {other}",
    "diff of the same": "diff -f {odd} -f {odd}",
    "diagram": "diagram -f {odd} -o {to}",
    "import-kubespray": "import-kubespray {inventory} -o {to}",
    "images without a program": "images -f {odd} -C {to}",
    "adopt to no stack's file": "adopt -o {odd}",
}


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.output


def stack_file(file: Path, address: str = "fd00:100::ab:1/64") -> Path:
    file.write_text(STACK.format(address=address), encoding="utf-8")
    return file


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_is_shown_as_it_is(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # short names: a table folds long ones
    inventory = Path("all.yml")
    inventory.write_text("kube_network_plugin: calico\n")
    Path("out").mkdir()
    places = {
        "odd": stack_file(Path(ODD)),
        "other": stack_file(Path("other.yaml"), "fd00:100::2/64"),
        "to": Path("out") / ODD,
        "inventory": inventory,
    }
    text = shown(*(word.format(**places) for word in COMMANDS[command].split()))
    assert ODD in text or repr(ODD)[1:-1] in text, text


def test_addresses_in_a_table_are_no_emoji(tmp_path: Path) -> None:
    one = stack_file(tmp_path / "a.yaml")
    two = stack_file(tmp_path / "b.yaml", "fd00:1234::ab:1/64")
    text = shown("diff", "-f", str(one), "-f", str(two))
    assert "fd00:100::ab:1/64" in text
    assert "fd00:1234::ab:1/64" in text


@given(st.lists(st.sampled_from(["\\", "[", "]", "[b]", "[/]", "[/b]", ":ab:", "a", "1", "#"])))
def test_any_text_stays_itself_between_tags(pieces: list[str]) -> None:
    text, file = "".join(pieces), io.StringIO()
    common.console(file=file, soft_wrap=True).print(f"[bold]{common.escape(text)}[/] x")
    assert file.getvalue() == f"{text} x\n"
