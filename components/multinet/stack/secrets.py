"""Secrets that stand where everybody reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from multinet.findings import Finding, Path, Severity
from multinet.findings.translate import SECRET_KEYS
from multinet.untrusted import plain_json

_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def plain_secrets(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Secrets where everybody reads them: everywhere but at the keys that are for them.

    Paths start at a top-level key. The engine decrypts a ciphertext wherever it stands, and
    what is not a secret's key goes to manifests, state and outputs in the clear.
    """
    for path, value in _leaves(config, (), 0):
        if isinstance(value, Mapping):
            rule = "an encrypted value here would stand in manifests and state in the clear"
        elif isinstance(value, str) and _PRIVATE_KEY.search(value):
            rule = "a private key here would stand in manifests and state in the clear"
        else:
            continue
        if any(step in SECRET_KEYS for step in path):
            continue
        way_out = "put it into a Kubernetes Secret, or a file on the node, and name that"
        yield Finding("secret-in-plain", path, rule, way_out)


def unencrypted_secrets(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Secrets at their keys, but in plain text: a stack file is committed."""
    for path, value in _leaves(config, (), 0):
        if not isinstance(value, str) or not value or path[-1] not in SECRET_KEYS:
            continue
        if path[-1] == "kubeconfig" and "\n" not in value and "{" not in value:
            continue  # a file's name
        rule = "is a secret in plain text, in a file that is shared"
        way_out = "encrypt it: pulumi config set --secret --path, which asks for the value"
        yield Finding("secret-unencrypted", path, rule, way_out, None, Severity.WARNING)


def _leaves(value: Any, path: Path, depth: int) -> Iterator[tuple[Path, Any]]:
    """Scalars and ciphertexts (`{secure: …}`) with their paths."""
    if depth > plain_json.MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        if value.keys() == {"secure"} and isinstance(value["secure"], str):
            yield path, value
            return
        for key, item in value.items():
            yield from _leaves(item, (*path, key), depth + 1)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i), depth + 1)
    else:
        yield path, value
