"""A Cilium that Helm itself installed: what `adopt` tells of it, and what is then rendered for it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import rig
from tests.cluster.helms import Release

pytestmark = pytest.mark.cluster


def test_as_printed_one_key_is_set_and_set_again_after_helms_next_upgrade(
    fresh_api_server: rig.ControlPlane, tmp_path: Path
) -> None:
    release = Release(fresh_api_server, tmp_path)
    release.helm("install", {})
    helms, before = release.config(), release.generation()
    assert helms["cni-exclusive"] == "true"
    stack = tmp_path / "Pulumi.prod.yaml"
    # No agent runs here that could be waited for.
    release.adopted(stack, {"waitForRollout": False})
    assert release.config() == helms, "it only looks"
    for _ in ("for the first time", "and again: nothing more"):
        release.apply(stack)
        assert release.config() == helms | {"cni-exclusive": "false"}
        assert release.generation() == before + 1

    release.helm("upgrade", {"MTU": 1400})
    upgraded, before = release.config(), release.generation()
    assert (upgraded["cni-exclusive"], upgraded["mtu"]) == ("true", "1400")
    time.sleep(1)  # managed fields are dated in seconds
    release.apply(stack)
    assert release.config() == upgraded | {"cni-exclusive": "false"}
    assert release.generation() == before + 1, "its agents read the key again"
