"""Multus removed from a live cluster, by Kubernetes alone: nobody reaches the node."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.reliability.site import (
    BIN_DIR,
    LEAVINGS,
    LEFT,
    PRIMARY_NETWORK,
    RESERVATIONS,
    RUNNING,
    STATE,
    Site,
)

pytestmark = pytest.mark.cluster

PAGE = Path(__file__).resolve().parents[4] / "docs/nodes.md"


def test_pods_outlive_it_new_ones_run_on_the_primary_alone_and_little_is_left(
    deployed: Site,
) -> None:
    site = deployed
    first, second, third = RUNNING
    # Of tests before this one: what a restart of thin can lose is theirs to count.
    lost_before = site.lost(PRIMARY_NETWORK)
    site.delete([first])
    site.create(["on-a-bridge"], "lab")
    site.ready(["on-a-bridge"])
    site.until(lambda: len(site.reserved()) == 2, "its address is not free")

    site.remove()
    assert site.configured() == []
    assert all(site.link(name) for name in (second, third)), "what runs keeps its interfaces"
    address = site.kubectl("exec", third, "--", "ip", "-4", "-o", "addr", "show", "net1")
    other = address.split()[3].partition("/")[0]
    site.kubectl("exec", second, "--", "ping", "-c1", "-W2", "-I", "net1", other)
    assert site.start(["new"]) == set()
    assert site.link("new", "eth0")
    assert not site.link("new", "net1")

    site.delete([second, third, "new", "on-a-bridge"])
    site.until(
        lambda: site.reserved(PRIMARY_NETWORK) <= lost_before,
        f"the primary's stay, beyond {lost_before} that were lost before",
    )
    # Nobody calls the plugins of further networks any more.
    assert len(site.reserved()) == 2
    left = site.files(*LEAVINGS)
    left = {path for path in left if not path.startswith(f"{STATE}/")}
    # The socket of a daemon that had no time to close it.
    assert left - {"/run/multus/multus.sock"} == LEFT[site.mode]
    assert len(site.reserved("lab")) == 1
    assert site.cluster.node_run(["ip", "link", "show", "br-lab"]).returncode == 0
    size = sum(site.path(p).stat().st_size for p in left if p.startswith(BIN_DIR)) / 1e6
    print(f"{site.mode}: {size:.0f} MB of programs")

    # What the page says takes it away does.
    site.cluster.node_run(["sh", "-ec", _of_the_page()])
    assert site.files("/etc", "/opt", "/run", "/var/lib/cni") & set(LEAVINGS) == set()
    assert not [path for path in site.files(BIN_DIR) if "multus" in path or "passthru" in path]
    assert site.reserved("lab") == set()
    shown = site.cluster.node_run(["ip", "link", "show", "br-lab"], check=False)
    assert shown.returncode != 0
    site.cluster.node_run(["rm", "-rf", f"{RESERVATIONS}/wide"])


def _of_the_page() -> str:
    """The commands of docs/nodes.md for a network `lab` and a bridge `br-lab`."""
    text = PAGE.read_text().partition("## What stays")[2].partition("```console\n")[2]
    return "\n".join(x.removeprefix("$ ") for x in text.partition("```")[0].splitlines())
