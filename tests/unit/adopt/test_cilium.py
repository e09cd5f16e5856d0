"""What adoption tells of a Cilium that is there."""

from __future__ import annotations

from multinet.adopt import Seen, convert
from tests.unit.adopt import clusters as c


def noted(**data: str) -> list[str]:
    maps = {("kube-system", "cilium-config"): data}
    seen = Seen(nads=[], daemon_sets=[c.daemon_set("cilium", "y")], config_maps=maps)
    return [note for note in convert(seen, "multinet/prod").notes if "cni-exclusive" in note]


def test_one_that_takes_multus_file_away_is_told_with_the_way_out() -> None:
    (told,) = noted(**{"cni-exclusive": "true"})
    assert "adopt: {plugin: cilium}" in told
    assert noted(**{"cni-exclusive": "false"}) == []
