"""What `multinet validate --json` says to an environment: what a user sees, not a function inside."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from multinet.cli.app import app


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The command's exit code and the findings of its document."""

    code: int
    findings: list[dict[str, Any]]

    @property
    def errors(self) -> dict[str, str]:
        """Path → code of each error."""
        return self._of("error")

    @property
    def warnings(self) -> dict[str, str]:
        """Path → code of each warning."""
        return self._of("warning")

    def _of(self, severity: str) -> dict[str, str]:
        return {f["path"]: f["code"] for f in self.findings if f["severity"] == severity}

    def text(self, code: str) -> str:
        """Rule and way out of the findings with that code."""
        return "\n".join(f"{f['rule']}; {f['wayOut']}" for f in self.findings if f["code"] == code)


def validate(**sections: Any) -> Verdict:
    """Run the command on a stack file with these sections of `multinet:`."""
    config = {f"multinet:{name}": section for name, section in sections.items()}
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "Pulumi.tried.yaml"
        file.write_text(json.dumps({"config": config}))
        ran = CliRunner().invoke(app, ["validate", "-f", str(file), "--json"])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    document = json.loads(ran.stdout)
    assert (ran.exit_code == 0) == document["valid"]
    return Verdict(ran.exit_code, document["findings"])


def network(config: Mapping[str, Any] | str, **keys: Any) -> Verdict:
    """The same for one network called `n`; paths start at its configuration."""
    verdict = validate(networks={"n": {"config": config, **keys}})
    found = [
        {**f, "path": f["path"].removeprefix("multinet:networks.n.").removeprefix("config.")}
        for f in verdict.findings
    ]
    return Verdict(verdict.code, found)
