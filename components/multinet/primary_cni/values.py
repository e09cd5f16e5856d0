"""From settings to a chart's values: what each option of ours means to Calico and Cilium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.multus.settings import MultusSettings
from multinet.primary_cni.calico import calico_values
from multinet.primary_cni.cilium import cilium_values
from multinet.primary_cni.settings import PrimaryCniSettings

Values = dict[str, Any]


def chart_values(primary: PrimaryCniSettings, multus: MultusSettings) -> Values:
    """The values of the selected plugin's chart, the user's own merged over ours."""
    computed = {"calico": calico_values, "cilium": cilium_values}[primary.plugin](primary, multus)
    return merge(computed, primary.values)


def merge(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Values:
    """Deep merge as Helm does it: mappings are merged, anything else is replaced."""
    merged = dict(ours)
    for key, value in theirs.items():
        mine = merged.get(key)
        both = isinstance(mine, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(mine, value) if both else value  # type: ignore[arg-type]
    return merged
