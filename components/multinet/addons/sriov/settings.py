"""Settings of the add-on that brings SR-IOV."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.addons.sriov.pools import ExtendedResource, PoolSettings
from multinet.findings import Finding
from multinet.findings.part import Unfinished
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText, LabelKey, LabelValue


class SriovAddonSettings(AddonSettings):
    """SR-IOV: its device plugin with pools of virtual functions, and its CNI plugin.

    The functions themselves are made elsewhere, by `nodes.<name>.links.<link>.vfs` or by others,
    before the device plugin starts.
    """

    pools: dict[ExtendedResource, PoolSettings] = {}
    """What pods can ask for: resource, as `example.com/fast` → its virtual functions. A network names
    its pool as `resourceName`. Where two take one function it would be the first one's: refused.
    """
    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes whose functions are offered; empty: all."""
    image: ImageText | None = None
    """A whole reference of an image that has the device plugin as /usr/bin/sriovdp; absent: the
    pinned one.
    """
    cni_image: ImageText | None = None
    """A whole reference of an image that has /usr/bin/sriov, and a POSIX shell as cniPlugins' needs
    it; absent: the pinned one.
    """
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The device plugin's image that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.SRIOV_DEVICE_PLUGIN_IMAGE.at(
            versions.SRIOV_DEVICE_PLUGIN, registry
        )

    def effective_cni_image(self, registry: str) -> str:
        """The same of the CNI plugin's."""
        return self.cni_image or versions.SRIOV_CNI_IMAGE.at(versions.SRIOV_CNI, registry)

    def rules(self) -> Iterator[Finding]:
        """There is a pool; each function is in one; images are pinned."""
        # A part without its wrong pools is not one without pools.
        if not self.pools and not isinstance(self, Unfinished):
            rule = "without a pool the device plugin ends at once, again and again"
            way_out = "write one: pools: {example.com/fast: {links: [ens1f0]}}"
            yield Finding("no-pools", ("pools",), rule, way_out)
        for (first, one), (second, other) in itertools.combinations(sorted(self.pools.items()), 2):
            if shared := one.shares(other):
                rule = f"takes functions of {shared} that {first!r} takes, too: it would lack them"
                way_out = (
                    "give each its own numbers, as ens1f0#0-3 and ens1f0#4-7, or other drivers"
                )
                yield Finding("pools-overlap", ("pools", second), rule, way_out)
        for key, image in (("image", self.image), ("cniImage", self.cni_image)):
            for finding in policy.image(image) if image else ():
                yield finding.under((key,))
