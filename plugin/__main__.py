"""Serves multinet's components to the engine, for programs in any Pulumi language."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "components"))

from multinet.component_plugin.provider import serve

serve()
