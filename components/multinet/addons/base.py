"""What every add-on's settings have."""

from __future__ import annotations

from abc import abstractmethod

from multinet.findings.model import CheckedModel


class AddonSettings(CheckedModel):
    """Settings of one add-on."""

    @abstractmethod
    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
