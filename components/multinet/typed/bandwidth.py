"""What authors write of bandwidth. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bandwidth(Plugin):
    """bandwidth of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "bandwidth"

    ingress_rate: Input[int] | None = None
    """Bit/s into the pod."""

    ingress_burst: Input[int] | None = None
    """Bits, under 4 GiB."""

    egress_rate: Input[int] | None = None
    """Bit/s out of the pod."""

    egress_burst: Input[int] | None = None
    """Bits, under 4 GiB."""
