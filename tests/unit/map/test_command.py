"""`multinet map`, as it is called: what is in the file, and what can never be."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from multinet.cli.app import app
from multinet.map import chart
from tests.unit.map import environments as e
from tests.unit.verify import clusters as c


def run(*arguments: str) -> Result:
    ran = CliRunner().invoke(app, ["map", *arguments])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


class Elements(HTMLParser):
    """A page's elements as a browser takes them: tag, attributes, text within."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._within = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        self._within = True

    def handle_endtag(self, tag: str) -> None:
        self._within = False

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found[-1][2].append(data)

    def text(self, tag: str, **attributes: str) -> str:
        (one,) = [f for f in self.found if f[0] == tag and attributes.items() <= f[1].items()]
        return "".join(one[2])


def data_of(page: str) -> Any:
    return json.loads(Elements(page).text("script", id="data"))


def of(document: dict[str, Any], name: str) -> Any:
    return next(n for n in document["networks"] if n["name"] == name)


def test_what_is_declared_is_in_the_page(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "edge.html"
    ran = run("-C", str(project), "-s", "edge", "-o", str(out))
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "edge.html: 2 networks, 2 links, 1 node" in ran.stdout.replace("\n", "")
    document = data_of(out.read_text())
    assert document == json.loads(run("-C", str(project), "-s", "edge", "--json").stdout)
    assert document["live"] is None
    cameras = of(document, "cameras")
    link = document["links"][cameras["link"]]
    assert (link["title"], link["detail"]) == ("eth1", "MTU 1500")
    assert document["places"][link["place"]]["nodes"] == ["gateway-1"]
    assert cameras["ranges"] == [{"range": "192.168.50.200-192.168.50.239", "size": 40}]
    assert json.loads(cameras["nad"]["spec"]["config"])["master"] == "eth1"


def test_findings_are_with_what_they_are_about(project: Path) -> None:
    document = json.loads(run("-C", str(project), "-s", "dev", "--json").stdout)
    codes = [finding["code"] for finding in of(document, "macvlan-conf")["findings"]]
    assert codes == ["host-local-on-shared-l2", "default-route"]


def test_a_cluster_adds_use_pods_and_state(tmp_path: Path) -> None:
    with e.few_live(tmp_path) as (cluster, file):
        code, document = cluster.document("map", "-f", file)
        _, seen = cluster.document("status", "-f", file)
    assert code == 0, "something is wrong with the cluster, and the map shows it"
    assert document["live"] == {
        "cluster": cluster.url,
        "at": "2023-11-14 22:13:20 UTC",
        "full": 0.9,
    }
    status = {network["network"]: network for network in seen["networks"]}
    for network in document["networks"]:
        own = status[network["name"]]
        assert network["pods"] == own["pods"]
        assert network["able"] == len(own["nodes"]) - len(own["unable"])
        assert [f for f in network["findings"] if f["line"] is None] == own["findings"]
    (fullest, *_) = of(document, "lan")["ranges"]
    assert (fullest["node"], fullest["used"], fullest["size"]) == ("n1", 4, 4)
    assert {n["name"]: n["unable"] for n in document["nodes"]}["n2"].startswith("not ready")
    assert document["places"][of(document, "cameras")["place"]]["nodes"] == ["n1"]


def test_what_others_wrote_is_data_and_nothing_else(tmp_path: Path) -> None:
    file = c.stack_file(tmp_path, e.few()).rename(tmp_path / f"{e.EVIL.replace('/', '-')}&.yaml")
    elements = Elements(run("-f", str(file)).stdout)
    tags = [tag for tag, _, _ in elements.found]
    assert (tags.count("script"), tags.count("img")) == (2, 0)
    assert elements.text("h1") == file.name
    document = json.loads(elements.text("script", id="data"))
    assert of(document, "lan")["nad"]["metadata"]["annotations"] == {"example.com/note": e.EVIL}


def test_texts_do_not_turn_lines_and_show_no_secret(tmp_path: Path) -> None:
    networks = e.few()
    token = "eyJhbGciOiJSUzI1NiIs.payload.signature"
    networks["lan"]["annotations"] = {"example.com/a": "\u202eabc", "example.com/b": token}
    document = data_of(run("-f", str(c.stack_file(tmp_path, networks))).stdout)
    annotations = of(document, "lan")["nad"]["metadata"]["annotations"]
    assert annotations == {"example.com/a": "\\u202eabc", "example.com/b": "[secret]"}


def test_it_loads_nothing_and_runs_only_its_own_script(tmp_path: Path) -> None:
    elements = Elements(run("-f", str(c.stack_file(tmp_path, e.few()))).stdout)
    assert not [tag for tag, _, _ in elements.found if tag in ("link", "img", "iframe", "base")]
    assert not [
        a
        for _, attributes, _ in elements.found
        for a in attributes
        if a in ("src", "href", "style")
    ]
    (policy,) = [a["content"] for t, a, _ in elements.found if "http-equiv" in a]
    script = next(f for f in elements.found if f[0] == "script" and not f[1])
    for name, text in (("script", "".join(script[2])), ("style", elements.text("style"))):
        sum_ = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{sum_}';" in str(policy)
    assert str(policy).startswith("default-src 'none';")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    with e.few_live(tmp_path) as (cluster, file):
        pages = []
        for name in ("a.html", "b.html"):
            assert cluster.run("map", "-f", file, "-o", str(tmp_path / name)).exit_code == 0
            pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_a_page_keeps_to_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "MOST_TEXT", 300)
    monkeypatch.setitem(chart.MOST, "pods", 3)
    with e.few_live(tmp_path) as (cluster, file):
        _, document = cluster.document("map", "-f", file)
        said = cluster.run("map", "-f", file, "-o", str(tmp_path / "a.html")).stdout
    lan = of(document, "lan")
    assert ([p["pod"] for p in lan["pods"]], lan["more"]) == (
        ["web-2", "web-3", "web-4"],
        {"pods": 1},
    )
    assert "multinet render" in lan["nad"]["spec"]["config"]
    assert "4 attached interfaces" in said.replace("\n", " ")


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = str(c.stack_file(tmp_path, e.few()))
    out = tmp_path / "out" / "a.html"
    ran = run("-f", file, "-o", str(out))
    assert (ran.exit_code, "cannot be written: No such file" in ran.stderr) == (2, True)
    out.parent.mkdir()
    out.write_text("old")
    out.chmod(0o640)
    link = tmp_path / "link.html"
    link.symlink_to(out)
    assert run("-f", file, "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert (out.read_text()[:15], out.stat().st_mode & 0o777) == ("<!doctype html>", 0o640)
    assert [f.name for f in out.parent.iterdir()] == ["a.html"]
    assert run("-f", file, "-o", "-").stdout == out.read_text() == run("-f", file).stdout


def test_json_goes_with_a_file_and_not_with_a_page_on_standard_output(tmp_path: Path) -> None:
    file = str(c.stack_file(tmp_path, e.few()))
    ran = run("-f", file, "--json", "-o", str(tmp_path / "a.html"))
    assert json.loads(ran.stdout) == data_of((tmp_path / "a.html").read_text())
    ran = run("-f", file, "--json", "-o", "-")
    assert (ran.exit_code, "standard output" in ran.stderr) == (2, True)


def test_what_cannot_be_done_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("config:\n  multinet:multus: {mode: thik}\n")
    out = tmp_path / "a.html"
    ran = run("-f", str(bad), "-o", str(out))
    assert (ran.exit_code, "multinet:multus.mode" in ran.stderr) == (2, True)
    away = tmp_path / "kubeconfig"
    with e.recorded(tmp_path, e.few(), c.node("n1")) as (_, file):
        pass
    ran = run("-f", file, "-o", str(out), "--kubeconfig", str(away))
    assert (ran.exit_code, ran.stderr.startswith("error:")) == (3, True), ran.stderr
    assert not out.exists()


def test_the_scripts_make_no_html_of_texts(project: Path) -> None:
    assets = project / "components" / "multinet" / "map" / "assets"
    text = "".join(file.read_text() for file in assets.glob("*.js"))
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert all(len(file.read_text().splitlines()) <= 300 for file in assets.iterdir())
