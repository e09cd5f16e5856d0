"""The commands that `multinet adopt` prints, run as printed: nothing is replaced, pods keep going."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import engine, sample
from rig.demo.manifests import network_status
from tests.cluster import adoption

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


@pytest.fixture(scope="module")
def by_hand(fresh_cluster: rig.Cluster) -> Iterator[rig.Cluster]:
    """Upstream's Multus, and networks that were made by hand."""
    adoption.install(fresh_cluster, "thick")
    yield fresh_cluster
    adoption.uninstall(fresh_cluster, "thick")


class Shell:
    """Runs the user's commands in the project, with the engine's state in a directory."""

    def __init__(self, cluster: rig.Cluster, directory: Path, *, ambient: bool) -> None:
        self.project = engine.workspace(directory)
        state = directory / "state"
        state.mkdir()
        tools = rig.parts.ensure("kubernetes").directory("kubernetes")
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}:{tools}",
            "KUBECONFIG": str(cluster.kubeconfig) if ambient else "/nonexistent/kubeconfig",
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(directory / "home"),
        }

    def run(self, command: str, status: int = 0) -> str:
        ran = subprocess.run(
            ["sh", "-c", command], cwd=self.project, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == status, f"{command}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def preview(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(
            self.run("pulumi preview --stack prod --json --show-sames")
        )
        return said


def unchanged_but_for_marks(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The same object, with the same configuration."""
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    name = before["metadata"]["name"]
    theirs, ours = (json.loads(x["spec"]["config"]) for x in (before, after))
    assert ours == {"name": name, **theirs}, "Multus gives a network without a name the NAD's"
    labels = before["metadata"].get("labels", {})
    assert labels.items() <= after["metadata"]["labels"].items()


@pytest.mark.parametrize("ambient", [True, False], ids=["ambient", "named kubeconfig"])
def test_the_printed_commands_adopt_without_replacing_anything(
    by_hand: rig.Cluster, tmp_path: Path, ambient: bool
) -> None:
    kubectl = by_hand.kubectl
    for name in ("blue", "chain", "wrong", "helms"):
        namespace = "kube-system" if name == "chain" else "default"
        kubectl("-n", namespace, "delete", "net-attach-def", name, "--ignore-not-found")
    adoption.make_networks(by_hand)
    kubectl("delete", "pod", "before", "--ignore-not-found", "--wait")
    kubectl("apply", "-f", "-", input=json.dumps(sample.pod("before", "blue")))
    kubectl("wait", "--for=condition=Ready", "pod/before", "--timeout=180s")
    before = adoption.nads(by_hand)

    shell = Shell(by_hand, tmp_path, ambient=ambient)
    where = "" if ambient else f" --kubeconfig {by_hand.kubeconfig}"
    adopt = f"multinet adopt -o Pulumi.prod.yaml --conf-file {PRIMARY_CONFLIST}{where} --json"
    said = shell.run(adopt, status=4)  # one network is left for the user to correct
    *first, claim, up = json.loads(said)["next"]
    for command in first:
        shell.run(f"{command} --yes" if "import" in command else command)
    assert adoption.nads(by_hand) == before, "the import reads"

    steps = {
        step["newState"]["urn"].rpartition("::")[2]: step["op"] for step in shell.preview()["steps"]
    }
    assert steps["multinet"] == steps["networks"] == "same", "the components are the list's"
    assert steps["blue"] == steps["chain"] == "update"
    assert not {"replace", "delete", "create-replacement"} & {*steps.values()}

    shell.run(claim)
    shell.run(f"{up} --yes --skip-preview")
    after = adoption.nads(by_hand)
    for name in ("blue", "chain"):
        unchanged_but_for_marks(before[name], after[name])
    for name in ("wrong", "helms"):
        assert after[name] == before[name], "what was left out is not touched"

    changes = shell.preview()["changeSummary"]
    assert set(changes) == {"same"}, "a second up changes nothing"
    still = json.loads(kubectl("get", "pod", "before", "-o", "json"))
    assert still["status"]["containerStatuses"][0]["restartCount"] == 0
    kubectl("delete", "pod", "later", "--ignore-not-found", "--wait")
    kubectl("apply", "-f", "-", input=json.dumps(sample.pod("later", "blue")))
    kubectl("wait", "--for=condition=Ready", "pod/later", "--timeout=180s")
    addresses = [
        {e["interface"]: e["ips"] for e in network_status(pod)}["net1"]
        for pod in (still, json.loads(kubectl("get", "pod", "later", "-o", "json")))
    ]
    assert addresses[0] != addresses[1], "the books of addresses go on under the network's name"

    shell.run("pulumi state delete --stack prod --yes --all")
    assert adoption.nads(by_hand) == after, "a stack can let go without deleting"
    for pod in ("before", "later"):
        kubectl("delete", "pod", pod, "--wait")
