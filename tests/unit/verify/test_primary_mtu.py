"""`multinet verify`, as it is called: the MTU of pods' eth0 against the primary CNI's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, Working, codes

EXISTING = {"plugin": "existing", "confFile": c.CONF_FILE, "podCidrs": ["10.233.64.0/18"]}
CALICO = {"plugin": "calico", "podCidrs": ["10.233.64.0/18"], "mtu": 1400}


def config_map(cluster: Working, name: str, **data: str) -> None:
    cluster.lists["/api/v1/configmaps"].append(
        {"metadata": {"name": name, "namespace": "kube-system"}, "data": data}
    )


def told(document: dict[str, Any]) -> list[list[str]]:
    return [codes(node) for node in document["nodes"]]


def test_a_declared_mtu_that_pods_do_not_have_is_a_mismatch(served: Serve) -> None:
    cluster, file = served({}, primaryCni=CALICO)
    data = cluster.lists["/api/v1/configmaps"][0]["data"]
    data["daemon-config.json"] = '{"multusMasterCNI": "10-calico.conflist"}'
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert told(document) == [["live-primary-mtu"]] * 2
    assert [n["mtu"] for n in document["nodes"]] == [1450, 1450]
    (finding, *_) = document["nodes"][0]["findings"]
    assert "MTU 1450; primaryCni.mtu says 1400" in finding["rule"]
    assert finding["path"] == "multinet:primaryCni.mtu"
    assert "restart the primary CNI's agents" in cluster.run("verify", "-f", file).stdout


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("cilium-config", {"mtu": "1400"}, "ConfigMap cilium-config says 1400"),
        ("calico-config", {"veth_mtu": "1400"}, "ConfigMap calico-config says 1400"),
        ("cilium-config", {"mtu": "1450"}, ""),
        ("calico-config", {"veth_mtu": "0"}, ""),
        ("cilium-config", {"mtu": "much"}, ""),
    ],
)
def test_of_a_primary_that_is_there_its_own_configuration_counts(
    served: Serve, name: str, data: dict[str, str], source: str
) -> None:
    cluster, file = served({}, primaryCni=EXISTING)
    config_map(cluster, name, **data)
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, "a warning: the stack says nothing of it"
    assert told(document) == [["live-primary-mtu"] if source else []] * 2
    assert source in str(document["nodes"])


def test_what_calicos_operator_found_counts(served: Serve) -> None:
    cluster, file = served({})
    installation = {"metadata": {"name": "default"}, "status": {"mtu": 1410}}
    cluster.lists["/apis/operator.tigera.io/v1/installations"] = [installation]
    _, document = cluster.document("verify", "-f", file)
    assert told(document) == [["live-primary-mtu"]] * 2
    assert "Calico's Installation says 1410" in document["nodes"][0]["findings"][0]["rule"]


def test_an_mtu_that_no_card_carries_is_warned_of(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.mtu = {"n1": 65520, "n2": 65520}
    code, document = cluster.document("verify", "-f", file)
    assert (code, told(document)) == (0, [["live-primary-mtu"]] * 2)
    assert "cilium.devices" in document["nodes"][0]["findings"][0]["wayOut"]


def test_mtus_that_differ_between_nodes_are_warned_of(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.mtu = {"n1": 1450, "n2": 1500}
    code, document = cluster.document("verify", "-f", file)
    assert (code, told(document)) == (0, [[], []])
    (finding,) = document["findings"]
    assert finding["code"] == "live-primary-mtu"
    assert "1450 on n1, 1500 on n2" in finding["rule"]


def test_the_same_mtu_everywhere_that_nothing_contradicts_is_well(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    _, document = cluster.document("verify", "-f", file)
    assert (told(document), document["findings"]) == ([[], []], [])
