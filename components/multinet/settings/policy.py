"""What an override must not loosen: pinned images, least privilege, secrets that stay secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from multinet.findings import Finding, Path, Severity
from multinet.settings.references import read_reference
from multinet.untrusted import plain_json

_MOVING = re.compile(
    r"(latest|snapshot|stable|main|master|edge|nightly|dev|devel|canary|head)([-_.].*)?", re.I
)
_VERSIONED = ("tag", "version", "digest")
_NAMES_OF_IMAGES = ("image", "override", "registry", "repository")


def image(reference: str) -> Iterator[Finding]:
    """Whether an image's reference is one, and stays what it is. Paths are empty."""
    found = read_reference(reference)
    if found is None:
        rule = "is not an image's reference: registry/path:tag, or registry/path@sha256:…"
        way_out = "correct it"
        if "://" in reference:
            way_out = f"leave the scheme out: {reference.partition('://')[2]}"
        yield Finding("not-an-image", (), rule, way_out, reference)
    elif _moves(found):
        yield _moving((), reference)


def _moves(reference: re.Match[str]) -> bool:
    tag = reference["tag"]
    return not reference["digest"] and (not tag or _MOVING.fullmatch(tag) is not None)


def _moving(path: Path, value: object) -> Finding:
    rule = "a moving tag: what runs changes by itself (multus-cni#1422)"
    way_out = "pin a release, e.g. v1.2.3, or a digest"
    return Finding("moving-tag", path, rule, way_out, value, Severity.WARNING)


def chart_values(given: Mapping[str, Any]) -> Iterator[Finding]:
    """What a chart's values must not hold: no JSON, moving images, wider privileges."""
    _, unfit = plain_json.read(given)
    yield from unfit
    if not unfit:
        yield from _of_mapping(given, ())


def _values(value: Any, path: Path) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        yield from _of_mapping(value, path)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _values(item, (*path, i))


def _of_mapping(given: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    yield from _images(given, path)
    for key, value in given.items():
        where = (*path, key)
        if (why := _why_wider(key, value, path)) is not None:
            rule, way_out = why, "leave it out, unless the plugin's own documentation asks for it"
            shown = value if isinstance(value, str | bool) else None
            yield Finding("privileges-widened", where, rule, way_out, shown, Severity.WARNING)
        yield from _values(value, where)


def _images(given: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for key in _NAMES_OF_IMAGES:
        text = given.get(key)
        if isinstance(text, str) and "://" in text:
            rule = "has a scheme, which no image has: nodes refuse it as InvalidImageName"
            way_out = f"write {text.partition('://')[2]}"
            yield Finding("not-an-image", (*path, key), rule, way_out, text)
    versioned = any(given.get(key) for key in _VERSIONED)
    for key in ("image", "override"):
        text = given.get(key)
        found = read_reference(text) if isinstance(text, str) else None
        if found and not versioned and _moves(found):
            yield _moving((*path, key), text)
    tag = given.get("tag")
    if isinstance(tag, str) and _MOVING.fullmatch(tag) and not given.get("digest"):
        yield _moving((*path, "tag"), tag)
    if given.get("useDigest") is False:
        rule = "the chart pins its images by digest, and this lets go of it"
        way_out = "leave it out; for a mirror that changes digests give its own"
        where = (*path, "useDigest")
        yield Finding("image-without-digest", where, rule, way_out, False, Severity.WARNING)


def _why_wider(key: str, value: Any, path: Path) -> str | None:
    above = str(path[-1]) if path else ""
    if key in ("privileged", "allowPrivilegeEscalation", "hostPID", "hostIPC") and value is True:
        return f"'{key}' gives the pods the node's own rights"
    if key == "type" and value == "Unconfined" and above in ("seccompProfile", "apparmorProfile"):
        return f"without a {above} every system call of the pods reaches the kernel"
    listed = value if isinstance(value, list) else []
    if "capabilities" in (*path, key) and key != "drop" and "ALL" in listed:
        return "all capabilities are all rights on the node"
    if key in ("verbs", "resources", "apiGroups") and "*" in listed:
        return "a wildcard gives rights that nobody has listed"
    return None
