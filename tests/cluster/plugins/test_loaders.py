"""What programs of other projects say to a configuration before they touch a link.

Each is run as Multus runs it, for a pod whose network namespace is not there: it reads its
configuration and refuses it, or goes on and finds no namespace, card or daemon.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.cni.config import parse
from multinet.findings import Finding, errors
from tests.cluster.plugins import generate_others as generate
from tests.cluster.plugins.node import FURTHER
from tests.cluster.plugins.test_differential import SETTINGS

pytestmark = pytest.mark.cluster

_ENVIRONMENT = {
    "CNI_COMMAND": "ADD",
    "CNI_CONTAINERID": "loader-test",
    "CNI_NETNS": "/run/netns/multinet-none",
    "CNI_IFNAME": "net1",
    "CNI_PATH": "/nowhere",
    "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAME=p;K8S_POD_NAMESPACE=n",
}


@dataclasses.dataclass(frozen=True)
class Program:
    """A plugin's program.

    Attributes:
        cases: what it is given.
        read: what it says of a configuration that it could read.
        later: whether a finding of ours is about what it looks at afterwards. A key that it does
            not know is a mistake to us, and nobody reads it.
    """

    name: str
    cases: st.SearchStrategy[dict[str, Any]]
    read: tuple[str, ...]
    later: Callable[[Finding], bool]


def _of_bond(finding: Finding) -> bool:
    first, deep = finding.path[0], len(finding.path) > 2
    after = finding.code in ("bond-links", "mtu-out-of-range", "missing-key")
    absent = first in ("links", "miimon") and "empty" in finding.rule
    number = finding.code == "wrong-value" and first in ("miimon", "mtu")
    return (after and first != "mode") or number or absent or (first == "links" and deep)


def _of_macvtap(finding: Finding) -> bool:
    return finding.code in ("wrong-value", "mtu-out-of-range")


def _of_ib_sriov(finding: Finding) -> bool:
    return finding.code in ("wrong-value", "not-a-pci-address", "ipam-refused")


def _of_rdma(finding: Finding) -> bool:
    return finding.code == "chained-plugin-first"


def _never(finding: Finding) -> bool:
    del finding
    return False


PROGRAMS = [
    Program("bond", generate.BOND, ("failed to open netns",), _of_bond),
    Program("macvtap", generate.MACVTAP, ("failed to open netns",), _of_macvtap),
    Program(
        "ib-sriov",
        generate.IB_SRIOV,
        (
            "deviceID is required",
            "RDMA subsystem",
            "InfiniBand status",
            "vfio-pci driver",
            "requires vfioPciMode",
            "VF or PF",
            "open netns",
        ),
        _of_ib_sriov,
    ),
    Program("rdma", generate.RDMA, ("as part of a plugin chain",), _of_rdma),
    Program("nv-ipam", generate.NV_IPAM, ("code = Unavailable",), _never),
]


def _said(program: str, written: dict[str, Any]) -> str:
    directories = [d for d in FURTHER.split(":") if d and Path(d, program).is_file()]
    if not directories:
        pytest.skip(f"MULTINET_CNI_PLUGINS names no directory with {program}")
    ran = subprocess.run(
        [str(Path(directories[0], program))],
        input=json.dumps(written),
        env={**os.environ, **_ENVIRONMENT},
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    return ran.stdout or ran.stderr


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_we_refuse_what_its_loader_refuses_and_nothing_else(program: Program) -> None:
    verdicts: Counter[str] = Counter()

    @SETTINGS
    @given(program.cases)
    def compare(written: dict[str, Any]) -> None:
        whole = {"cniVersion": "1.0.0", "name": "n", **written}
        found = errors(parse(whole)[1])
        at_once = [f for f in found if not (f.code == "unknown-key" or program.later(f))]
        said = _said(program.name, whole)
        reads = any(text in said for text in program.read)
        told = f"{json.dumps(whole)}\nwe say: {[str(f) for f in found]}\nit says: {said}"
        assert not at_once if reads else found, told
        verdicts["both accept" if reads else "both refuse"] += 1

    compare()
    print(program.name, dict(verdicts))
    assert all(verdicts[verdict] for verdict in ("both accept", "both refuse"))
