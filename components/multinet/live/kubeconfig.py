"""Of a kubeconfig, what one context of it takes: the same wherever the file lies. Pure but for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")


def used(kubeconfig: str, context: str | None = None) -> str:
    """The contents that a context needs, as canonical JSON; others' credentials are not in it.

    Args:
        kubeconfig: a file's path, or contents (YAML or JSON).
        context: which of its contexts; None: its current one.

    What cannot be read, has no such context, or names files by relative paths (they are relative
    to the file itself) is returned as it was given: who uses it then says what is wrong.
    """
    document = _document(text_of(kubeconfig))
    name = context or document.get("current-context")
    chosen = _named(document, "contexts", name)
    parts = chosen.get("context")
    if not isinstance(parts, Mapping):
        return kubeconfig
    cluster = _named(document, "clusters", parts.get("cluster"))
    user = _named(document, "users", parts.get("user"))
    if not cluster or _relative(cluster.get("cluster")) or _relative(user.get("user")):
        return kubeconfig
    small = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [chosen],
        "clusters": [cluster],
        "users": [user] if user else [],
    }
    return json.dumps(small, sort_keys=True, default=str)


def is_contents(kubeconfig: str) -> bool:
    """Whether it is a kubeconfig itself, rather than a file's path."""
    return "\n" in kubeconfig or kubeconfig.lstrip().startswith("{")


def is_readable(path: Path) -> bool:
    """Whether a kubeconfig can be there: a file, or a pipe as the shell's `<(…)` gives one."""
    return path.exists() and not path.is_dir()


def text_of(kubeconfig: str) -> str:
    """Its contents; empty where there is no such file."""
    if is_contents(kubeconfig):
        return kubeconfig
    path = Path(kubeconfig).expanduser()
    try:
        return path.read_text(encoding="utf-8") if is_readable(path) else ""
    except (OSError, ValueError):
        return ""


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError):
        return {}
    return document if isinstance(document, Mapping) else {}


def _named(document: Mapping[str, Any], kind: str, name: Any) -> Mapping[str, Any]:
    listed = document.get(kind)
    entries: Iterator[Any] = iter(listed if isinstance(listed, list) else ())
    return next((e for e in entries if isinstance(e, Mapping) and e.get("name") == name), {})


def _relative(part: Any) -> bool:
    """Whether it names a file by a path that means something only beside the kubeconfig."""
    if not isinstance(part, Mapping):
        return False
    command = (
        (part.get("exec") or {}).get("command") if isinstance(part.get("exec"), Mapping) else ""
    )
    named = [part.get(key) for key in _FILES]
    named.append(command if "/" in str(command) else None)
    return any(n and not Path(str(n)).is_absolute() for n in named)
