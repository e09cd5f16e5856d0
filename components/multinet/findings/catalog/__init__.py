"""Every finding's code, with what it means. A code is stable: users write it in `ignore`."""

from __future__ import annotations

from multinet.findings.catalog.across import ACROSS
from multinet.findings.catalog.addresses import ADDRESSES
from multinet.findings.catalog.attachments import ATTACHMENTS
from multinet.findings.catalog.cluster import CLUSTER
from multinet.findings.catalog.configuration import CONFIGURATION
from multinet.findings.catalog.entry import Entry
from multinet.findings.catalog.general import GENERAL
from multinet.findings.catalog.live import LIVE
from multinet.findings.catalog.nodes import NODES
from multinet.findings.catalog.others import OTHERS
from multinet.findings.catalog.plugins import PLUGINS
from multinet.findings.catalog.primary import PRIMARY
from multinet.findings.catalog.stack import STACK

CATALOG: dict[str, Entry] = (
    GENERAL
    | STACK
    | PRIMARY
    | CONFIGURATION
    | ADDRESSES
    | PLUGINS
    | OTHERS
    | ACROSS
    | ATTACHMENTS
    | NODES
    | LIVE
    | CLUSTER
)

__all__ = ["CATALOG", "Entry"]
