"""How much configuration Pulumi can hand to a program.

The engine puts all of it into one environment variable of the program's process, and Linux takes
no longer one than 32 pages (MAX_ARG_STRLEN, execve(2)); the process is then not even started
(pulumi/pulumi#8680). The embedded commands read the stack file themselves and know no such limit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from multinet.findings import Finding, Severity
from multinet.names import stack_key

_VARIABLE = "PULUMI_CONFIG="
MAX_BYTES: Final = 32 * 4096 - len(_VARIABLE) - 1
"""Of the JSON in the variable: the name is in the limit, and so is the zero at the end."""


def size(config: Mapping[str, Any]) -> int:
    """Bytes of the project's configuration as the engine writes it: JSON texts in JSON."""
    texts = {stack_key(key): _text(value) for key, value in config.items()}
    return len(_compact(texts).encode("utf-8", "surrogatepass"))


def too_large(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether the engine can start a program with it; the path is that of the largest key."""
    needed = size(config)
    if needed <= MAX_BYTES:
        return
    largest = max(config, key=lambda key: len(_text(config[key])))
    rule = (
        f"Pulumi hands {needed:,} bytes of configuration to the program in one variable, and"
        f" Linux takes {MAX_BYTES:,}: `up` ends with `argument list too long`"
    )
    way_out = (
        "make the networks in a program, from a table (examples/large), or split the environment;"
        " `render` takes any size"
    )
    yield Finding("config-too-large", (largest,), rule, way_out, None, Severity.WARNING)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
