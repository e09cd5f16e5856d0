"""What `multinet verify --junit` writes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.unit.live.recorded import kubeconfig
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, routed


def test_junit_is_written_with_names_that_do_not_change(served: Serve, tmp_path: Path) -> None:
    cluster, file = served({"lan": c.lan()})
    report = tmp_path / "junit.xml"

    def names() -> list[tuple[str, str]]:
        ran = cluster.run("verify", "-f", file, "--junit", str(report))
        assert ran.exit_code == 0, ran.output
        (suite,) = ET.fromstring(report.read_text())
        return [(case.attrib["classname"], case.attrib["name"]) for case in suite]

    assert (
        names()
        == names()
        == [
            ("node", "n1"),
            ("node", "n2"),
            ("default/lan", "n1"),
            ("default/lan", "n2"),
        ]
    )


def test_a_junit_file_that_cannot_be_written_ends_the_run_before_any_pod(
    served: Serve, tmp_path: Path
) -> None:
    cluster, file = served({"lan": c.lan()})
    for bad in (tmp_path / "none" / "junit.xml", tmp_path):
        code, document = cluster.document("verify", "-f", file, "--junit", str(bad))
        assert (code, document["exit"]) == (2, 2)
        assert f"{bad} cannot be written" in document["error"]
    assert cluster.made == []
    assert cluster.asked == [], "not even the cluster was asked"


def test_a_report_of_an_earlier_run_is_not_left_for_this_ones(
    served: Serve, tmp_path: Path
) -> None:
    cluster, file = served({})
    report = tmp_path / "junit.xml"
    report.write_text("<testsuites/>")
    cluster.kubeconfig.write_text(json.dumps(kubeconfig("http://127.0.0.1:1")))
    assert cluster.run("verify", "-f", file, "--junit", str(report)).exit_code == 3
    assert not report.exists()


def test_what_is_warned_of_stands_beside_the_case_that_passes(
    served: Serve, tmp_path: Path
) -> None:
    cluster, file = served({"lan": routed("0.0.0.0/0")}, c.node("n1"))
    cluster.routes["default/lan"] = "default via 10.9.0.1"
    cluster.given["default/lan", "n1"] = ["10.9.0.2", "10.9.0.3"]
    report = tmp_path / "junit.xml"
    ran = cluster.run("verify", "-f", file, "--junit", str(report))
    assert ran.exit_code == 0, ran.output
    (suite,) = ET.fromstring(report.read_text())
    said = [case.findtext("system-out", "") for case in suite if "lan" in case.attrib["classname"]]
    assert all("live-default-route" in one for one in said), said
    assert suite.attrib["failures"] == "0"
