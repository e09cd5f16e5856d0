"""What a benchmark measured, kept with the machine that it was measured on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any


@dataclasses.dataclass(frozen=True)
class Result:
    """One run of a benchmark.

    Attributes:
        name: of the benchmark.
        machine: what it ran on, in a line.
        data: the raw figures, JSON-able; the benchmark's `report` reads them.
    """

    name: str
    machine: str
    data: Any

    def save(self, directory: Path) -> None:
        """As `<name>.json`, in place of an earlier run's."""
        directory.mkdir(parents=True, exist_ok=True)
        text = json.dumps(dataclasses.asdict(self), indent=1)
        (directory / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")


def load(file: Path) -> Result:
    """What `save` wrote."""
    return Result(**json.loads(file.read_text(encoding="utf-8")))
