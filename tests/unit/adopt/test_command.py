"""`multinet adopt`, as it is called, on clusters as they were recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

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
    imports = json.loads(Path(document["imports"]).read_text())
    assert "default/blue" in json.dumps(imports)
