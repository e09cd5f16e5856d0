"""whereabouts' node slices: each node hands out a part of the range, cut by its controller.

The controller reads NADs as they are in the API server, tells nobody what it cannot do, and cuts
with 32-bit arithmetic. Source: whereabouts v0.9.4 pkg/node-controller/controller.go,
pkg/iphelpers DivideRangeBySize, pkg/storage/kubernetes/ipam.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator

from multinet.cni.ipam.whereabouts_ranges import Narrowed
from multinet.cni.place import Place
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import refusal

_SIZE = re.compile(r"/?([0-9]{1,3})")
_SMALLEST = 30  # a slice's first and last address are never handed out
_OBJECT_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,198}[a-z0-9])?")
_USUAL_NAMESPACE = "kube-system"
_KEY = "node_slice_size"


def size_of(text: str | None) -> int | None:
    """The prefix length of a slice; None: no slices, or no prefix length."""
    match = _SIZE.fullmatch(text or "")
    return int(match[1]) if match else None


def is_object_name(text: str) -> bool:
    """Whether objects in the API server can be called so, with a range after it."""
    return _OBJECT_NAME.fullmatch(text) is not None


def _is_slice_size(text: str) -> str:
    size = size_of(text)
    if text and (size is None or size > 128):
        rule = "must be a prefix length for each node's slice"
        raise refusal("not-a-prefix-length", rule, 'write it like "/26"')
    return text


SliceSize = Annotated[str, AfterValidator(_is_slice_size)]
"""Prefix length of each node's slice, with or without a slash; empty: absent."""


def slice_findings(
    size: int, ranges: Sequence[tuple[Narrowed, Path]], given: Mapping[str, object]
) -> Iterator[Finding]:
    """What slices of that size leave of the ranges; `given`: keys that narrow the first one."""
    if not ranges:
        return
    first, at = ranges[0]
    network = first.network
    if network.version == 6:
        rule = "node slices are cut with 32-bit arithmetic: an IPv6 range crashes the controller"
        yield _unsupported((*at, "range"), rule, "use IPv4, or leave node_slice_size out", network)
    elif size < network.prefixlen:
        rule = f"a slice (/{size}) is larger than the range {network}"
        way_out = f"use a prefix length of {network.prefixlen} or more"
        yield Finding("slice-larger-than-range", (_KEY,), rule, way_out, f"/{size}")
    elif size > _SMALLEST:
        rule = f"a slice of /{size} has no address to hand out: its first and last never are"
        yield _unsupported((_KEY,), rule, f"use /{_SMALLEST} or larger", f"/{size}")
    narrowed: list[tuple[Path, object]] = [((key,), given[key]) for key in given if not at]
    if at:
        inner = {"range_start": first.range_start, "range_end": first.range_end}
        narrowed = [((*at, key), v) for key, v in {**inner, "exclude": first.exclude}.items()]
    for path, value in narrowed:
        if value:
            rule = f"with node_slice_size whereabouts ignores {path[-1]!r} and hands out all of it"
            yield _unsupported(path, rule, "leave one of the two out", value)
    if "-" in first.range:
        rule = f"with node_slice_size whereabouts hands out all of {network}, not this part of it"
        yield _unsupported((*at, "range"), rule, f"write {network}, or use no slices", first.range)
    for _, path in ranges[1:]:
        rule = "with node_slice_size only the first range counts, and pods get two addresses of it"
        yield _unsupported(path, rule, "make two networks, or use no slices", None)


def slices_in_place(
    size: int, network_name: str, first: Narrowed, place: Place
) -> Iterator[Finding]:
    """What the controller needs of the NAD, and of the nodes."""
    network = first.network
    if place.position is not None and place.position > 0:
        rule = (
            "whereabouts' controller looks at the first plugin of a list only: it makes no slices"
        )
        yield _unsupported((_KEY,), rule, "put the plugin with this ipam first", f"/{size}")
    elif place.position is not None and not network_name:
        rule = "in a list the controller finds no name for the slices: it looks at this object only"
        yield _unsupported((_KEY,), rule, "add network_name", f"/{size}")
    elif not network_name:
        if not is_object_name(place.name):
            rule = (
                f"the slices are an object in the API server, which cannot be called {place.name!r}"
            )
            yield _unsupported((_KEY,), rule, "add network_name, in lower case", place.name)
        rule = (
            "any whereabouts network of the cluster without network_name and with another range stops"
            " the controller from making these slices"
        )
        way_out = "add a network_name of its own"
        warning = Severity.WARNING
        yield Finding("slices-unnamed", (_KEY,), rule, way_out, f"/{size}", warning)
    slices = 2 ** (size - network.prefixlen) if size >= network.prefixlen else 0
    if network.version == 4 and slices and place.nodes > slices:
        rule = f"{network} has {slices} slices of /{size}, and {place.nodes} nodes are declared"
        way_out = "use a larger range, or smaller slices (a larger prefix length)"
        yield Finding("too-few-slices", (_KEY,), rule, way_out, f"/{size}")
    runs_in = place.brought.get("whereabouts", "")
    if place.namespace != (runs_in or _USUAL_NAMESPACE):
        rule = (
            f"the slices belong to the NAD in {place.namespace!r}: unless whereabouts runs there,"
            " the garbage collector deletes them"
        )
        way_out = f"put the network into whereabouts' own namespace, usually {_USUAL_NAMESPACE}"
        if runs_in:
            rule = (
                f"the slices belong to the NAD in {place.namespace!r}, and whereabouts keeps them in"
                f" {runs_in!r}: the garbage collector deletes them, and no pod gets an address"
            )
            way_out = f"write namespace: {runs_in} into the network"
        severity = Severity.ERROR if runs_in else Severity.WARNING
        yield Finding("slices-elsewhere", (_KEY,), rule, way_out, f"/{size}", severity)


def _unsupported(path: Path, rule: str, way_out: str, value: object) -> Finding:
    shown = value if value is None or isinstance(value, str | list) else str(value)
    return Finding("slices-unsupported", path, rule, way_out, shown)
