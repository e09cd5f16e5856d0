"""A Cilium that Helm itself installed: its release, what `adopt` writes of it, and what is rendered."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from typer.testing import CliRunner

import rig
from multinet.cli.app import app
from rig.cluster import addresses
from tests.cluster import adoption


class Release:
    """Cilium's chart as a release of Helm's own, exclusive as it comes.

    `values`: what the cluster's agents need besides.
    """

    def __init__(
        self, cluster: rig.ControlPlane, scratch: Path, values: Mapping[str, Any] | None = None
    ) -> None:
        self.cluster, self.scratch, self.values = cluster, scratch, values or {}

    def helm(self, verb: str, more: Mapping[str, Any]) -> None:
        """Install or upgrade it, with further values."""
        pool = {"clusterPoolIPv4PodCIDRList": [addresses.POD_CIDR]}
        own = {"hubble": {"enabled": False}, "ipam": {"operator": pool}}
        parts = rig.parts.ensure("helm", "cilium")
        command = [str(parts.binary("helm")), verb, "cilium", str(parts.chart("cilium"))]
        homes = {f"HELM_{what}_HOME": str(self.scratch) for what in ("CACHE", "CONFIG", "DATA")}
        subprocess.run(
            [*command, "--namespace", "kube-system", "--values", "-"],
            input=json.dumps({**self.values, **own, **more}),
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

    def adopted(self, stack: Path, more: Mapping[str, Any], **sections: Any) -> None:
        """The file that `adopt` writes of it, with what it says is to be added.

        `more`: of the primary CNI; `sections`: of the environment.
        """
        code, said = adoption.run("--kubeconfig", str(self.cluster.kubeconfig), "-o", str(stack))
        assert code == 0, said
        # At 80 columns, which cut words of a sentence apart.
        said = " ".join(said.split())
        assert "cni-exclusive is true" in said
        assert "adopt: {plugin: cilium}" in said
        yaml = YAML()
        document = yaml.load(stack.read_text())
        primary = document["config"]["multinet:primaryCni"]
        assert (primary["plugin"], primary["confFile"]) == ("existing", "05-cilium.conflist")
        assert primary["podCidrs"] == [addresses.POD_CIDR]
        primary.update(adopt={"plugin": "cilium"}, **more)
        document["config"].update({f"multinet:{name}": made for name, made in sections.items()})
        with stack.open("w") as out:
            yaml.dump(document, out)

    def apply(self, stack: Path) -> None:
        """Render a stack's file and do what is printed, as it is printed."""
        out = self.scratch / "out"
        rendered = CliRunner().invoke(app, ["render", "-f", str(stack), "-o", str(out)])
        assert rendered.exit_code == 0, rendered.output
        printed = " ".join(rendered.output.split()).partition("to apply them: ")[2]
        command = shlex.split(printed.partition(" what they are:")[0])
        assert command == ["sh", str(out / "apply.sh")]
        (kubectl,), environment = self.cluster.kubectl_command()
        ran = subprocess.run(
            command,
            env={**environment, "KUBECTL": kubectl},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
