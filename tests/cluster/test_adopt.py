"""`multinet adopt` on a real cluster with an installation that was made by hand."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rig
from multinet.cli.app import app
from multinet.names import OWNER
from multinet.networks import nad
from multinet.stack import load
from rig.cluster import addresses
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import sample
from rig.errors import CommandError
from tests.cluster import adoption

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module", params=["thick", "thin"])
def by_hand(request: pytest.FixtureRequest, fresh_cluster: rig.Cluster) -> Iterator[rig.Cluster]:
    """Upstream's Multus and some networks; taken off again."""
    adoption.install(fresh_cluster, request.param)
    adoption.make_networks(fresh_cluster)
    yield fresh_cluster
    adoption.uninstall(fresh_cluster, request.param)


def versions(cluster: rig.Cluster) -> dict[str, str]:
    """Resource version of every object that adoption looks at, and of some that it does not."""
    kinds = "net-attach-def,daemonset,configmap,serviceaccount,clusterrole,crd,namespace"
    found = json.loads(cluster.kubectl("get", kinds, "-A", "-o", "json"))["items"]
    return {
        f"{i['kind']}/{i['metadata'].get('namespace', '')}/{i['metadata']['name']}": i["metadata"][
            "resourceVersion"
        ]
        for i in found
        # The API server renews these by itself.
        if "extension-apiserver" not in i["metadata"]["name"]
    }


def adopt(cluster: rig.Cluster, to: Path, *more: str) -> tuple[int, dict[str, Any]]:
    where = ("--kubeconfig", str(cluster.kubeconfig), "-o", str(to), "--json")
    code, output = adoption.run(*where, *more)
    return code, json.loads(output)


def test_it_writes_a_valid_environment_and_an_import_list(
    by_hand: rig.Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    code, said = adopt(by_hand, file, "--conf-file", PRIMARY_CONFLIST)
    assert code == 4, "one network is for the user to correct"
    assert file.read_text().startswith("# yaml-language-server: $schema="), "for editors"
    settings = load(file).require()
    assert settings.networks["blue"].config.raw == adoption.MACVLAN
    assert settings.networks["chain"].config.raw == adoption.CHAIN
    assert settings.networks["chain"].namespace == "kube-system"
    assert settings.networks["blue"].labels == {"team": "net"}
    left = {f"{x['namespace']}/{x['name']}": x for x in said["left"]}
    assert set(left) == {"default/wrong", "default/helms"}
    assert "config.mode" in left["default/wrong"]["reason"]
    assert "shop" in left["default/helms"]["reason"]
    imported = json.loads((tmp_path / "Pulumi.prod.import.json").read_text())["resources"]
    assert [x["id"] for x in imported if "id" in x] == ["default/blue", "kube-system/chain"]


def test_the_multus_and_the_primary_are_described_as_they_are(
    by_hand: rig.Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    adopt(by_hand, file, "--conf-file", PRIMARY_CONFLIST)
    settings = load(file).require()
    images = by_hand.kubectl(
        "-n", "kube-system", "get", "ds", "kube-multus-ds", "-o", "jsonpath={..image}"
    )
    thick = "snapshot-thick" in images
    assert settings.multus.enabled is False
    assert settings.multus.mode == ("thick" if thick else "thin")
    assert settings.multus.namespace_isolation is False
    assert settings.multus.dirs.conf == "/etc/cni/net.d"
    assert settings.primary_cni.plugin == "existing"
    assert settings.primary_cni.service_cidrs == [addresses.SERVICE_CIDR]


def test_nothing_in_the_cluster_is_changed(by_hand: rig.Cluster, tmp_path: Path) -> None:
    before = versions(by_hand)
    adopt(by_hand, tmp_path / "Pulumi.prod.yaml")
    assert versions(by_hand) == before


def test_the_page_shows_what_is_printed(
    by_hand: rig.Cluster, project: Path, tmp_path: Path
) -> None:
    page = (project / "docs/adopt.md").read_text()
    command, expected = re.findall(r"\$ (multinet adopt .*)\n([^`]+)```", page)[0]
    assert PRIMARY_CONFLIST in command
    ran = subprocess.run(
        command.split(),
        cwd=tmp_path,
        env=os.environ
        | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "KUBECONFIG": str(by_hand.kubeconfig),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.splitlines() == expected.splitlines(), ran.stderr


def test_a_primary_that_does_not_show_is_asked_for(by_hand: rig.Cluster, tmp_path: Path) -> None:
    code, said = adopt(by_hand, tmp_path / "Pulumi.prod.yaml")
    assert code == 4
    assert list(said["missing"]) == ["multinet:primaryCni.confFile"]


def test_a_file_that_is_there_is_not_replaced(by_hand: rig.Cluster, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text("mine")
    where = ("--kubeconfig", str(by_hand.kubeconfig), "-o", str(file))
    code, output = adoption.run(*where)
    assert (code, file.read_text()) == (2, "mine")
    assert "--force" in output
    assert adoption.run(*where, "--force")[0] == 4
    assert load(file).source


def test_a_reader_without_rights_on_the_rest_still_gets_the_networks(
    by_hand: rig.Cluster, tmp_path: Path
) -> None:
    kubectl = by_hand.kubectl
    kubectl("create", "serviceaccount", "nad-reader")
    kubectl("create", "clusterrole", "nad-reader", "--verb=get,list", "--resource=net-attach-def")
    binding = ("--clusterrole=nad-reader", "--serviceaccount=default:nad-reader")
    kubectl("create", "clusterrolebinding", "nad-reader", *binding)
    try:
        token = kubectl("create", "token", "nad-reader").strip()
        config = json.loads(kubectl("config", "view", "--raw", "-o", "json"))
        config["users"] = [{"name": u["name"], "user": {"token": token}} for u in config["users"]]
        mine = tmp_path / "kubeconfig"
        mine.write_text(json.dumps(config))
        file = tmp_path / "Pulumi.prod.yaml"
        where = ("--kubeconfig", str(mine), "-o", str(file), "--json")
        code, output = adoption.run(*where, "--conf-file", "10-x.conflist")
        said = json.loads(output)
        assert code == 4
        assert said["networks"] == ["blue", "chain"]
        assert any("forbidden" in note for note in said["notes"])
        assert token not in output + file.read_text()
    finally:
        for what in ("clusterrolebinding", "clusterrole", "serviceaccount"):
            kubectl("delete", what, "nad-reader")


def test_a_cluster_without_the_crd_gives_an_environment_without_networks(
    api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    file = tmp_path / "Pulumi.bare.yaml"
    where = ("--kubeconfig", str(api_server.kubeconfig), "-o", str(file), "--json")
    code, output = adoption.run(*where, "--conf-file", "10-x.conflist")
    said = json.loads(output)
    assert said["networks"] == []
    assert said["next"] == []
    assert any("no Multus was found" in note for note in said["notes"])
    assert code == 4, "nobody says which networks the pods have"


def test_a_cluster_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    user = {"name": "u", "user": {"token": "hunter2"}}
    cluster = {"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}
    context = {"name": "x", "context": {"cluster": "c", "user": "u"}}
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "x",
        "users": [user], "clusters": [cluster], "contexts": [context],
    }  # fmt: skip
    (tmp_path / "config").write_text(json.dumps(config))
    file = tmp_path / "Pulumi.prod.yaml"
    code, output = adoption.run("--kubeconfig", str(tmp_path / "config"), "-o", str(file))
    assert code == 3
    assert "127.0.0.1:1" in output
    assert "hunter2" not in output
    assert not file.exists()


def test_pods_of_adopted_networks_need_no_restart_and_one_made_anew_is_not_claimed(
    by_hand: rig.Cluster, tmp_path: Path
) -> None:
    kubectl, file = by_hand.kubectl, tmp_path / "Pulumi.prod.yaml"
    kubectl("apply", "-f", "-", input=json.dumps(sample.pod("before", "blue")))
    kubectl("wait", "--for=condition=Ready", "pod/before", "--timeout=180s")
    try:
        _, said = adopt(by_hand, file, "--conf-file", PRIMARY_CONFLIST)
        claim = next(step for step in said["next"] if step.startswith("kubectl"))
        time.sleep(1.1)  # the API server's times are in whole seconds
        kubectl(*shlex.split(claim.replace("Pulumi.prod.claim.json", said["claim"]))[1:])
        # As the engine does: the program's object, by server-side apply, over what is there.
        settings = load(file).require()
        made = nad.manifest("blue", settings.networks["blue"])
        as_engine = ("apply", "--server-side", "--force-conflicts", "--field-manager=pulumi")
        kubectl(*as_engine, "-f", "-", input=json.dumps(made))
        assert stale(by_hand, file) == (0, [])
        time.sleep(1.1)
        made["spec"]["config"] = made["spec"]["config"].replace("192.168.1.100", "192.168.1.110")
        kubectl(*as_engine, "-f", "-", input=json.dumps(made))
        code, pods = stale(by_hand, file)
        assert (code, [pod["pod"] for pod in pods]) == (1, ["before"])

        again = ("apply", "--server-side", "--field-manager=multinet-adopt", "-f", said["claim"])
        kubectl("-n", "kube-system", "delete", "net-attach-def", "chain")
        with pytest.raises(CommandError, match="uid"):
            kubectl(*again)
        assert "chain" not in adoption.nads(by_hand), "one that is gone is not made of its marks"
        adoption.apply_nad(by_hand, "chain", adoption.CHAIN, "kube-system")
        with pytest.raises(CommandError, match="uid"):
            kubectl(*again)
        (anew,) = [n for n in adoption.nads(by_hand).values() if n["metadata"]["name"] == "chain"]
        assert OWNER not in anew["metadata"].get("annotations", {})
    finally:
        kubectl("delete", "pod", "before", "--wait=true")
        kubectl("delete", "net-attach-def", "blue")
        adoption.make_networks(by_hand)


def stale(cluster: rig.Cluster, file: Path) -> tuple[int, list[dict[str, Any]]]:
    """What `multinet verify --stale` says."""
    where = ["-f", str(file), "--kubeconfig", str(cluster.kubeconfig), "--stale", "--json"]
    ran = CliRunner().invoke(app, ["verify", *where])
    return ran.exit_code, json.loads(ran.stdout)["stale"]
