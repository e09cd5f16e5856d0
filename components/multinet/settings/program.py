"""The settings of the running Pulumi program, from what the engine handed over."""

from __future__ import annotations

import json
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from multinet.findings import InvalidEnvironment, errors, warnings
from multinet.settings.load import check_config
from multinet.settings.stack import StackSettings
from multinet.settings.stackfile import PROJECT

_PLAIN_TEXT = ("kubeconfig", "context")  # never JSON, even where a kubeconfig is written as JSON


def require() -> StackSettings:
    """The checked settings.

    Warnings go to the engine's log. Raises pulumi.RunError with every problem, which the
    engine shows without a traceback, when the configuration is refused.
    """
    settings, findings = check_config(_configuration())
    if settings is None:
        source = f"the configuration of stack {pulumi.get_stack()}"
        raise pulumi.RunError(InvalidEnvironment(errors(findings), source).text())
    for finding in warnings(findings):
        pulumi.log.warn(str(finding))
    return settings


def _configuration() -> dict[str, Any]:
    """All of the project's keys, also unknown ones; structured values arrive as JSON."""
    config: dict[str, Any] = {}
    for key, value in (CONFIG.get() or get_config_env()).items():
        namespace, _, name = key.partition(":")
        if namespace == PROJECT:
            config[name] = value if name in _PLAIN_TEXT else _decoded(value)
    return config


def _decoded(value: Any) -> Any:
    """Mappings and lists come as JSON; anything else stays the text that it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
