"""Waits until Multus has come up, says what it waits for meanwhile, and gives up on what is vain.

The provider's own wait for a DaemonSet ends with success or after its whole timeout, and shows
neither nodes nor logs. So it is told to wait for nothing (`pulumi.com/waitFor`), and the engine
calls this after the DaemonSet was created or updated, and before anything that depends on it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import pulumi

from multinet import live
from multinet.kubernetes import Access
from multinet.multus import rollout
from multinet.multus.settings import MultusSettings
from multinet.multus.standing import Standing, standing

_AT_ONCE: Final = {"pulumi.com/waitFor": "jsonpath={.metadata.uid}"}

_A = TypeVar("_A")
_B = TypeVar("_B")

_PAUSE = 1.0
_QUIET = 5.0  # seconds in which nothing is said: most rollouts end within them
_PATIENT = 30.0  # seconds in which nothing is said of a pod that may just be starting
_VAIN = 15.0  # seconds in which what is hopeless may still turn out well
_UNITS = {"s": 1, "m": 60, "h": 3600}


def at_once(build: Callable[[_A, _B], dict[str, Any]]) -> Callable[[_A, _B], dict[str, Any]]:
    """The manifest as one that the provider does not wait for; its deletion it waits for."""

    def marked(one: _A, other: _B) -> dict[str, Any]:
        made = build(one, other)
        annotations = {**made["metadata"].get("annotations", {}), **_AT_ONCE}
        return {**made, "metadata": {**made["metadata"], "annotations": annotations}}

    return marked


def after_change(
    name: str,
    access: Access,
    settings: pulumi.Input[MultusSettings],
    existing: pulumi.Input[bool],
) -> pulumi.ResourceHookBinding:
    """Hooks that let the engine go on when Multus is ready on every node.

    They fail the update with the reason on each node, when it would wait in vain or after
    `rollout_timeout`. A preview calls none.
    """

    async def wait(_: pulumi.ResourceHookArgs) -> None:
        known = await pulumi.Output.all(
            access.kubeconfig, access.context, settings, existing
        ).future()
        assert known is not None, "a preview calls no hooks"
        kubeconfig, context, given, there = known
        await asyncio.to_thread(_wait, kubeconfig, context, given, there, pulumi.log.warn)

    hook = pulumi.ResourceHook(f"{name}-rolled-out", wait)
    return pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook])


def _wait(
    kubeconfig: str | None,
    context: str | None,
    settings: MultusSettings,
    existing: bool,
    say: Callable[[str], None],
) -> None:
    """Return when Multus is ready on every node; raise pulumi.RunError with why it is not."""
    limit = seconds_of(settings.rollout_timeout)
    started = time.monotonic()
    told: set[str] = set()
    vain_since: float | None = None
    while True:
        try:
            cluster = live.connect(kubeconfig, context)
            seen = standing(cluster, settings, existing=existing)
        except live.ClusterError as error:
            seen = Standing(None, [rollout.Waiting("the API server", str(error))])
        if seen.done:
            return
        now = time.monotonic()
        for waiting in seen.left:
            if now - started < (_PATIENT if waiting.vague else _QUIET):
                continue
            line = f"Multus is not ready on {waiting.node}: {waiting.reason}"
            if line not in told:
                told.add(line)
                say(line)
        hopeless = [w for w in seen.left if w.hopeless]
        vain_since = (vain_since or now) if hopeless else None
        if now - started >= limit or (vain_since is not None and now - vain_since >= _VAIN):
            raise pulumi.RunError(str(rollout.finding(hopeless or seen.left, now - started)))
        time.sleep(_PAUSE)


def seconds_of(text: str) -> float:
    """A limit of the settings, as `10m`, in seconds."""
    found = re.fullmatch(r"(\d+)([smh])", text)
    assert found is not None, text
    return float(found[1]) * _UNITS[found[2]]
