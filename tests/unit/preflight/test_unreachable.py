"""A cluster that cannot be asked: refused before anything is registered, whatever the reason."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from multinet.stack.load import check_config
from multinet.stack.settings import StackSettings
from tests.unit.live import recorded
from tests.unit.preflight import clusters as c


def stack(kubeconfig: str, **sections: Any) -> StackSettings:
    primary = {"plugin": "existing", "confFile": "10-x.conflist", "podCidrs": ["10.233.64.0/18"]}
    checked, found = check_config({"primaryCni": primary, "kubeconfig": kubeconfig, **sections})
    assert checked is not None, found
    return checked


def nobody() -> str:
    """A kubeconfig of an API server whose port is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return json.dumps(recorded.kubeconfig(f"http://127.0.0.1:{port}"), indent=2)


@pytest.mark.parametrize(
    ("kubeconfig", "context", "rule", "way_out"),
    [
        (nobody, None, "Connection refused", "run it again when the API server answers"),
        (lambda: "/not/there", None, "kubeconfig /not/there is not a file", "multinet:kubeconfig"),
        (nobody, "prod", "prod", "multinet:kubeconfig and multinet:context"),
        (lambda: "{]\n", None, "neither a file's path nor valid YAML", "multinet:kubeconfig"),
    ],
)
def test_an_update_is_refused_with_what_to_do(
    kubeconfig: Any, context: str | None, rule: str, way_out: str
) -> None:
    more = {"context": context} if context else {}
    said = c.refused(stack(kubeconfig(), **more))
    assert "error[cluster-unreachable] multinet:kubeconfig" in said
    assert "1 problem, 1 in the cluster: nothing was changed" in said
    assert rule in said
    assert way_out in said
    assert "s3cr3t" not in said


def test_a_preview_goes_on_with_a_warning() -> None:
    told = c.warned(stack("/not/there"))
    assert "error[cluster-unreachable]" in told
    assert "an update would be refused: 1 problem" in told


def test_the_nodes_problems_are_told_all_the_same() -> None:
    nodes = {"n1": {"host": "127.0.0.1", "port": 1, "dialTimeout": 1}}
    said = c.refused(stack(nobody(), nodes=nodes))
    assert "error[cluster-unreachable]" in said
    assert "error[node-unreachable] multinet:nodes.n1" in said


def test_a_kubeconfig_may_come_from_a_pipe(tmp_path: Path) -> None:
    with recorded.serving(c.cluster(), tmp_path) as cluster:
        code = (
            "from multinet.live import connect; import sys; print(connect(sys.argv[1]).version())"
        )
        import subprocess
        import sys

        ran = subprocess.run(
            ["bash", "-c", f'{sys.executable} -c "{code}" <(cat {cluster.kubeconfig})'],
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.stdout.strip() == "v1.37.2", ran.stderr
