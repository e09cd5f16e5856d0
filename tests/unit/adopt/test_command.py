"""`multinet adopt`, as it is called, on clusters as they were recorded."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from multinet.names import NETWORK_STATUS, NETWORKS
from multinet.stack.load import load
from tests.unit.adopt import clusters as c
from tests.unit.live.recorded import NADS, Recorded, serving

Adopt = Callable[..., tuple[int, dict[str, Any], dict[str, Any]]]


@pytest.fixture
def adopt(tmp_path: Path) -> Adopt:
    """Adopt a cluster: exit code, what was printed, and the file's config."""

    def adopted(
        seen: dict[str, Any], *nads: dict[str, Any], **more: Any
    ) -> tuple[int, dict[str, Any], dict[str, Any]]:
        with serving(recorded(seen, *nads, **more), tmp_path) as cluster:
            file = tmp_path / "Pulumi.prod.yaml"
            code, document = cluster.document("adopt", "-o", str(file), "--force")
        config = YAML(typ="safe").load(file)["config"]
        return code, document, {k.removeprefix("multinet:"): v for k, v in config.items()}

    return adopted


def recorded(seen: dict[str, Any], *nads: dict[str, Any], **more: Any) -> Recorded:
    maps = [
        {"metadata": {"namespace": namespace, "name": name}, "data": data}
        for (namespace, name), data in seen.get("config_maps", {}).items()
    ]
    return Recorded(
        {
            NADS: list(nads),
            "/apis/apps/v1/daemonsets": list(seen.get("daemon_sets", ())),
            "/api/v1/nodes": list(seen.get("nodes", ())),
            "/api/v1/configmaps": maps,
            **more,
        }
    )


def test_on_openshift_its_multus_is_found_with_its_directories_and_networks(adopt: Adopt) -> None:
    network = {
        "metadata": {"name": "cluster"},
        "status": {
            "clusterNetwork": [{"cidr": "10.128.0.0/14", "hostPrefix": 23}],
            "serviceNetwork": ["172.30.0.0/16"],
        },
    }
    networks = {"/apis/config.openshift.io/v1/networks": [network]}
    code, document, config = adopt(c.openshift(), c.nad("blue", c.MACVLAN), **networks)
    assert code == 0, document
    assert "Multus is DaemonSet openshift-multus/multus: it stays as it is" in document["notes"][0]
    multus = config["multus"]
    assert (multus["enabled"], multus["mode"], multus["namespace"]) == (
        False,
        "thick",
        "openshift-multus",
    )
    assert multus["cniConfDir"] == "/etc/kubernetes/cni/net.d"
    assert multus["cniBinDir"] == "/var/lib/cni/bin"
    assert multus["globalNamespaces"] == ["default", "openshift-multus"]
    assert config["primaryCni"] == {
        "plugin": "existing",
        "confFile": "10-ovn-kubernetes.conf",
        "podCidrs": ["10.128.0.0/14"],
        "serviceCidrs": ["172.30.0.0/16"],
    }


@pytest.mark.parametrize("companion", c.COMPANIONS)
def test_what_works_with_multus_is_not_taken_for_it(adopt: Adopt, companion: str) -> None:
    cluster = c.kubespray()
    (name, image) = companion.split(" ")
    other = c.daemon_set(name, image)
    other["status"] = {"desiredNumberScheduled": 30}
    cluster["daemon_sets"] = [other, *cluster["daemon_sets"]]
    _, document, config = adopt(cluster, c.nad("blue", c.MACVLAN))
    assert "kube-multus-ds-amd64" in document["notes"][0]
    assert config["multus"]["mode"] == "thin"
    cluster["daemon_sets"] = [other]
    _, document, config = adopt(cluster, c.nad("blue", c.MACVLAN))
    assert "no Multus was found" in document["notes"][0]


def test_what_follows_is_printed_as_commands(adopt: Adopt) -> None:
    code, document, _ = adopt(c.kubespray(), c.nad("blue", c.MACVLAN))
    assert (code, document["complete"], document["networks"]) == (0, True, ["blue"])
    assert document["next"][0] == "pulumi stack init prod"
    assert document["next"][-1] == "pulumi up --stack prod"
    assert "apply --server-side --field-manager=multinet-adopt" in document["next"][2]
    assert Path(document["claim"]).name in document["next"][2]
    imports = json.loads(Path(document["imports"]).read_text())
    assert "default/blue" in json.dumps(imports)


def test_what_is_applied_marks_the_networks_that_are_adopted_and_says_nothing_else_of_them(
    adopt: Adopt,
) -> None:
    wrong = c.nad("wrong", {**c.MACVLAN, "mode": "brige"})
    _, document, _ = adopt(c.kubespray(), c.nad("blue", c.MACVLAN), wrong)
    (marked,) = json.loads(Path(document["claim"]).read_text())["items"]
    assert set(marked) == {"apiVersion", "kind", "metadata"}, "a key of theirs would be taken over"
    metadata = marked["metadata"]
    assert (metadata["namespace"], metadata["name"]) == ("default", "blue")
    assert metadata["uid"] == "uid-of-blue", "one that was made anew meanwhile is not marked"
    assert metadata["annotations"]["multinet.dev/owner"] == "multinet/prod"


def test_pods_of_an_adopted_network_need_no_restart_until_it_means_something_else(
    tmp_path: Path,
) -> None:
    """`up` writes the configuration in its canonical form: new bytes, a new time, no change."""
    nad = c.nad("blue", c.MACVLAN, managedFields=[owns_config("kubectl", "2026-01-01T00:00:00Z")])
    status = json.dumps([{"name": "default/blue", "interface": "net1", "ips": ["192.168.1.201"]}])
    notes = {NETWORKS: "blue", NETWORK_STATUS: status}
    sandbox = {
        "type": "PodReadyToStartContainers",
        "status": "True",
        "lastTransitionTime": "2026-02-01T00:00:00Z",
    }
    pod = {
        "metadata": {"namespace": "default", "name": "web", "annotations": notes},
        "spec": {"nodeName": "n1"},
        "status": {"phase": "Running", "conditions": [sandbox]},
    }
    more = {"/api/v1/pods": [pod], "/apis/apps/v1/replicasets": []}
    file = str(tmp_path / "Pulumi.prod.yaml")
    with serving(recorded(c.kubespray(), nad, **more), tmp_path) as cluster:
        _, document = cluster.document("adopt", "-o", file)
        (marked,) = json.loads(Path(document["claim"]).read_text())["items"]
        nad["metadata"].setdefault("annotations", {}).update(marked["metadata"]["annotations"])
        settings = load(Path(file)).require()
        canonical = settings.networks["blue"].config.to_json("blue")
        assert canonical != nad["spec"]["config"]
        nad["spec"]["config"] = canonical
        nad["metadata"]["managedFields"] = [owns_config("pulumi", "2026-03-01T00:00:00Z")]
        code, document = cluster.document("verify", "-f", file, "--stale")
        assert (code, document["stale"]) == (0, [])
        nad["spec"]["config"] = canonical.replace("192.168.1.200", "192.168.1.210")
        code, document = cluster.document("verify", "-f", file, "--stale")
        assert code == 1
        assert "changed at 2026-03-01" in document["stale"][0]["reasons"][0]


def owns_config(manager: str, time: str) -> dict[str, Any]:
    return {"manager": manager, "time": time, "fieldsV1": {"f:spec": {"f:config": {}}}}


def test_the_file_tells_editors_its_schema_where_the_schema_is(
    adopt: Adopt, tmp_path: Path
) -> None:
    line = "# yaml-language-server: $schema=docs/reference/multinet.schema.json"
    _, document, _ = adopt(c.kubespray(), c.nad("blue", c.MACVLAN))
    assert line not in Path(document["file"]).read_text(), "there is none to be read"
    schema = tmp_path / "docs" / "reference" / "multinet.schema.json"
    schema.parent.mkdir(parents=True)
    schema.write_text("{}")
    _, document, _ = adopt(c.kubespray(), c.nad("blue", c.MACVLAN))
    assert Path(document["file"]).read_text().startswith(line + "\n")


def piped(cluster: Recorded, *words: str) -> subprocess.CompletedProcess[str]:
    """The command with a kubeconfig from the shell's `<(…)`."""
    start = f'{sys.executable} -c "from multinet.cli import main; main()"'
    line = f"{start} {shlex.join(words)} --kubeconfig <(cat {cluster.kubeconfig})"
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)


def test_a_kubeconfig_from_a_pipe_is_read_and_its_path_written_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    with serving(recorded({}, c.nad("lan", c.MACVLAN)), tmp_path) as cluster:
        told = piped(cluster, "adopt", "-o", str(file), "--context", "recorded")
        plain = piped(cluster, "adopt", "-o", str(file), "--force", "--json")
    assert told.returncode == plain.returncode == 4, told.stderr
    written = "".join(f.read_text() for f in tmp_path.glob("Pulumi.prod.*"))
    for text in (written, told.stdout, plain.stdout):
        assert "/dev/fd" not in text
        assert "/proc/" not in text
    document = json.loads(plain.stdout)
    assert "through a pipe" in document["missing"]["multinet:kubeconfig"]
    assert "through a pipe" in file.read_text(), "the file itself says what it lacks"
    assert "to be added multinet:kubeconfig" in told.stdout
    assert "kubectl --kubeconfig FILE --context recorded apply" in " ".join(told.stdout.split())
    assert not any("kubeconfig" in key for key in YAML(typ="safe").load(file)["config"])


def test_a_kubeconfig_with_a_path_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    with serving(recorded({}, c.nad("lan", c.MACVLAN)), tmp_path) as cluster:
        given = ("--kubeconfig", str(cluster.kubeconfig))
        _, document = cluster.document("adopt", "-o", str(file), *given)
    config = YAML(typ="safe").load(file)["config"]
    assert config["multinet:kubeconfig"] == str(cluster.kubeconfig)
    assert config["kubernetes:kubeconfig"] == str(cluster.kubeconfig)
    assert "multinet:kubeconfig" not in document["missing"]


def test_a_multus_that_is_started_without_arguments_is_adopted(adopt: Adopt) -> None:
    bare = c.daemon_set("kube-multus-ds", "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0")
    code, document, config = adopt({"daemon_sets": [bare]}, c.nad("lan", c.MACVLAN))
    assert code == 4, document
    assert config["multus"]["enabled"] is False
