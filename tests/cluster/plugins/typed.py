"""From a typed network to its rendered text, and from an attach of it to what the pod had."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.typed import Chain, Plugin
from tests.cluster.plugins.node import Answer


def text_of(typed: Plugin | Chain) -> str:
    """What its NAD holds."""
    config, findings = parse(typed.tree())
    assert config is not None, [str(f) for f in findings]
    return config.to_json("network")


def link_of(answer: Answer) -> dict[str, Any]:
    """The pod's one link, after an attach that this kernel could do and undo."""
    if answer.unsupported:
        pytest.skip(f"this kernel cannot: {answer.error}")
    assert (answer.stage, answer.error) == ("done", "")
    assert "net1" not in (answer.left or []), "DEL took the interface away"
    (link,) = [found for found in answer.links if found["name"] == "net1"]
    assert link["up"]
    return link
