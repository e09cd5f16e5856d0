"""cnv-bridge and cnv-tuning: what OpenShift Virtualization has people write."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case, main

DOCUMENTED: dict[str, dict[str, Any]] = {
    "cnv-bridge and cnv-tuning": {
        "cniVersion": "0.3.1",
        "name": "br1",
        "plugins": [
            {"type": "cnv-bridge", "bridge": "br1", "vlan": 1928, "ipam": {}},
            {"type": "cnv-tuning"},
        ],
    },
}

BROKEN: dict[str, Case] = {
    "cnv-bridge twins": (
        main("cnv-bridge", hairpinMode=True, promiscMode=True),
        "options-exclude-each-other",
        "promiscMode",
    ),
    "cnv-tuning alone": (main("cnv-tuning"), "chained-plugin-first", "type"),
}

DOUBTFUL: dict[str, Case] = {}
