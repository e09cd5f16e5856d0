"""Multus removed from a live cluster, by Kubernetes alone: nobody reaches the node."""

from __future__ import annotations

import pytest

from tests.cluster.reliability.site import (
    BIN_DIR,
    CREDENTIAL,
    LEAVINGS,
    PRIMARY_NETWORK,
    RUNNING,
    Site,
)

pytestmark = pytest.mark.cluster

MADE_BY_ITS_MOUNTS = {"/etc/cni/multus", "/etc/cni/multus/net.d", "/run/multus"}
STATE = "/var/lib/cni/multus"
LEFT = {
    "thick": {f"{BIN_DIR}/multus-shim", f"{BIN_DIR}/passthru", STATE} | MADE_BY_ITS_MOUNTS,
    "thin": {f"{BIN_DIR}/multus", f"{BIN_DIR}/passthru", STATE}
    | {CREDENTIAL, CREDENTIAL.rpartition("/")[0]},
}


def test_pods_outlive_it_new_ones_run_on_the_primary_alone_and_little_is_left(
    deployed: Site,
) -> None:
    site = deployed
    first, second, third = RUNNING
    site.delete([first])
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

    site.delete([second, third, "new"])
    site.until(lambda: site.reserved(PRIMARY_NETWORK) == set(), "the primary's stay")
    # Nobody calls the plugins of further networks any more.
    assert len(site.reserved()) == 2
    left = site.files(*LEAVINGS)
    left = {path for path in left if not path.startswith(f"{STATE}/")}
    # The socket of a daemon that had no time to close it.
    assert left - {"/run/multus/multus.sock"} == LEFT[site.mode]
    site.cluster.node_run(["rm", "-rf", "/var/lib/cni/networks/wide"])
