"""Settings that a program writes itself, checked like those of a stack file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import pulumi
from pydantic import BaseModel

from multinet.findings import InvalidEnvironment, errors, warnings
from multinet.findings.model import check
from multinet.networks.settings import NetworkSettings
from multinet.stack.across import check_alone

_M = TypeVar("_M", bound=BaseModel)


def checked(model: type[_M], raw: Mapping[str, Any], source: str) -> _M:
    """The settings of one component, from plain data with a stack file's keys.

    Args:
        model: NetworkSettings, MultusSettings, PrimaryCniSettings or NodeSettings.
        raw: what a stack file would have; `config` of a network may be typed.
        source: what a refusal calls it, e.g. `network storage`.

    Warnings go to the engine's log. Raises pulumi.RunError with every problem, which the engine
    shows without a traceback.
    """
    settings, findings = check(model, raw)
    if isinstance(settings, NetworkSettings):
        findings = check_alone(source, settings, findings)
    for finding in warnings(findings):
        pulumi.log.warn(f"{source}: {finding}")
    if settings is None or errors(findings):
        raise pulumi.RunError(InvalidEnvironment(errors(findings), source).text())
    return settings
