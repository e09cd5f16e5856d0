"""Networks that pods use, and that an `up` would take away or change."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from multinet.names import NETWORKS, PROTECT
from tests.unit.live import recorded
from tests.unit.preflight import clusters as c

PROGRAM = Path(__file__).resolve().parents[3] / "__main__.py"


def bridge(third: int = 1, **more: Any) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"10.7.{third}.0/24"}
    return {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br1", "ipam": ipam, **more}


def asking(
    name: str, text: str = "lan", owner: tuple[str, str] | None = None, **status: Any
) -> Any:
    found = c.named(name, "default", annotations={NETWORKS: text})
    if owner:
        reference = {"kind": owner[0], "name": owner[1], "controller": True}
        found["metadata"]["ownerReferences"] = [reference]
    return found | {"status": {"phase": "Running", **status}, "spec": {}}


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that runs is the project's own."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(PROGRAM), raising=False)


def said(
    directory: Path,
    pods: list[Any],
    *,
    declared: dict[str, Any] | None = None,
    nad: dict[str, Any] | None = None,
) -> tuple[str, str, list[str]]:
    """What an `up` is refused with, what a preview warns of, and what was asked."""
    there = c.cluster(nads=[nad or c.nad("lan", bridge())], pods=pods)
    with recorded.serving(there, directory) as cluster:
        stack = c.stack(cluster, networks=declared or {})
        return c.refused(stack), c.warned(stack), cluster.asked


@pytest.mark.usefixtures("plain")
def test_a_network_that_goes_while_pods_ask_for_it_is_refused_by_workload(tmp_path: Path) -> None:
    web = ("ReplicaSet", "web-5d4f9c")
    pods = [asking("web-1", owner=web), asking("web-2", "default/lan@eth9", owner=web)]
    pods += [asking("alone", json.dumps([{"name": "lan"}]))]
    refused, warned, _ = said(tmp_path, pods)
    assert "error[network-in-use] multinet:networks.lan" in refused
    assert "3 pods (deployment web in default, pod alone in default)" in refused
    assert "protect: false" in refused
    assert "network-in-use" in warned, "a preview says so too"


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "pods",
    [
        [],
        [asking("other", "wan")],
        [asking("other", "elsewhere/lan")],
        [asking("job", phase="Succeeded")],
    ],
)
def test_a_network_that_nobody_asks_for_may_go(tmp_path: Path, pods: list[Any]) -> None:
    refused, warned, _ = said(tmp_path, pods)
    assert (refused, "network-in-use" in warned) == ("", False)


@pytest.mark.usefixtures("plain")
def test_one_that_was_let_go_may_go_and_others_networks_are_not_ours_to_keep(
    tmp_path: Path,
) -> None:
    unprotected = c.nad("lan", bridge())
    unprotected["metadata"]["annotations"][PROTECT] = "false"
    for nad in (unprotected, c.nad("lan", bridge(), owner="other/dev")):
        refused, _, asked = said(tmp_path, [asking("web-1")], nad=nad)
        assert refused == ""
        assert "/api/v1/pods" not in asked, "a list of all pods is a large one"


def test_a_program_of_its_own_may_make_the_network_itself_so_it_is_a_warning(
    tmp_path: Path,
) -> None:
    refused, warned, _ = said(tmp_path, [asking("web-1")])
    assert refused == ""
    assert "network-in-use" in warned


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("config", "told"),
    [
        (bridge(2), True),
        (bridge(mtu=1400), True),
        (bridge(), False),
        ({**dict(reversed(bridge().items())), "name": "lan"}, False),  # the same, written otherwise
    ],
)
def test_a_change_says_which_pods_keep_the_old_one(
    tmp_path: Path, config: dict[str, Any], told: bool
) -> None:
    declared = {"lan": {"config": config}}
    refused, warned, asked = said(tmp_path, [asking("web-1")], declared=declared)
    assert refused == ""
    assert ("pods-keep-old" in warned) is told, warned
    assert ("1 pod (pod web-1 in default) keep it as it was" in warned) is told
    assert ("/api/v1/pods" in asked) is told


def test_protect_is_written_on_the_network_only_where_it_is_off() -> None:
    from multinet.networks import nad
    from multinet.networks.settings import NetworkSettings

    for protect, expected in ((True, None), (False, {PROTECT: "false"})):
        given = {"config": bridge(), "protect": protect}
        network = NetworkSettings.model_validate(given)
        assert nad.manifest("lan", network)["metadata"].get("annotations") == expected
