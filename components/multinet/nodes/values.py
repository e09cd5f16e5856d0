"""What the values of a node's settings must look like: names, addresses, checksums."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from multinet.findings.model import refusal
from multinet.findings.ways_out import text_like

Architecture = Literal["amd64", "arm64", "arm", "ppc64le"]

_SYSCTL = re.compile(r"[a-z0-9_]+([./][A-Za-z0-9_-]+)+")


def _is_sysctl(text: str) -> str:
    if not _SYSCTL.fullmatch(text):
        rule = "must be a sysctl's name: words with dots, a dot inside a link's name as slash"
        raise refusal("not-a-sysctl", rule, "write it like net.ipv4.conf.all.rp_filter")
    return text


SysctlName = Annotated[str, AfterValidator(_is_sysctl)]
"""A kernel setting's name, as sysctl(8) writes it."""

SysctlValue = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9_.,:-]+( [A-Za-z0-9_.,:-]+)*$",
        "must be words of letters, digits and _ . , : - with single blanks between them",
        'write it as `sysctl -n` prints it, in quotes, like "1" or "4096 131072 6291456"',
    ),
]
"""A kernel setting's value, words with single blanks between them."""

Host = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9][A-Za-z0-9.:_-]*$",
        "must be an address or a name, without user and port",
        "write it like 192.0.2.10; port and user have keys of their own",
        min_length=1,
        max_length=253,
    ),
]
"""An address or a name."""

User = Annotated[
    str,
    text_like(
        r"^[a-z_][a-z0-9_-]{0,31}$",
        "must be a login name: a-z, 0-9, '_' and '-', at most 32",
        "write the name alone, like root",
    ),
]
"""A login name."""

HostKey = Annotated[
    str,
    text_like(
        r"^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [ -~]*)?$",
        "must be a public key on one line: its type, then its text",
        "write what `ssh-keyscan HOST` prints, without the host, like ssh-ed25519 AAAA…",
    ),
]
"""A server's public key: `ssh-ed25519 AAAA…`, as `ssh-keyscan` prints it without the host."""

LocalPath = Annotated[
    str,
    text_like(
        r"^[^\x00-\x1f\"%]+$",
        "must be a path on one line, without quotes and percent signs",
        "write it like /srv/mirror/cni-plugins.tgz",
        max_length=4096,
    ),
]
"""A path on the machine that runs the program."""

LinkMtu = Annotated[int, Field(ge=68, le=65535)]
"""Bytes; IPv4 needs 68, IPv6 1280."""

Module = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,55}$",
        "must be a kernel module's name: letters, digits, '_' and '-', at most 56",
        "write the name alone, like 8021q; its options go into a file of /etc/modprobe.d",
    ),
]
Sha256 = Annotated[
    str,
    text_like(
        r"^[0-9a-f]{64}$",
        "must be a SHA-256 checksum: 64 digits of 0-9 and a-f",
        "write what `sha256sum FILE` prints",
    ),
]
BinaryName = Annotated[
    str,
    text_like(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "must be a program's name: letters, digits, '.', '_' and '-', at most 64",
        "write the name alone, like whereabouts",
    ),
]


MirrorUrl = Annotated[
    str,
    text_like(
        r"^https?://[A-Za-z0-9._~:/@%+-]+$",
        "must be an address of http or https, without blanks, query and fragment",
        "write the directory, like https://mirror.example.org/cni",
    ),
]
PluginsVersion = Annotated[
    str, text_like(r"^v\d+\.\d+\.\d+$", "must be a release's version", "write it like v1.9.1")
]
