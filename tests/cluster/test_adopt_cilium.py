"""A Cilium that Helm itself installed: what `adopt` tells of it, and what is then rendered for it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import rig
from multinet.cli.app import app
from rig.cluster import addresses
from tests.cluster import adoption

pytestmark = pytest.mark.cluster


class Release:
    """Cilium's chart as a release of Helm's own, exclusive as it comes, on a bare API server."""

    def __init__(self, cluster: rig.ControlPlane, scratch: Path) -> None:
        self.cluster, self.scratch = cluster, scratch

    def helm(self, verb: str, more: dict[str, Any]) -> None:
        pool = {"clusterPoolIPv4PodCIDRList": [addresses.POD_CIDR]}
        values = {"hubble": {"enabled": False}, "ipam": {"operator": pool}, **more}
        parts = rig.parts.ensure("helm", "cilium")
        command = [str(parts.binary("helm")), verb, "cilium", str(parts.chart("cilium"))]
        homes = {f"HELM_{what}_HOME": str(self.scratch) for what in ("CACHE", "CONFIG", "DATA")}
        subprocess.run(
            [*command, "--namespace", "kube-system", "--values", "-"],
            input=json.dumps(values),
            env={**os.environ, **homes, "KUBECONFIG": str(self.cluster.kubeconfig)},
            capture_output=True,
            text=True,
            check=True,
        )

    def config(self) -> dict[str, str]:
        """What the agents read when they start."""
        found: dict[str, str] = self._get("configmap/cilium-config")["data"]
        return found

    def generation(self) -> int:
        """Of the agents' DaemonSet: another one, and they are rolled out."""
        return int(self._get("daemonset/cilium")["metadata"]["generation"])

    def _get(self, what: str) -> Any:
        return json.loads(self.cluster.kubectl("-n", "kube-system", "get", what, "-o", "json"))


def apply(release: Release, stack: Path) -> None:
    """Render a stack's file and do what is printed, as it is printed."""
    out = release.scratch / "out"
    rendered = CliRunner().invoke(app, ["render", "-f", str(stack), "-o", str(out)])
    assert rendered.exit_code == 0, rendered.output
    printed = " ".join(rendered.output.split()).partition("to apply them: ")[2]
    command = shlex.split(printed.partition(" what they are:")[0])
    assert command == ["sh", str(out / "apply.sh")]
    (kubectl,), environment = release.cluster.kubectl_command()
    ran = subprocess.run(
        command,
        env={**environment, "KUBECTL": kubectl},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_as_printed_one_key_is_set_and_set_again_after_helms_next_upgrade(
    fresh_api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    release = Release(fresh_api_server, tmp_path)
    release.helm("install", {})
    helms, before = release.config(), release.generation()
    assert helms["cni-exclusive"] == "true"
    stack = tmp_path / "Pulumi.prod.yaml"
    where = ("--kubeconfig", str(fresh_api_server.kubeconfig), "-o", str(stack))
    code, said = adoption.run(*where)
    assert code == 0, said
    assert "cni-exclusive is true" in said
    assert "adopt: {plugin: cilium}" in said
    assert release.config() == helms, "it only looks"

    yaml = YAML()
    document = yaml.load(stack.read_text())
    primary = document["config"]["multinet:primaryCni"]
    assert (primary["plugin"], primary["confFile"]) == ("existing", "05-cilium.conflist")
    assert primary["podCidrs"] == [addresses.POD_CIDR]
    # No agent runs here that could be waited for.
    primary.update(adopt={"plugin": "cilium"}, waitForRollout=False)
    with stack.open("w") as out:
        yaml.dump(document, out)
    for _ in ("for the first time", "and again: nothing more"):
        apply(release, stack)
        assert release.config() == helms | {"cni-exclusive": "false"}
        assert release.generation() == before + 1

    release.helm("upgrade", {"MTU": 1400})
    upgraded, before = release.config(), release.generation()
    assert (upgraded["cni-exclusive"], upgraded["mtu"]) == ("true", "1400")
    time.sleep(1)  # managed fields are dated in seconds
    apply(release, stack)
    assert release.config() == upgraded | {"cni-exclusive": "false"}
    assert release.generation() == before + 1, "its agents read the key again"
