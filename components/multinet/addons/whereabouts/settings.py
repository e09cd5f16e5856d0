"""Settings of the add-on that brings whereabouts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from multinet import versions
from multinet.addons.base import AddonSettings
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal
from multinet.multus.settings import ResourceAmounts
from multinet.settings import policy
from multinet.settings.types import Duration, ImageText

_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 6),
)
_NAMES = {
    "month": ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    "day of the week": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}
_ENTRY = re.compile(r"(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:/([0-9]{1,2}))?")


def _is_schedule(text: str) -> str:
    fields = text.split()
    way_out = 'write it like "17 * * * *": minute, hour, day of the month, month, day of the week'
    if len(fields) != len(_FIELDS):
        rule = "must be a cron expression of five fields; with another one the program ends"
        raise refusal("not-a-schedule", rule, way_out)
    for field, (name, first, last) in zip(fields, _FIELDS, strict=True):
        if not all(_is_entry(entry, name, first, last) for entry in field.split(",")):
            rule = f"{field!r} is no {name} of a cron expression ({first} to {last})"
            raise refusal("not-a-schedule", rule, way_out)
    return text


def _is_entry(entry: str, name: str, first: int, last: int) -> bool:
    match = _ENTRY.fullmatch(entry.lower())
    if match is None:
        return False
    _, start, end, step = match.groups()
    values = [_number(v, name, first) for v in (start, end) if v is not None]
    if any(v is None or not first <= v <= last for v in values):
        return False
    ascending = len(values) < 2 or (values[0] or 0) <= (values[1] or 0)
    return ascending and (step is None or int(step) > 0)


def _number(text: str, name: str, first: int) -> int | None:
    if text.isdigit():
        return int(text)
    named = _NAMES.get(name, [])
    return first + named.index(text) if text in named else None


Schedule = Annotated[str, AfterValidator(_is_schedule)]
"""A cron expression of five fields, as robfig/cron v3 reads it, which whereabouts uses."""


class ReconcilerResources(CheckedModel):
    """Requests and limits of the reconciler.

    It lists all pods and all books at once: upstream's 50Mi is not enough for some thousand pods
    (whereabouts#386 for the program before).
    """

    requests: ResourceAmounts = ResourceAmounts(cpu="50m", memory="64Mi")
    """What is kept for it."""
    limits: ResourceAmounts = ResourceAmounts(memory="512Mi")
    """What it may take."""


class WhereaboutsAddonSettings(AddonSettings):
    """whereabouts: addresses that are unique in the whole cluster.

    Its plugin on every node with a configuration and a credential that can do no more than it
    needs, an agent that frees what deleted pods had, the reconciler, and the controller of node
    slices where a network asks for slices. It runs, and keeps its books, in Multus's namespace.
    """

    image: ImageText | None = None
    """A whole reference of an image with whereabouts' programs at its root and a POSIX shell, as
    upstream's; absent: the pinned one.
    """
    schedule: Schedule = "17 * * * *"
    """When the reconciler frees what nobody has any more: a cron expression of five fields, in UTC.
    It also runs when it starts, and again every minute while it fails.
    """
    reconciler_resources: ReconcilerResources = ReconcilerResources()
    """Requests and limits of the reconciler's container."""
    rollout_timeout: Duration = "10m"
    """How long it may take to be ready on every node, such as 10m."""

    def effective_image(self, registry: str) -> str:
        """The image reference that runs. `registry`: a mirror's prefix; empty: none."""
        return self.image or versions.WHEREABOUTS_IMAGE.at(versions.WHEREABOUTS, registry)

    def rules(self) -> Iterator[Finding]:
        for finding in policy.image(self.image) if self.image else ():
            yield finding.under(("image",))
