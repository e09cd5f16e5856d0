"""Contents that would take all memory or all time, each with the code that it is refused with."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.hostile.budget import LONG

_LIST = ", ".join(["x"] * 10)
_LAUGHS = f"config:\n  a0: &a0 [{_LIST}]\n" + "".join(
    f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
_MERGES = "config:\n  a0: &a0 {x: 1}\n" + "".join(
    f"  a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}\n" for i in range(1, 12)
)
_NETWORK = b"    n%d: {config: {type: bridge, cniVersion: 1.0.0}}\n"


def networks(size: int) -> bytes:
    """A stack file of some `size` bytes with as many networks as fit."""
    lines, length = [b"config:\n  multinet:networks:\n"], 0
    while length < size:
        lines.append(_NETWORK % len(lines))
        length += len(lines[-1])
    return b"".join(lines)


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    # What is wrong with it: the code that says so, its contents.
    "50 MB of networks": ("file-too-large", lambda: networks(50 * 2**20)),
    "50 MB of one value": ("file-too-large", lambda: b"config: " + b"x" * 50_000_000),
    "100,000 open brackets": ("file-too-large", lambda: b"config: " + b"[" * 100_000),
    "100,000 closed lists": ("file-too-large", lambda: b"config: " + b"[" * 10**5 + b"]" * 10**5),
    "50,000 mappings": ("file-too-large", lambda: b"config: " + b"{a: " * 50_000 + b"}" * 50_000),
    "3,000 levels of indentation": (
        "file-too-large",
        lambda: b"\n".join(b" " * i + b"a:" for i in range(3000)),
    ),
    "a billion laughs": ("file-too-large", _LAUGHS.encode),
    "a billion merges": ("file-too-large", _MERGES.encode),
    "an alias into itself": ("file-too-large", lambda: b"config: &a\n  x: *a\n"),
    "a list in itself": ("file-too-large", lambda: b"config: &a [*a]\n"),
    "a merge of itself": ("file-too-large", lambda: b"config: &a\n  <<: *a\n  x: 1\n"),
    "a NUL": ("file-not-yaml", lambda: b'config:\n  a: "\0"\n'),
    "UTF-16 with a mark": ("file-not-yaml", lambda: "config: {}\n".encode("utf-16")),
    "UTF-16 without": ("file-not-yaml", lambda: "config: {}\n".encode("utf-16-le")),
    "a megabyte of noise": ("file-not-yaml", lambda: b"\x80\xff" * 2**19),
    "a tab": ("file-not-yaml", lambda: b"config:\n\ta: b\n"),
    "an alias of nothing": ("file-not-yaml", lambda: b"config: {a: *nope}\n"),
    "two documents": ("file-not-yaml", lambda: b"config: {}\n---\nconfig: {}\n"),
    "a key that is a list": ("file-not-yaml", lambda: b"config: {? [a] : d}\n"),
    "nothing": ("file-empty", lambda: b""),
    "only a mark": ("file-empty", lambda: b"\xef\xbb\xbf"),
    "a number of 100,000 digits": (
        "wrong-type",
        lambda: b"config: {multinet:primaryCni: {mtu: " + b"9" * 100_000 + b"}}",
    ),
    "a number of a million hexadecimal digits": (
        "wrong-type",
        lambda: b"config: {multinet:primaryCni: {mtu: 0x" + b"f" * 10**6 + b"}}",
    ),
    "a number in sixties": (
        "wrong-type",
        lambda: b"%YAML 1.1\n---\nconfig: {multinet:primaryCni: {mtu: 1" + b":59" * 10**5 + b"}}",
    ),
    "1e400": ("wrong-type", lambda: b"config: {multinet:primaryCni: {mtu: 1e400}}"),
    "1e400 among chart values": (
        "not-a-json-value",
        lambda: b"config: {multinet:primaryCni: {values: {a: 1.0e+400}}}",
    ),
    "half a character": (
        "not-a-json-value",
        lambda: b'config: {multinet:networks: {a: {config: {type: "\\ud800"}}}}',
    ),
    "half a character as name": (
        "file-not-yaml",
        lambda: b'config: {"multinet:\\ud800": 1}',
    ),
    "a name with a newline": (
        "not-a-dns-label",
        lambda: b'config: {multinet:networks: {"a\\nb": {config: {type: bridge}}}}',
    ),
    "a name that leads out": (
        "not-a-dns-label",
        lambda: b"config: {multinet:networks: {../../a: {config: {type: bridge}}}}",
    ),
    "a node that leads out": ("not-a-node-name", lambda: b"config: {multinet:nodes: {../x: {}}}"),
    "a namespace that leads out": (
        "not-a-dns-label",
        lambda: b"config: {multinet:multus: {namespace: ../../etc}}",
    ),
    "a title for the terminal": (
        "unknown-key",
        lambda: b'config: {"multinet:n\\e]0;owned\\a\\e[2J": {}, "multinet:\\x9b2J": 1}',
    ),
    "a value for the terminal": (
        "unknown-value",
        lambda: b'config: {multinet:multus: {mode: "\\e[31m\\r\\b\\u202e"}}',
    ),
    "a name given twice": (
        "duplicate-key",
        lambda: b"config: {multinet:networks: {}, multinet:networks: {}}",
    ),
    "an object of Python's": (
        "wrong-type",
        lambda: b'config: {multinet:multus: !!python/object/apply:os.system ["touch pwned"]}',
    ),
    "100,000 lists in a network's text": (
        "too-deep",
        lambda: b"config: {multinet:networks: {a: {config: '" + b"[" * 100_000 + b"'}}}",
    ),
    "a network's text with 1e400": (
        "not-a-json-value",
        lambda: b'config: {multinet:networks: {a: {config: \'{"type": "x", "a": 1e400}\'}}}',
    ),
    "VLANs on VLANs": (
        "links-too-deep",
        lambda: (
            b"config: {multinet:nodes: {n: {links: {"
            + b", ".join(
                b"e%d: {kind: vlan, vlan: 1, parent: e%d}" % (i, i - 1) for i in range(2000)
            )
            + b"}}}}"
        ),
    ),
}
SLOW: dict[str, tuple[str, Callable[[], bytes]]] = {
    # Up to the limits, so tens of seconds of honest work.
    "8 MB of networks": ("file-too-large", lambda: networks(8 * 2**20 - 2000)),
    "100,000 unknown keys": (
        "unknown-key",
        lambda: b"config:\n" + b"".join(b"  multinet:k%d: 1\n" % i for i in range(100_000)),
    ),
    "8 MB of blank lines": ("file-not-a-stack", lambda: b"\n" * (8 * 2**20 - 100) + b"x"),
    "8 MB in quotes": ("file-not-a-stack", lambda: b'"' + b"x" * (8 * 2**20 - 100) + b'"'),
}
ALL = FILES | (SLOW if LONG else {})
