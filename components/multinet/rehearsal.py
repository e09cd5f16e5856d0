"""Whether a program runs for real, under the engine, or only to be looked at."""

from __future__ import annotations

from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor


def is_rehearsal() -> bool:
    """True under a renderer's or a test's monitor: no cluster and no node may be asked there.

    `multinet render` and the SDK's own `set_mocks` both stand in for the engine with the SDK's
    MockMonitor. A preview is no rehearsal: what it shows is about the cluster as it is.
    """
    return isinstance(settings.get_monitor(), MockMonitor)
