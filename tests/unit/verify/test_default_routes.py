"""`multinet verify`, as it is called: a default route that goes before eth0's, whoever brought it."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from multinet.cli.app import app
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, codes, routed

TOLD = "live-default-route"


pytestmark = pytest.mark.usefixtures("soon")


def led_out(cluster: Any) -> None:
    """The network's pods have its default route first, and addresses enough on each node."""
    cluster.routes["default/lan"] = "default via 10.9.0.1"
    for node, first in (("n1", 2), ("n2", 40)):
        cluster.given["default/lan", node] = [f"10.9.0.{first + i}" for i in range(8)]


def test_one_that_linux_does_not_take_this_time_is_a_warning(served: Serve) -> None:
    """Of two with one metric it takes the second while the first's gateway does not answer."""
    cluster, file = served({"lan": routed("0.0.0.0/0"), "other": c.lan()})
    led_out(cluster)
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    told = {row["network"]: row["findings"] for row in document["rows"]}
    (found,) = told["lan"]
    assert (found["code"], found["severity"]) == (TOLD, "warning")
    assert "answered this time, because 10.9.0.1 forwards" in found["rule"]
    assert told["other"] == []
    assert f"[{TOLD}]" in cluster.run("verify", "-f", file).stdout


@pytest.mark.parametrize("beside", [{}, {"other": c.lan()}], ids=["alone", "in a shared pod"])
def test_one_that_nobody_declared_is_told_of_its_network_alone(
    served: Serve, beside: dict[str, Any]
) -> None:
    """A DHCP server's, or of a router advertisement."""
    cluster, file = served({"lan": c.lan(range="10.9.0.0/24"), **beside})
    led_out(cluster)
    _, document = cluster.document("verify", "-f", file)
    told = {(row["network"], tuple(codes(row))) for row in document["rows"]}
    assert told == {("lan", (TOLD,)), *((name, ()) for name in beside)}


@pytest.mark.parametrize("fails", ["pod", "probe"])
def test_it_is_told_beside_what_else_fails(served: Serve, fails: str) -> None:
    cluster, file = served({"lan": routed("0.0.0.0/0")})
    led_out(cluster)
    cluster.failing["default/lan"] = {fails}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    for row in document["rows"]:
        every = codes(row) + codes(row, "causes")
        assert every.count(TOLD) == 1, every


def test_where_a_dhcp_servers_is_accepted_nothing_is_said(served: Serve) -> None:
    ipam = {"type": "dhcp"}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1", "ipam": ipam}
    cluster, file = served({"lan": {"config": config, "ignore": {"default-route": "it is meant"}}})
    led_out(cluster)
    cluster.failing["default/lan"] = {"service"}
    code, document = cluster.document("verify", "-f", file)
    assert (code, [codes(row) for row in document["rows"]]) == (0, [[], []]), document
    ran = CliRunner().invoke(app, ["validate", "-f", file])
    assert (ran.exit_code, "ignore-unused" in ran.output) == (0, False), ran.output


def test_a_pod_to_compare_with_that_answers_late_does_not_acquit_the_network(served: Serve) -> None:
    cluster, file = served({"lan": routed("0.0.0.0/0")}, c.node("n1"))
    led_out(cluster)
    cluster.failing["default/lan"], cluster.late = {"service"}, {""}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1, document
    for row in document["rows"]:
        assert codes(row) == ["live-service-unreachable"]
        assert codes(row, "causes") == [TOLD]
    assert [codes(node) for node in document["nodes"]] == [[]]


def test_a_node_whose_pod_answers_late_is_no_matter(served: Serve) -> None:
    cluster, file = served({})
    cluster.late = {""}
    code, document = cluster.document("verify", "-f", file)
    assert (code, [codes(node) for node in document["nodes"]]) == (0, [[], []])
