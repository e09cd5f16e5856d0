"""Mistakes that users of Multus posted: each gives an error that would have told them what to do.

The configurations are minimal ones that keep the mistake. Issues without a repository are
k8snetworkplumbingwg/multus-cni's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment
from multinet.cni.config import parse
from multinet.findings import Finding, InvalidEnvironment, errors
from multinet.networks.checks import NetworkView
from multinet.stack.load import check_config
from tests.unit.cni.cases import MACVLAN, chain, ipam, main


def _config(written: Any) -> list[Finding]:
    return parse(written)[1]


def _environment(written: Any) -> list[Finding]:
    return check_config(written)[1]


def _attachment(written: Any) -> list[Finding]:
    """One attachment, of a pod in `testns2`, with one network in `default` declared."""
    config, _ = parse(main("macvlan", capabilities={"ips": True, "mac": True}, ipam=HOST_LOCAL))
    assert config is not None
    declared = [NetworkView("macvlan-conf-2", "default", config)]
    with pytest.raises(InvalidEnvironment) as refused:
        attach(written, pod_namespace="testns2", declared=declared)
    return list(refused.value.findings)


@dataclasses.dataclass(frozen=True)
class Posted:
    """What was posted: where, what its author met, what we say.

    Attributes:
        issue: number, with the repository where it is not Multus's.
        met: one sentence.
        written: with the mistake.
        code, says: the error's code, and a phrase of its rule or way out.
        checked: how the mistake is found.
    """

    issue: str
    met: str
    written: Any
    code: str
    says: str
    checked: Callable[[Any], Sequence[Finding]] = _config


HOST_LOCAL = {"type": "host-local", "subnet": "10.1.1.0/24"}

POSTED = [
    Posted(
        "#1351",
        "A colon inside the quotes of a key: Multus said that a list of plugins is not understood.",
        chain({"type": "bridge"}, {"type:": "vrf", "vrfname": "blue"}),
        "missing-type",
        "write the key as 'type', not 'type:'",
    ),
    Posted(
        "#251",
        "A host-device network without type: the pod stayed in ContainerCreating.",
        {"cniVersion": "0.3.1", "device": "ens4"},
        "missing-type",
        "host-device",
    ),
    Posted(
        "#146",
        "flannel with portmap as a second object, without a list around them.",
        '{"cniVersion": "0.3.0", "type": "flannel", "delegate": {}, {"type": "portmap"}}',
        "not-json",
        '"plugins": [{…}, {…}]',
    ),
    Posted(
        "#372",
        "A comma after the last entry of `ipam`.",
        '{"cniVersion": "0.3.1", "type": "macvlan", "ipam": {"type": "static",}}',
        "not-json",
        "remove the comma after the last entry",
    ),
    Posted(
        "sriov-network-device-plugin#203",
        "A comma missing after the IPAM's type: Multus failed to get the delegate.",
        '{"type": "sriov", "ipam": {"type": "host-local" "subnet": "10.56.217.0/24"}}',
        "not-json",
        "add the comma that is missing",
    ),
    Posted(
        "#847",
        "A comment within the JSON of a NAD.",
        '{"cniVersion": "0.3.1", "master": "ens3f0", # the host interface\n "type": "macvlan"}',
        "not-json",
        "JSON has none",
    ),
    Posted(
        "whereabouts#243",
        "A typographic quote before the IPAM's type.",
        '{"type": "macvlan", "ipam": {"type": “whereabouts", "range": "192.168.1.224/28"}}',
        "not-json",
        "use straight double quotes",
    ),
    Posted(
        "whereabouts#243",
        "host-local's `subnet` in whereabouts: `invalid CIDR address:`, without saying which.",
        ipam("whereabouts", subnet="192.168.1.224/28"),
        "unknown-key",
        "write it as 'range'",
    ),
    Posted(
        "#720",
        "An address label as macvlan's master: `Link not found`.",
        main("macvlan", master="ens33:1"),
        "not-an-interface-name",
        "name the link, ens33",
    ),
    Posted(
        "#1099",
        "Multus's own shim as a network: `at least one delegate/clusterNetwork must be specified`.",
        main("multus-shim", delegate={"isDefaultGateway": True}),
        "type-refused",
        "name the plugin that makes the interface",
    ),
    Posted(
        "kubevirt/kubevirt#7001",
        "Capabilities at the top of a list, where nobody reads them.",
        {**chain(MACVLAN), "capabilities": {"ips": True}},
        "misplaced-key",
        "move it into an entry of 'plugins'",
    ),
    Posted(
        "containernetworking/plugins#690",
        "firewall with cniVersion 0.3.1: `incompatible CNI versions`.",
        chain(
            {"type": "ipvlan", "ipam": HOST_LOCAL},
            {"type": "firewall"},
            version="0.3.1",
        ),
        "cni-version-too-old",
        'set cniVersion: "1.0.0"',
    ),
    Posted(
        "red-hat-storage/ocs-ci#12827",
        "ipvlan's mode in macvlan: `unknown macvlan mode`.",
        main("macvlan", mode="l2"),
        "unknown-value",
        "bridge, private, vepa, passthru",
    ),
    Posted(
        "gpillon/k4all#11",
        "A VLAN on macvlan, which has no such key and would leave the pod untagged.",
        main("macvlan", master="eth0", vlan=100),
        "unknown-key",
        "eth0.100",
    ),
    Posted(
        "#1378",
        "A multicast MAC address for the pod: `cannot assign requested address`.",
        Attachment("macvlan-conf-2", "default", mac="f1:fd:59:0b:bd:2b"),
        "not-a-mac",
        "is a multicast address",
        _attachment,
    ),
    Posted(
        "#460",
        "A string where `ips` is a list: the pod started without its second interface.",
        Attachment("macvlan-conf-2", "default", ips="10.1.1.6/24"),
        "wrong-type",
        'write ["10.1.1.6/24"]',
        _attachment,
    ),
    Posted(
        "#705",
        "Namespace and name in one, in the JSON form: the pod failed.",
        Attachment("openshift-multus/macvlan-conf"),
        "not-a-reference",
        "Attachment('macvlan-conf', 'openshift-multus')",
        _attachment,
    ),
    Posted(
        "#1195",
        "A comma after the last network: `resource name may not be empty`.",
        "bridge-conf-1,bridge-conf-2,",
        "not-a-reference",
        "an argument of its own: 'bridge-conf-1', 'bridge-conf-2'",
        _attachment,
    ),
    Posted(
        "#635",
        "A brace missing in the annotation's JSON: the pod started without the network.",
        '[{"name": "centos-runtimeconfig-def", "ips": ["10.1.1.104/24"] ]',
        "not-a-reference",
        "attach writes the JSON",
        _attachment,
    ),
    Posted(
        "#337",
        "A network looked for in the pod's namespace, while it was thought to be in `default`.",
        "macvlan-conf-2",
        "wrong-namespace",
        "write default/macvlan-conf-2",
        _attachment,
    ),
    Posted(
        "#972",
        "Cilium, exclusive as it is by default: it renamed Multus's file, pods had one interface.",
        {"primaryCni": {"plugin": "cilium", "values": {"cni": {"exclusive": True}}}},
        "cilium-exclusive",
        "set it to false",
        _environment,
    ),
]


@pytest.mark.parametrize("posted", POSTED, ids=[f"{p.issue} {p.code}" for p in POSTED])
def test_the_error_tells_what_to_do(posted: Posted) -> None:
    found = errors(posted.checked(posted.written))

    told = [f"{f.rule}; {f.way_out}" for f in found if f.code == posted.code]
    assert any(posted.says in text for text in told), [str(f) for f in found]


def test_routes_through_gateways_near_requested_addresses_are_accepted() -> None:
    # #1456: each pod asks for an address beside the gateway, which the network cannot know.
    routes = [{"dst": "192.0.0.0/8", "gw": "192.168.50.1"}, {"dst": "224.0.0.0/4"}]
    static = {"type": "static", "routes": routes}

    config, found = parse(main("macvlan", capabilities={"ips": True}, ipam=static))

    assert config is not None, [str(f) for f in found]
