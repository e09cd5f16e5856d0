"""Hundreds of networks from a table: one VLAN, one subnet and one network per row."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# multinet of this checkout; in a project of your own it is an installed wheel.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "components"))

from multinet import Environment

TABLE = Path(__file__).with_name("networks.csv")


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and settings of each row's network, as a stack file would have them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            config = {
                "cniVersion": "1.0.0",
                "type": "bridge",
                "bridge": "br-plant",
                "vlan": int(row["vlan"]),
                "mtu": int(row["mtu"]),
                "ipam": {"type": "whereabouts", "range": row["subnet"]},
            }
            yield row["name"], {"namespace": row["namespace"], "config": config}


# The stack's configuration and the table's networks, checked together: a mistake in any row is
# refused with every other one, before anything is created.
environment = Environment.from_config(networks=rows())

# Outputs: what other stacks attach their pods with.
environment.export()
