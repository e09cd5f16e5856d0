"""Whether a pod's eth0 still works beside its networks: what was asked, and what it means. Pure."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Iterator, Sequence

from multinet.cni.types import Address
from multinet.findings import Finding, Path, Severity
from multinet.names import PRIMARY_INTERFACE
from multinet.verify import pod
from multinet.verify.pods import Started
from multinet.verify.seen import Looks, SeenRoute

YES = "yes"
DEFAULT = "live-default-route"
_NO_ANSWER = re.compile(
    r"timed? ?out|can't connect|unreachable|no route to host|refused|bad address|not found", re.I
)
_CODES = {
    "probe": "live-probe-fails",
    "service": "live-service-unreachable",
    "pod": "live-eth0-unreachable",
}


@dataclasses.dataclass(frozen=True)
class Glimpse:
    """A pod that runs, as it was looked into.

    Attributes:
        looks: None: it could not be looked into.
        unseen: why not.
        target: the pod whose eth0 it asked; None: none.
    """

    started: Started
    looks: Looks | None
    unseen: str = ""
    target: Started | None = None


@dataclasses.dataclass(frozen=True)
class Eth0:
    """What of a pod's eth0 works: `yes`, `no: …` with who said so, or `not tried: …`.

    Attributes:
        probe: whether its node reaches it, as the kubelet's probes do.
        service: whether it reaches the ClusterIP of the Service `kubernetes`.
        pod: whether it reaches the eth0 of another pod.
    """

    probe: str = ""
    service: str = ""
    pod: str = ""

    @property
    def broken(self) -> frozenset[str]:
        """Those that fail, by name."""
        return frozenset(k for k, v in self.as_dict().items() if v.startswith("no:"))

    def as_dict(self) -> dict[str, str]:
        """For `--json`."""
        return dataclasses.asdict(self)


def eth0_of(glimpse: Glimpse) -> Eth0:
    """What a pod's answers say of its eth0."""
    plan, looks = glimpse.started.plan, glimpse.looks
    if not plan.probed:
        accepted = next(n.bypasses_eth0 for n in plan.networks if n.bypasses_eth0)
        return Eth0(*[f"not tried: accepted ({accepted})"] * 3)
    probe = f"no: {glimpse.started.unprobed}" if glimpse.started.unprobed else YES
    if looks is None:
        return Eth0(probe, *[f"not tried: {glimpse.unseen}"] * 2)
    return Eth0(probe, _service(looks), _pod(looks, glimpse.target))


def _service(looks: Looks) -> str:
    if not looks.service:
        return "not tried: the image has no wget, or no KUBERNETES_SERVICE_HOST"
    return YES if _answered(said := looks.answers.get(looks.service, "")) else _no(said)


def _pod(looks: Looks, target: Started | None) -> str:
    if target is None:
        return "not tried: no other pod"
    said = looks.answers.get(pod.endpoint(target.address), "")
    return f"{YES}: {target.plan.node}" if said == target.plan.name else _no(said)


def _answered(said: str) -> bool:
    """Any answer but one of the way there: a web server's complaint is one too."""
    return bool(said) and ("HTTP/" in said or not _NO_ANSWER.search(said))


def _no(said: str) -> str:
    return f"no: {said or 'no answer'}"


def findings(
    path: Path, glimpse: Glimpse, eth0: Eth0, broken: Sequence[str], severity: Severity
) -> Iterator[Finding]:
    """What fails, as findings at a path."""
    node = glimpse.started.plan.node
    said = eth0.as_dict()
    target = glimpse.target
    service = glimpse.looks.service if glimpse.looks else ""
    what = {
        "probe": f"{node} does not reach the pod's eth0: probes of the kubelet never pass",
        "service": f"the pod on {node} does not reach the ClusterIP of a Service, {service}",
        "pod": f"the pod on {node} does not reach eth0 of another pod"
        f" on {target.plan.node if target else 'the cluster'}",
    }
    for way in broken:
        rule = f"{what[way]} ({said[way].removeprefix('no: ')})"
        yield Finding(_CODES[way], path, rule, "see the likely cause", severity=severity)


@dataclasses.dataclass(frozen=True)
class Beside:
    """What stands in eth0's way may be.

    Attributes:
        network: its name. interface: of the pod. parent: the node's link it hangs on; or empty.
        nodes: addresses of the pod's node.
    """

    path: Path
    network: str
    interface: str
    parent: str
    nodes: Sequence[Address]


def causes(beside: Beside, glimpse: Glimpse, broken: Sequence[str]) -> list[Finding]:
    """Why eth0 fails with a network and works without: the routes that go before it."""
    looks = glimpse.looks
    found: dict[str, Finding] = {}
    for peer in _peers(beside, glimpse, broken) if looks else ():
        route = looks.way(peer) if looks else None
        if route is not None and route.interface == beside.interface:
            cause = _in_the_way(beside, route, peer)
            found.setdefault(cause.rule, cause)
    if found:
        return list(found.values())
    rule = "a pod without networks has no such trouble there, and no route of this one explains it"
    way_out = "see what the network's chain changes: `ip rule`, `ip route show table all` in a pod"
    code = "live-eth0-unexplained"
    return [Finding(code, beside.path, rule, way_out, severity=Severity.WARNING)]


def fleeting(beside: Beside, glimpse: Glimpse, eth0: Eth0) -> Iterator[Finding]:
    """A network's default route that goes before eth0's, though the Service answered this time.

    Of several with one metric Linux takes the next while the gateway of the first does not answer
    ARP (`fib_select_default` of Linux 6.18), and the first again once it does.
    """
    looks = glimpse.looks
    service = _address(looks.service.rpartition(":")[0]) if looks else None
    if looks is None or service is None or eth0.service != YES:
        return
    route = looks.way(service)
    if route is None or route.interface != beside.interface or route.destination.prefixlen:
        return
    cause = _in_the_way(beside, route, service)
    rule = (
        f"{cause.rule}; it was answered this time, because {route.gateway or 'its gateway'} forwards"
        " to Services, or because that did not answer ARP and Linux took eth0's meanwhile"
    )
    yield dataclasses.replace(cause, rule=rule, severity=Severity.WARNING)


def _peers(beside: Beside, glimpse: Glimpse, broken: Sequence[str]) -> Iterator[Address]:
    """Whom the pod has to send to for what fails."""
    own = _address(glimpse.started.address)
    looks = glimpse.looks
    if "probe" in broken and own is not None:
        yield from (node for node in beside.nodes if node.version == own.version)
        for route in looks.routes if looks else ():
            # A bridge asks its pods from its own address, which is their gateway.
            if route.interface == PRIMARY_INTERFACE and route.gateway is not None:
                yield route.gateway
    if "service" in broken and looks and (at := _address(looks.service.rpartition(":")[0])):
        yield at
    if "pod" in broken and glimpse.target and (at := _address(glimpse.target.address)):
        yield at


def _in_the_way(beside: Beside, route: SeenRoute, peer: Address) -> Finding:
    if route.destination.prefixlen == 0:
        rule = (
            f"the default route of {beside.network} on {beside.interface} goes before eth0's, so"
            f" what is for {peer} leaves by {beside.interface}"
        )
        way_out = (
            "route the networks that are there instead, take it away by route-override, or give the"
            " pods that want it a network of their own; to accept it, ignore: {default-route: …}"
        )
        return Finding(DEFAULT, beside.path, rule, way_out, str(peer))
    if route.gateway is None and peer in beside.nodes:
        parent = beside.parent or "its link"
        rule = (
            f"{route.destination} has the node's own address {peer} in it: the pod answers its node"
            f" by {beside.interface}, and no pod reaches its node by {parent}"
        )
        way_out = (
            "give the network a subnet of its own, or let its pods have exec probes and accept it,"
            " ignore: {nodes-own-subnet: …}"
        )
        return Finding("live-nodes-own-subnet", beside.path, rule, way_out, str(peer))
    rule = (
        f"the route to {route.destination} on {beside.interface} goes before eth0's, so what is for"
        f" {peer} leaves by {beside.interface}"
    )
    way_out = "narrow it to the networks that are there; pods, Services and nodes are eth0's"
    return Finding("live-route-before-eth0", beside.path, rule, way_out, str(peer))


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
