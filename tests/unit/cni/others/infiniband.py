"""ib-sriov and rdma: their READMEs' configurations in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import STATIC, Case, chain, main

_LOCAL = {"type": "host-local", "subnet": "10.56.9.0/24", "gateway": "10.56.9.1"}

DOCUMENTED: dict[str, dict[str, Any]] = {
    "ib-sriov": {
        "cniVersion": "0.3.1",
        "type": "ib-sriov",
        "deviceID": "0000:03:02.0",
        "link_state": "enable",
        "rdmaIsolation": True,
        "ibKubernetesEnabled": False,
        "ipam": {
            **_LOCAL,
            "rangeStart": "10.56.9.171",
            "rangeEnd": "10.56.9.181",
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    },
    "ib-sriov in a partition, on request": {
        "cniVersion": "0.3.1",
        "type": "ib-sriov",
        "pkey": "0x5",
        "link_state": "enable",
        "ibKubernetesEnabled": True,
        "capabilities": {"infinibandGUID": True},
    },
    "rdma after sriov": {
        "cniVersion": "0.3.1",
        "name": "sriov-network",
        "plugins": [{"type": "sriov", "ipam": _LOCAL}, {"type": "rdma"}],
    },
}

BROKEN: dict[str, Case] = {
    "ib-sriov with dhcp": (main("ib-sriov", ipam={"type": "dhcp"}), "ipam-refused", "ipam.type"),
    "ib-sriov state": (main("ib-sriov", link_state="up"), "unknown-value", "link_state"),
    "ib-sriov partition": (main("ib-sriov", pkey="5"), "wrong-value", "pkey"),
    "ib-sriov device": (main("ib-sriov", deviceID="03:02.0"), "not-a-pci-address", "deviceID"),
    "rdma alone": (main("rdma"), "chained-plugin-first", "type"),
    "rdma after ib-sriov that has moved the device": (
        chain({"type": "ib-sriov", "rdmaIsolation": True}, {"type": "rdma"}),
        "rdma-twice",
        "plugins[1].type",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "ib-sriov's documented guid": (
        main("ib-sriov", guid="00:11:22:33:44:55:66:77"),
        "no-effect",
        "guid",
    ),
    "ib-sriov's addresses of a virtual machine": (
        main("ib-sriov", vfioPciMode=True, ipam=STATIC),
        "no-effect",
        "ipam",
    ),
    "rdma after ib-sriov": (
        chain({"type": "ib-sriov"}, {"type": "rdma"}),
        "rdma-twice",
        "plugins[1].type",
    ),
}
