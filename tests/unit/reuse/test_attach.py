"""`attach` in a program: what a network of the program declares is what its pods can ask for."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from multinet import Attachment, Network, attach
from multinet.names import NETWORKS
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor

LAN = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {"type": "host-local", "subnet": "10.9.0.0/24"},
}


def made(*asked: Any, **networks: Any) -> dict[str, str]:
    """What `attach` gives for these, where the program has network lan, and further ones."""

    def program() -> None:
        declared = [Network("lan", LAN), *(Network(n, LAN, **more) for n, more in networks.items())]
        wanted = [declared[0] if one is Network else one for one in asked]
        found.update(attach(*wanted, declared=declared))

    found: dict[str, str] = {}
    monitor.run(Monitor(), program)
    return found


def test_a_network_of_the_program_is_attached_by_itself_or_by_name() -> None:
    assert made(Network) == {NETWORKS: "default/lan"}
    assert '"ips": ["10.9.0.7"]' in made(Attachment("lan", ips=["10.9.0.7"]))[NETWORKS]


def test_an_attachment_to_none_of_the_declared_networks_is_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)

    def program() -> None:
        lan = Network("lan", LAN)
        asked = Attachment("lna", ips=["10.9.0.7"]), Attachment("lan"), "lna"
        found.update(attach(*asked, declared=[lan]))
        attach(Attachment("lna"), pod_namespace="default", declared=[lan])
        attach(Attachment("lna", ips=["10.9.0.7"]))

    found: dict[str, str] = {}
    monitor.run(Monitor(), program)
    assert '"name": "lna"' in found[NETWORKS], "told of, and not refused"
    slip, named = [line for line in warnings if "attachment-unchecked" in line]
    assert "networks[0].name" in slip
    assert "did you mean 'lan'?" in slip
    assert "default/lna" in named
    assert "did you mean 'default/lan'?" in named


@pytest.mark.parametrize("namespace", [None, "default"])
def test_an_address_that_the_declaration_does_not_give_is_refused_in_words(
    namespace: str | None,
) -> None:
    with pytest.raises(pulumi.RunError, match="ip-outside-ranges") as refused:
        made(Attachment("lan", namespace, ips=["10.8.0.7"]))
    assert "10.8.0.7" in str(refused.value)
