"""A property's description, from the docstring of its model: `key: text. other, key: text.`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME = r"[a-z][a-z0-9_]*"


def summary(docstring: str) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join(docstring.split("\n\n", maxsplit=1)[0].split())


def descriptions(docstring: str, keys: Iterable[str]) -> dict[str, str]:
    """camelCase key → what the docstring says about it; keys that it does not name are absent.

    >>> descriptions("A thing.\\n\\nthe_size, mtu: in bytes. name: of it.", ["theSize", "mtu"])
    {'theSize': 'In bytes.', 'mtu': 'In bytes.'}
    """
    by_word = {word(key): key for key in keys}
    text = " ".join(docstring.split())
    starts = [
        match
        for match in re.finditer(rf"(?<![\w`])({_NAME}(?:, {_NAME})*): ", text)
        if all(name in by_word for name in match[1].split(", "))
    ]
    found: dict[str, str] = {}
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=bool(starts)):
        said = text[start.end() : end].strip()
        for name in start[1].split(", "):
            if name in by_word:
                found[by_word[name]] = as_written(said[:1].upper() + said[1:], by_word)
    return found


def as_written(text: str, by_word: Mapping[str, str]) -> str:
    """The text with keys spelled as users spell them."""
    return re.sub(_NAME, lambda m: by_word.get(m[0], m[0]) if "_" in m[0] else m[0], text)


def word(key: str) -> str:
    """`cniConfDir` → `cni_conf_dir`."""
    return _CAPITAL.sub("_", key).lower()


def with_default(text: str, rule: Mapping[str, Any]) -> str:
    """The description, and the default where there is one to tell."""
    default = rule.get("default")
    if default in (None, {}, []) or isinstance(default, dict):
        return text
    shown = ", ".join(default) if isinstance(default, list) else str(default).lower()
    if isinstance(default, str):
        shown = default
    return f"{text} Default: {shown}." if text else f"Default: {shown}."
