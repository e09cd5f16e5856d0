"""Maps of shipped environments, made into the site of the pages; nothing of it is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
MAPS = {"edge": PROJECT, "large": PROJECT / "examples" / "large"}
"""Environment → its project's directory."""


def write(directory: Path) -> None:
    """NAME.html for each, as the command writes it. Raises CalledProcessError."""
    directory.mkdir(exist_ok=True)
    start = "from multinet.cli import main; main()"
    for name, project in MAPS.items():
        to = ("-o", str(directory / f"{name}.html"))
        command = [sys.executable, "-c", start, "map", "-C", str(project), "-s", name, *to]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
