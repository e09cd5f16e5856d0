"""Images that the pods of manifests run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_CONTAINERS = ("containers", "initContainers")


def images_of(manifests: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Image → the objects (kind/name) whose pods run it."""
    found: dict[str, list[str]] = {}
    for manifest in manifests:
        if manifest.get("kind") == "CustomResourceDefinition":
            continue  # the schema of a pod is not a pod
        name = f"{manifest['kind']}/{manifest['metadata']['name']}"
        for image in _images_in(manifest):
            users = found.setdefault(image, [])
            if name not in users:
                users.append(name)
    return found


def _images_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in _CONTAINERS and isinstance(item, list):
                yield from (c["image"] for c in item if isinstance(c, Mapping) and c.get("image"))
            else:
                yield from _images_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _images_in(item)
