"""Calico's pools as they are, against what is declared where nobody could change them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.findings import Finding, Path
from multinet.preflight.look import Seen
from multinet.primary_cni.calico import API_SERVER, declared_pools
from multinet.primary_cni.pools import differences
from multinet.primary_cni.values import chart_values
from multinet.stack.settings import StackSettings

_PATH: Path = ("multinet:primaryCni", "calico", "apiServer")


def unapplied_pools(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    """Whether pools would have to change while Calico's own API server neither runs nor is to come.

    One that runs until this `up` takes it away still applies them.
    """
    if stack.primary_cni.plugin != "calico" or not seen.pools or seen.api_servers:
        return
    values = chart_values(stack.primary_cni, stack.multus)
    if (values.get(API_SERVER) or {}).get("enabled"):
        return
    if found := [*differences(declared_pools(values), seen.pools)]:
        rule = f"without Calico's API server its operator changes no pool: {'; '.join(found)}"
        way_out = "set it to true, with which pools are changed, or leave the pools as they are"
        yield Finding("pools-not-applied", _PATH, rule, way_out, False)
