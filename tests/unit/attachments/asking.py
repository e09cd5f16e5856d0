"""Networks to attach to, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.attachments.attach import attach
from multinet.cni.config import parse
from multinet.findings import InvalidEnvironment, format_path
from multinet.networks.checks import NetworkView


def lan_view(name: str = "net", namespace: str = "default", **keys: Any) -> NetworkView:
    return view_of({"type": "macvlan", "master": "eth0", **keys}, name, namespace)


def view_of(written: dict[str, Any], name: str = "net", namespace: str = "default") -> NetworkView:
    config, findings = parse({"cniVersion": "1.0.0", **written})
    assert config is not None, [str(f) for f in findings]
    return NetworkView(name, namespace, config)


def refusals(*networks: Any, **options: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidEnvironment) as refused:
        attach(*networks, **options)
    return {(f.code, format_path(f.path)) for f in refused.value.findings}
