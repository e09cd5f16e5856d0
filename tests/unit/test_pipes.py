"""What is read from a pipe leaves no path of it in what is written: it is gone by then."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

VARIABLES = "kube_network_plugin: calico\nkube_network_plugin_multus: true\n"
PIPE = re.compile(r"/dev/fd/\d|/proc/\d+/fd|pipe:\[")
STACK = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 10-x.conflist, podCidrs: [10.0.0.0/16]}
  multinet:networks:
    lan: {config: {cniVersion: "1.0.0", type: bridge, bridge: br1}}
"""


def run(line: str, text: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command of multinet in a shell; `@` in it is a pipe with the text."""
    start = f'{sys.executable} -c "from multinet.cli import main; main()"'
    line = f"{start} {line}".replace("@", f"<(printf %s {shlex.quote(text)})")
    return subprocess.run(
        ["bash", "-c", line], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        ("import-kubespray @ -o Pulumi.new.yaml", VARIABLES, "Made from a pipe by"),
        ("diagram -f @ -o out.svg", STACK, ">a pipe<"),
        ("diagram -f @ -o out.md", STACK, "flowchart"),
        ("render -f @ -o out -C {root}", STACK, "# What `a pipe` creates"),
    ],
)
def test_no_path_of_a_pipe_is_written(line: str, text: str, said: str, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    ran = run(line.format(root=root), text, tmp_path)
    assert ran.returncode == 0, ran.stderr
    written = [f.read_text() for f in tmp_path.rglob("*") if f.is_file()]
    assert any(said in page for page in written)
    assert [page for page in written if PIPE.search(page)] == []
