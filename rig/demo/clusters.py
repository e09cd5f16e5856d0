"""Where the demo runs: kind where a Docker engine answers, else the rig."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import rig
from rig.cluster import addresses
from rig.cluster.configs import CNI_CONF_DIR
from rig.demo import primaries
from rig.demo.environment import BUILD_DIR, PROJECT_DIR
from rig.progress import Progress

NAME = "demo"
_KIND_CLUSTER = "multinet-demo"


class DemoCluster(Protocol):
    """A throwaway cluster, as far as the demo needs one."""

    title: str
    pod_cidr: str
    base: str

    @property
    def kubeconfig(self) -> Path: ...

    def up(self, progress: Progress) -> None: ...

    def down(self) -> bool: ...

    def kubectl(self, *arguments: str, input: str | None = None) -> str: ...

    def kubectl_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]: ...

    def overrides(self) -> dict[str, dict[str, Any]]: ...

    def node_command(self, *argv: str) -> tuple[list[str], dict[str, str]]: ...


class RigCluster:
    """The rig. With its own bridge as the primary CNI the environment says `existing`.

    Attributes:
        base: the environment that is brought up.
    """

    title = "the rig (real Kubernetes parts in namespaces of their own)"
    pod_cidr = addresses.POD_CIDR

    def __init__(self, name: str = NAME, primary: primaries.Primary = "bridge") -> None:
        self._cluster = rig.Cluster(name)
        self._primary = primary
        self.base = primaries.BASES[primary]
        self.kubeconfig = self._cluster.kubeconfig

    def up(self, progress: Progress) -> None:
        new = self._cluster.up(primary=self._primary == "bridge", progress=progress)
        there = () if new else self._there()
        if there and self._primary not in there:
            raise rig.RigError("the demo is up with another primary CNI: make demo-down first")
        primaries.bring(self._primary, self._cluster, progress)

    def _there(self) -> tuple[primaries.Primary, ...]:
        """Primaries whose configuration is on the node."""
        names = self._cluster.node_run(["ls", CNI_CONF_DIR]).stdout.split()
        return tuple(name for name, file in primaries.CONF_FILES.items() if file in names)

    def down(self) -> bool:
        return self._cluster.down()

    def kubectl(self, *arguments: str, input: str | None = None) -> str:
        return self._cluster.kubectl(*arguments, input=input, timeout=900.0)

    def kubectl_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        return self._cluster.kubectl_command(*arguments)

    def overrides(self) -> dict[str, dict[str, Any]]:
        return {"primaryCni": primaries.settings(self._primary)}

    def node_command(self, *argv: str) -> tuple[list[str], dict[str, str]]:
        return self._cluster.node_command(*argv)


@dataclasses.dataclass
class KindCluster:
    """kind without its own CNI: the dev environment comes up as it is, Calico included."""

    title: str = "kind (a Docker engine answers here)"
    base: str = "dev"
    pod_cidr: str = "10.233.64.0/18"
    kubeconfig: Path = BUILD_DIR / "kind.kubeconfig"

    def up(self, progress: Progress) -> None:
        parts = rig.parts.ensure("kind", "cni-plugins", "kubernetes", progress=progress)
        self.kubeconfig.parent.mkdir(parents=True, exist_ok=True)
        kind = str(parts.binary("kind"))
        if _KIND_CLUSTER not in _run([kind, "get", "clusters"]).split():
            config = BUILD_DIR / "kind.yaml"
            config.write_text(_KIND_CONFIG, encoding="utf-8")
            with progress.step("starting kind"):
                where = ["--config", str(config), "--kubeconfig", str(self.kubeconfig)]
                _run([kind, "create", "cluster", "--name", _KIND_CLUSTER, *where])
        self.kubeconfig.chmod(0o600)
        # kind's node image brings only host-local, loopback, portmap and ptp.
        for plugin in sorted(parts.directory("cni-plugins").iterdir()):
            node = f"{_KIND_CLUSTER}-control-plane"
            _run(["docker", "cp", str(plugin), f"{node}:/opt/cni/bin/{plugin.name}"])

    def down(self) -> bool:
        parts = rig.parts.ensure("kind")
        kind = str(parts.binary("kind"))
        if _KIND_CLUSTER not in _run([kind, "get", "clusters"]).split():
            return False
        _run([kind, "delete", "cluster", "--name", _KIND_CLUSTER])
        return True

    def kubectl(self, *arguments: str, input: str | None = None) -> str:
        argv, _ = self.kubectl_command(*arguments)
        return _run([argv[0], "--kubeconfig", str(self.kubeconfig), *argv[1:]], input)

    def kubectl_command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        kubectl = str(rig.parts.ensure("kubernetes").binary("kubectl"))
        return [kubectl, *arguments], {**os.environ, "KUBECONFIG": str(self.kubeconfig)}

    def overrides(self) -> dict[str, dict[str, Any]]:
        return {}

    def node_command(self, *argv: str) -> tuple[list[str], dict[str, str]]:
        node = f"{_KIND_CLUSTER}-control-plane"
        return ["docker", "exec", "--interactive", node, *argv], dict(os.environ)


_KIND_CONFIG = """\
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking:
  disableDefaultCNI: true
  podSubnet: 10.233.64.0/18
  serviceSubnet: 10.233.0.0/18
"""


def docker_answers() -> bool:
    """Whether a Docker engine, not only its client, is there."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        asked = subprocess.run([docker, "info"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def choose(primary: primaries.Primary = "bridge") -> tuple[DemoCluster | None, list[str]]:
    """The cluster that this machine can run, or None and what is missing for one.

    In kind, which can pull images, the environment's own primary runs, with `bridge` dev's Calico.
    """
    if docker_answers():
        return KindCluster(base=primaries.BASES[primary]), []
    lacking = rig.can_run()
    return (
        (None, ["no Docker engine answers", *lacking])
        if lacking
        else (RigCluster(primary=primary), [])
    )


def _run(argv: list[str], stdin: str | None = None) -> str:
    ran = subprocess.run(
        argv,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=PROJECT_DIR,
        env=os.environ,
        check=False,
    )
    if ran.returncode:
        raise rig.CommandError(argv, ran.returncode, ran.stdout, ran.stderr)
    return ran.stdout
