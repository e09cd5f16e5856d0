"""Settings of the add-on that lays out the CNI reference plugins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.cni.reference import REFERENCE_PLUGINS
from multinet.findings import Finding
from multinet.findings.model import refusal
from multinet.findings.suggest import did_you_mean
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText

LOOPBACK = "loopback"


def _is_plugin(text: str) -> str:
    if text == LOOPBACK:
        rule = "every runtime brings its own loopback, and starts no pod without it"
        raise refusal("plugin-of-the-runtime", rule, "leave it out")
    if text not in REFERENCE_PLUGINS:
        rule = "is none of the CNI reference plugins"
        names = sorted(REFERENCE_PLUGINS - {LOOPBACK})
        raise refusal("not-a-reference-plugin", rule, did_you_mean(text, names))
    return text


ReferencePlugin = Annotated[str, AfterValidator(_is_plugin)]
"""The name of a program of the CNI project's archive, but loopback."""


class CniPluginsAddonSettings(AddonSettings):
    """The CNI reference plugins in every node's plugin directory, by a DaemonSet.

    What is there already stays as it is, whoever brought it; what is laid out is taken away again
    when the add-on is switched off.
    """

    image: ImageText | None = None
    """A whole reference of an image that has the plugins in /opt/cni/bin, and a POSIX shell with
    cat, cp, mkdir, mv, rm, sed, sha256sum, sleep, stat and sync, and flock where two pods of a
    rollout are to wait for each other; absent: the pinned one.
    """
    plugins: list[ReferencePlugin] | None = None
    """Which of them; absent: those that the networks call and the primary CNI does not bring."""
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.CNI_PLUGINS_IMAGE.at(versions.CNI_PLUGINS_IMAGE_TAG, registry)

    def rules(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))
