"""apply.sh: what it asks, applies, waits for and leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from multinet.names import OWNER
from multinet.render.apply import script
from multinet.render.steps import Step
from tests.unit.rendering import manifests, render

pytestmark = pytest.mark.usefixtures("no_helm")


ADOPTED = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 05-cilium.conflist, adopt: {plugin: cilium}}
"""


@pytest.fixture
def adopted(project: Path, tmp_path: Path) -> Path:
    """What is rendered for a Cilium that others manage."""
    (tmp_path / "adopted.yaml").write_text(ADOPTED)
    code, output = render(project, tmp_path / "out", "-f", str(tmp_path / "adopted.yaml"))
    assert code == 0, output
    return tmp_path / "out"


def test_what_is_set_on_others_objects_is_no_manifest(adopted: Path) -> None:
    patches = sorted(p.name for p in (adopted / "patches").iterdir())
    assert [p.partition("-")[2] for p in patches] == [
        "configmap-cilium-config.patch.yaml",
        "daemonset-cilium.patch.yaml",
    ]
    for name, manifest in manifests(adopted).items():
        assert "cilium" not in manifest["metadata"]["name"], name
    config = YAML(typ="safe").load((adopted / "patches" / patches[0]).read_text())
    assert config == {"data": {"cni-exclusive": "false"}}


def test_the_script_stops_at_an_error_and_takes_nothing_from_others(adopted: Path) -> None:
    text = (adopted / "apply.sh").read_text()
    said = text.splitlines()
    assert "set -eu" in said
    steps = [line for line in said if line.startswith(("apply ", "patch ", "marked "))]
    assert [line.split()[0] for line in steps[:2]] == ["patch", "marked"]
    assert "configmap/cilium-config --namespace kube-system" in steps[0], "agents read it first"
    assert all("--field-manager=multinet" in line for line in said if '"$kubectl" patch' in line)
    assert "apply --server-side --field-manager=multinet" in text
    checked = [Path(sys.executable).parent / "shellcheck", adopted / "apply.sh"]
    ran = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_crd_that_is_too_new_to_have_conditions_is_asked_again(tmp_path: Path) -> None:
    crd = Step({"apiVersion": "v1", "kind": "CRD", "metadata": {"name": "x"}}, waits="Established")
    (tmp_path / "apply.sh").write_text(script([("1.yaml", crd)]))
    # As kubectl v1.37 answered once: an error first.
    (tmp_path / "kubectl").write_text(
        "#!/bin/sh\n[ $1 = get ] || exit 0\n"
        "[ -e asked ] && { printf True; exit 0; }\n: >asked\necho nil is no array >&2; exit 1\n"
    )
    (tmp_path / "kubectl").chmod(0o755)
    command = ["env", f"KUBECTL={tmp_path}/kubectl", "sh", str(tmp_path / "apply.sh")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_dry_run_changes_nothing_and_waits_for_nothing(adopted: Path) -> None:
    """kubectl would wait for what is not there."""
    recorded = adopted.parent / "kubectl"
    recorded.write_text(f"#!/bin/sh\necho $* >>{adopted.parent}/asked\n")
    recorded.chmod(0o755)
    command = ["env", f"KUBECTL={recorded}", "sh", str(adopted / "apply.sh"), "--dry-run=server"]
    subprocess.run(command, capture_output=True, check=True)
    asked = [line.split() for line in (adopted.parent / "asked").read_text().splitlines()]
    assert {words[0] for words in asked} == {"get", "apply", "patch"}
    assert all("--dry-run=server" in words for words in asked if words[0] != "get")


def test_pods_older_than_their_account_are_replaced_and_those_that_cannot_go_not_waited_for(
    adopted: Path,
) -> None:
    """On a node that is away it stays for as long as that is."""
    asked, made = adopted.parent / "asked", "2026-01-01T10:00:00Z"
    pods = "2026-01-01T09:00:00Z old", "2026-01-01T09:00:00Z going 2026-01-01T09:30:00Z"
    pods += "2026-01-01T10:00:00Z same-second", "2026-01-01T10:00:01Z new"
    recorded = adopted.parent / "kubectl"
    listed = "\\n".join([*pods, ""])
    recorded.write_text(
        f"#!/bin/sh\necho $* >>{asked}\ncase $* in\n*'get crd'*) printf True ;;\n"
        f"*'get serviceaccount'*) printf {made} ;;\n*'get pods'*) printf '{listed}' ;;\nesac\n"
    )
    recorded.chmod(0o755)
    command = ["env", f"KUBECTL={recorded}", "sh", str(adopted / "apply.sh")]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    said = asked.read_text().splitlines()
    deleted = [line for line in said if line.startswith("delete pod ")]
    assert [line.split()[2:4] for line in deleted] == [["old", "--namespace"]], "Multus's"
    assert all("--wait=false" in line for line in deleted)
    # `rollout status` of a DaemonSet waits for a new generation, and for no pod's deletion.
    target = "daemonset/multinet-multus --namespace kube-system"
    (waited,) = (line for line in said if line.startswith(f"rollout status {target}"))
    order = [said.index(line) for line in (f"rollout restart {target}", deleted[0], waited)]
    assert order == sorted(order)


@pytest.mark.parametrize("written", ["as rendered", "json", "quoted"])
def test_whose_they_are_is_asked_also_where_another_program_wrote_them_anew(
    tmp_path: Path, written: str
) -> None:
    owned = {"multinet.dev/owner": "multinet/dev"}
    mine, others = (
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "annotations": annotations},
        }
        for name, annotations in (("a", owned), ("b", {"multinet.dev/owner": "multinet/dev2"}))
    )
    (tmp_path / "manifests").mkdir()
    for name, made in (("1.yaml", mine), ("2.yaml", others)):
        text = {
            "as rendered": f"multinet.dev/owner: {made['metadata']['annotations'][OWNER]}\n",
            "json": json.dumps(made),
            "quoted": json.dumps(made, indent=2).replace('"', "'"),
        }[written]
        (tmp_path / "manifests" / name).write_text(text)
    (tmp_path / "apply.sh").write_text(script([("1.yaml", Step(mine))]))
    (tmp_path / "kubectl").write_text(f"#!/bin/sh\necho $* >>{tmp_path}/asked\n")
    (tmp_path / "kubectl").chmod(0o755)
    command = ["env", f"KUBECTL={tmp_path}/kubectl", "sh", str(tmp_path / "apply.sh")]
    subprocess.run(command, capture_output=True, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()[0]
    assert asked.startswith("get ")
    assert asked.endswith(" --filename=manifests/1.yaml")


def test_multus_is_waited_for_before_the_networks(adopted: Path) -> None:
    said = (adopted / "apply.sh").read_text().splitlines()
    (waits,) = [line for line in said if "multinet-multus" in line and "rollout status" in line]
    assert "daemonset/multinet-multus --namespace kube-system" in waits
    assert not any("jsonpath={.metadata.uid}" in line for line in said)


def test_workloads_of_a_chart_are_applied_together_and_then_waited_for() -> None:
    agent, operator = (
        Step({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}}, waits="rollout")
        for kind, name in (("DaemonSet", "cilium"), ("Deployment", "cilium-operator"))
    )
    role = Step({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    lines = script([("1.yaml", agent), ("2.yaml", operator), ("3.yaml", role)]).splitlines()
    first = lines.index('apply 1.yaml "$@"')
    assert lines[first + 1] == 'apply 2.yaml "$@"', "the agent waits for CRDs of its operator"
    assert [line.split()[3] for line in lines[first + 2 : first + 4]] == [
        "daemonset/cilium",
        "deployment/cilium-operator",
    ]
    assert lines[first + 4] == 'apply 3.yaml "$@"'
